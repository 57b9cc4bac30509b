#include "gui/doctor/doctorrow.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/fold.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/pill.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace Roost {

namespace {

Tone toneOf(DoctorVerdict verdict)
{
    switch (verdict) {
    case DoctorVerdict::Good:
        return Tone::Good;
    case DoctorVerdict::Warning:
        return Tone::Warning;
    case DoctorVerdict::Failed:
        return Tone::Danger;
    case DoctorVerdict::Skipped:
        break;
    }
    return Tone::Neutral;
}

QString signOf(DoctorVerdict verdict)
{
    switch (verdict) {
    case DoctorVerdict::Good:
        return QStringLiteral("\u2713");
    case DoctorVerdict::Warning:
        return QStringLiteral("!");
    case DoctorVerdict::Failed:
        return QStringLiteral("\u2715");
    case DoctorVerdict::Skipped:
        break;
    }
    return QStringLiteral("\u2013");
}

QString buttonText(const DoctorFinding &finding)
{
    switch (finding.remedy) {
    case DoctorRemedy::TryAgain:
        return DoctorRow::tr("Try again");
    case DoctorRemedy::EditConnection:
        return DoctorRow::tr("Edit the connection…");
    case DoctorRemedy::UseExternalHost:
    case DoctorRemedy::ChooseRegion:
        return DoctorRow::tr("Use the external name");
    case DoctorRemedy::UseDatabase:
        return DoctorRow::tr("Use this database");
    case DoctorRemedy::TurnOnTls:
        return DoctorRow::tr("Switch encryption and its check on");
    case DoctorRemedy::EnterPassword:
        return DoctorRow::tr("Enter the password…");
    case DoctorRemedy::FetchPassword:
        return DoctorRow::tr("Fetch it from Render");
    case DoctorRemedy::AddMyAddress:
        return DoctorRow::tr("Add this address");
    case DoctorRemedy::ResumeInstance:
        return DoctorRow::tr("Resume the instance");
    case DoctorRemedy::OpenDashboard:
        return DoctorRow::tr("Open the dashboard");
    case DoctorRemedy::None:
    case DoctorRemedy::CopyCommand:
        break;
    }
    return {};
}

constexpr int verdictWidth = 92;
constexpr int layerWidth = 84;

} // namespace

DoctorRow::DoctorRow(DoctorLayer layer, QWidget *parent)
    : QFrame(parent)
    , m_layer(layer)
    , m_verdict(new Pill(QString()))
    , m_found(paragraph({}))
    , m_more(new QVBoxLayout)
{
    setObjectName(QStringLiteral("doctorRow-") + layerId(layer));
    QLabel *name = roleLabel(layerText(layer), "strong");
    name->setFixedWidth(layerWidth);
    m_found->setObjectName(QStringLiteral("doctorFound"));
    m_found->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_verdict->setObjectName(QStringLiteral("doctorVerdict"));
    auto *verdict = new QWidget;
    verdict->setFixedWidth(verdictWidth);
    auto *inVerdict = new QHBoxLayout(verdict);
    inVerdict->setContentsMargins(0, 0, 0, 0);
    inVerdict->addWidget(m_verdict);
    inVerdict->addStretch();
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(Spacing::card, Spacing::unit, Spacing::card, Spacing::unit);
    grid->setHorizontalSpacing(Spacing::unit);
    grid->setVerticalSpacing(0);
    grid->addWidget(verdict, 0, 0, Qt::AlignTop);
    grid->addWidget(name, 0, 1, Qt::AlignTop);
    grid->addWidget(m_found, 0, 2, Qt::AlignTop);
    grid->addLayout(m_more, 1, 2);
    grid->setColumnStretch(2, 1);
    wait();
}

void DoctorRow::clear()
{
    if (m_moreWidget) {
        m_moreWidget->hide();
        m_moreWidget->setObjectName(QString());
        // It may hold the very button whose click brought us here.
        const QList<QWidget *> inside = m_moreWidget->findChildren<QWidget *>();
        for (QWidget *each : inside) {
            each->setObjectName(QString());
        }
        m_moreWidget->deleteLater();
        m_moreWidget = nullptr;
        m_remedy = nullptr;
    }
}

void DoctorRow::wait()
{
    clear();
    m_finding = {};
    m_finding.layer = m_layer;
    m_finding.verdict = DoctorVerdict::Skipped;
    m_verdict->setTone(Tone::Neutral);
    m_verdict->setText(tr("– waits"));
    m_found->clear();
}

void DoctorRow::begin()
{
    wait();
    m_verdict->setTone(Tone::Accent);
    m_verdict->setText(tr("… looks"));
}

void DoctorRow::addText(const QString &text, const char *role, const char *name)
{
    if (text.isEmpty()) {
        return;
    }
    QLabel *label = paragraph(text);
    label->setObjectName(QString::fromLatin1(name));
    label->setProperty("role", QString::fromLatin1(role));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_moreWidget->layout()->addWidget(label);
}

void DoctorRow::show(const DoctorFinding &finding)
{
    clear();
    m_finding = finding;
    m_verdict->setTone(toneOf(finding.verdict));
    m_verdict->setText(signOf(finding.verdict) + u' ' + verdictText(finding.verdict));
    m_found->setText(finding.found);
    m_found->setProperty("role", finding.verdict == DoctorVerdict::Skipped ? QStringLiteral("subtle") : QString());
    Theme::restyle(m_found);
    setAccessibleName(layerText(m_layer) + QStringLiteral(": ") + verdictText(finding.verdict));
    setAccessibleDescription(finding.found);
    if (finding.verdict != DoctorVerdict::Failed && finding.verdict != DoctorVerdict::Warning) {
        return;
    }
    m_moreWidget = new QWidget;
    auto *column = new QVBoxLayout(m_moreWidget);
    column->setContentsMargins(0, Spacing::unit / 2, 0, Spacing::unit / 2);
    column->setSpacing(Spacing::unit / 2);
    addText(finding.why, "subtle", "doctorWhy");
    addText(finding.advice, "strong", "doctorAdvice");
    showRemedy();
    if (!finding.detail.isEmpty()) {
        auto *fold = new Fold;
        auto *detail = new DetailView;
        detail->setText(finding.detail);
        fold->setTitle(tr("Details"));
        fold->setContent(detail);
        column->addWidget(fold);
    }
    m_more->addWidget(m_moreWidget);
}

void DoctorRow::showRemedy()
{
    auto *column = m_moreWidget->layout();
    if (m_finding.remedy == DoctorRemedy::CopyCommand) {
        auto *command = new DetailView;
        command->setObjectName(QStringLiteral("doctorCommand"));
        command->setAccessibleText(tr("What to run"));
        command->setText(m_finding.command);
        command->setVisibleLines(int(m_finding.command.count(u'\n')) + 1);
        column->addWidget(command);
        return;
    }
    const QString text = buttonText(m_finding);
    if (text.isEmpty()) {
        return;
    }
    m_remedy = new QWidget;
    auto *line = new QHBoxLayout(m_remedy);
    line->setContentsMargins(0, Spacing::unit / 2, 0, 0);
    line->setSpacing(Spacing::unit);
    QComboBox *choice = nullptr;
    QLineEdit *typed = nullptr;
    if (m_finding.remedy == DoctorRemedy::AddMyAddress && m_finding.choices.isEmpty()) {
        typed = new QLineEdit;
        typed->setObjectName(QStringLiteral("doctorAddress"));
        typed->setAccessibleName(tr("Your address"));
        typed->setPlaceholderText(QStringLiteral("203.0.113.7"));
        line->addWidget(typed);
    } else if (m_finding.choices.size() > 1 || m_finding.remedy == DoctorRemedy::UseDatabase) {
        choice = new QComboBox;
        choice->setObjectName(QStringLiteral("doctorChoice"));
        choice->setAccessibleName(m_finding.remedy == DoctorRemedy::UseDatabase ? tr("Database") : tr("Region"));
        choice->addItems(m_finding.choices);
        if (m_finding.remedy == DoctorRemedy::ChooseRegion) {
            choice->setPlaceholderText(tr("Choose the region…"));
            choice->setCurrentIndex(-1); // none is likelier than the others
        }
        line->addWidget(choice);
    }
    auto *button = new QPushButton(text);
    button->setObjectName(QStringLiteral("doctorRemedy"));
    button->setAutoDefault(false);
    if (m_finding.verdict == DoctorVerdict::Failed) {
        button->setProperty("kind", QStringLiteral("primary"));
    }
    if (choice) {
        button->setEnabled(choice->currentIndex() >= 0);
        connect(choice, &QComboBox::currentIndexChanged, button,
                [button](int index) { button->setEnabled(index >= 0); });
    }
    line->addWidget(button);
    line->addStretch();
    column->addWidget(m_remedy);
    connect(button, &QPushButton::clicked, this, [this, choice, typed] {
        emit remedyWanted(m_finding, choice  ? choice->currentText()
                                     : typed ? typed->text().trimmed()
                                             : m_finding.choices.value(0));
    });
}

void DoctorRow::setRemedyEnabled(bool enabled)
{
    if (m_remedy) {
        m_remedy->setEnabled(enabled);
    }
}

} // namespace Roost

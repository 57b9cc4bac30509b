#include "gui/migration/askpane.h"

#include "gui/connection/pastefield.h"
#include "gui/connection/secretclipboard.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/toast.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "postgres/connectionstring.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace Roost {

namespace {

void clearGrid(QGridLayout *grid)
{
    while (QLayoutItem *item = grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

Card *cardWith(const QString &title, QLayout *content)
{
    auto *card = new Card;
    card->body()->setSpacing(Spacing::unit);
    card->body()->addWidget(roleLabel(title, "strong"));
    card->body()->addLayout(content);
    return card;
}

} // namespace

AskPane::AskPane(Services &services, QWidget *parent)
    : MigrationPane({}, parent)
    , m_services(services)
    , m_problems(new Notice)
    , m_text(paragraph({}))
    , m_doing(new QGridLayout)
    , m_values(new QGridLayout)
    , m_pasteCard(new Card)
    , m_paste(new PasteField)
    , m_pasteText(paragraph({}))
    , m_folderCard(new Card)
    , m_folder(new QLineEdit)
{
    setObjectName(QStringLiteral("migrationAsk"));
    m_problems->setObjectName(QStringLiteral("askProblems"));
    m_text->setObjectName(QStringLiteral("askText"));
    for (QGridLayout *grid : {m_doing, m_values}) {
        grid->setHorizontalSpacing(Spacing::unit + 4);
        grid->setVerticalSpacing(Spacing::unit);
        grid->setColumnStretch(1, 1);
    }
    m_doingCard = cardWith(tr("What to press"), m_doing);
    m_valuesCard = cardWith(tr("Values to copy"), m_values);
    m_paste->setObjectName(QStringLiteral("askPaste"));
    m_paste->setPlaceholderText(tr("Paste the External URL or the PSQL Command here"));
    m_paste->setAccessibleName(tr("External URL or PSQL Command of the new instance"));
    m_pasteText->setObjectName(QStringLiteral("askPasteText"));
    m_pasteCard->body()->setSpacing(Spacing::unit);
    m_pasteCard->body()->addWidget(roleLabel(tr("The new instance's connection"), "strong"));
    m_pasteCard->body()->addWidget(m_paste);
    m_pasteCard->body()->addWidget(m_pasteText);
    m_folder->setObjectName(QStringLiteral("askFolder"));
    m_folder->setAccessibleName(tr("Folder for the second copies"));
    auto *browse = new QPushButton(tr("&Browse…"));
    browse->setObjectName(QStringLiteral("askBrowse"));
    auto *row = new QHBoxLayout;
    row->setSpacing(Spacing::unit);
    row->addWidget(m_folder, 1);
    row->addWidget(browse);
    m_folderCard->body()->setSpacing(Spacing::unit);
    m_folderCard->body()->addWidget(roleLabel(tr("Folder for the second copies"), "strong"));
    m_folderCard->body()->addLayout(row);
    for (QWidget *part : std::initializer_list<QWidget *>{m_problems, m_text, m_doingCard, m_valuesCard}) {
        body()->addWidget(part);
    }
    addFixed(m_pasteCard);
    addFixed(m_folderCard);
    QPushButton *stop = addButton("askStop", tr("&Save and stop here"));
    stop->setToolTip(tr("All is written down already; go on whenever you like"));
    m_back = addButton("askGoBack", tr("Go &back…"));
    m_done = addButton("askDone", {}, true, "primary");
    connect(stop, &QPushButton::clicked, this, &AskPane::stopWanted);
    connect(m_back, &QPushButton::clicked, this, &AskPane::goBackWanted);
    connect(m_done, &QPushButton::clicked, this, &AskPane::answer);
    connect(browse, &QPushButton::clicked, this, &AskPane::chooseFolder);
    connect(m_folder, &QLineEdit::textChanged, this, &AskPane::update);
    connect(m_folder, &QLineEdit::returnPressed, m_done, &QPushButton::click);
    connect(m_paste, &PasteField::edited, this, &AskPane::takePaste);
    connect(m_paste, &PasteField::settled, this, &AskPane::maskPaste);
}

AskPane::~AskPane() = default;

QString AskPane::headingOf(MigrationQuestion question)
{
    switch (question) {
    case MigrationQuestion::WritersStopped:
        return tr("Stop what writes into the databases");
    case MigrationQuestion::SecondFolder:
        return tr("Where shall the second copies go?");
    case MigrationQuestion::OldDeleted:
        return tr("Suspend or delete the old instance in the dashboard");
    case MigrationQuestion::NewConnection:
        return tr("Create the new instance in the dashboard");
    case MigrationQuestion::VariablesSet:
        return tr("Set the variables of your services");
    case MigrationQuestion::ServicesLive:
        return tr("Deploy your services");
    case MigrationQuestion::StillWritten:
        return tr("Something still writes into the databases");
    case MigrationQuestion::Gate:
        break;
    }
    return tr("Something is to be done by you");
}

QString AskPane::verbOf(MigrationQuestion question)
{
    switch (question) {
    case MigrationQuestion::SecondFolder:
        return tr("Copy &there");
    case MigrationQuestion::NewConnection:
        return tr("Connect and &check");
    case MigrationQuestion::StillWritten:
        return tr("&Try again");
    default:
        return tr("I have &done it");
    }
}

void AskPane::show(const MigrationState &state, const MigrationPause &pause)
{
    const bool isSame = m_pause.question == pause.question && m_pause.step == pause.step;
    m_pause = pause;
    setHeading(headingOf(pause.question));
    if (pause.problems.isEmpty()) {
        m_problems->clear();
    } else {
        m_problems->say(Tone::Warning, tr("Roost looked, and it is not so yet"),
                        QStringLiteral("• ") + pause.problems.join(QStringLiteral("\n• ")));
    }
    m_text->setText(pause.text);
    m_text->setVisible(!pause.text.isEmpty());
    fillDoing(pause.doing);
    fillValues(pause.values);
    m_pasteCard->setVisible(pause.question == MigrationQuestion::NewConnection);
    m_folderCard->setVisible(pause.question == MigrationQuestion::SecondFolder);
    if (!isSame) {
        m_folder->setText(state.plan.secondFolder);
    }
    m_pasted = {};
    m_paste->paste({});
    m_pasteText->hide();
    m_back->setVisible(!state.isPastGate());
    m_done->setText(verbOf(pause.question));
    m_done->setVisible(pause.mayBeAnswered || !pause.problems.isEmpty());
    update();
    scrollToTop();
    setFocusProxy(!m_pasteCard->isHidden()    ? static_cast<QWidget *>(m_paste)
                  : !m_folderCard->isHidden() ? static_cast<QWidget *>(m_folder)
                                              : m_done);
}

void AskPane::fillDoing(const QStringList &doing)
{
    clearGrid(m_doing);
    int row = 0;
    for (const QString &one : doing) {
        QLabel *number = subtleLabel(QString::number(row + 1) + u'.');
        QLabel *text = paragraph(one);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_doing->addWidget(number, row, 0, Qt::AlignRight | Qt::AlignTop);
        m_doing->addWidget(text, row, 1);
        ++row;
    }
    m_doingCard->setVisible(!doing.isEmpty());
}

void AskPane::fillValues(const QList<MigrationValue> &values)
{
    clearGrid(m_values);
    int row = 0;
    QString where;
    for (const MigrationValue &value : values) {
        if (value.where != where && !value.where.isEmpty()) {
            where = value.where;
            m_values->addWidget(roleLabel(where, "small"), row++, 0, 1, 3);
        }
        auto *shown = new QLineEdit(value.text);
        shown->setReadOnly(true);
        shown->setProperty("role", QStringLiteral("mono"));
        shown->setAccessibleName(value.label);
        shown->setCursorPosition(0);
        auto *copy = new QPushButton(tr("Copy"));
        copy->setObjectName(QStringLiteral("copyValue%1").arg(m_values->count()));
        copy->setProperty("valueLabel", value.label);
        copy->setAccessibleName(tr("Copy %1").arg(value.label));
        connect(copy, &QPushButton::clicked, this, [this, value] { this->copy(value); });
        auto *label = new QLabel(value.label);
        label->setTextFormat(Qt::PlainText);
        m_values->addWidget(label, row, 0);
        m_values->addWidget(shown, row, 1);
        m_values->addWidget(copy, row, 2);
        ++row;
    }
    m_valuesCard->setVisible(!values.isEmpty());
}

void AskPane::copy(const MigrationValue &value)
{
    if (value.secret.isEmpty()) {
        QApplication::clipboard()->setText(value.text);
        Toast::say(this, tr("Copied %1.").arg(value.label));
        return;
    }
    SecretClipboard &clipboard = SecretClipboard::instance();
    clipboard.copy(value.secret.reveal());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(clipboard.lifetime()).count();
    Toast::say(this,
               tr("Copied %1. It is taken off the clipboard in %n second(s).", nullptr, int(seconds)).arg(value.label));
}

void AskPane::takePaste(const QString &raw)
{
    m_pasted = raw.trimmed().isEmpty() ? Secret() : Secret(raw.trimmed());
    m_pasteText->hide();
    update();
}

void AskPane::maskPaste()
{
    if (m_pasted.isEmpty() || m_paste->isMasked()) {
        return;
    }
    const auto parsed = parseConnectionString(m_pasted.reveal());
    if (!parsed) {
        m_pasteText->setText(parsed.error().message);
        m_pasteText->setProperty("role", QStringLiteral("danger"));
    } else {
        m_paste->showMasked(maskedUri(parsed->parameters));
        m_pasteText->setText(parsed->password.isEmpty()
                                 ? tr("There is no password in it. Copy it again with the button at the dashboard.")
                                 : tr("Understood. Press Backspace in the field to paste another one."));
        m_pasteText->setProperty("role",
                                 parsed->password.isEmpty() ? QStringLiteral("warning") : QStringLiteral("subtle"));
    }
    Theme::restyle(m_pasteText);
    m_pasteText->show();
    update();
}

void AskPane::chooseFolder()
{
    m_services.prompts->chooseFolder(this, tr("Folder for the second copies"),
                                     m_folder->text().isEmpty() ? QDir::homePath() : m_folder->text(),
                                     [this](const QString &folder) { m_folder->setText(folder); });
}

void AskPane::update()
{
    const bool hasAnswer = m_pause.question == MigrationQuestion::NewConnection ? !m_pasted.isEmpty()
                           : m_pause.question == MigrationQuestion::SecondFolder
                               ? QDir::isAbsolutePath(m_folder->text())
                               : true;
    m_done->setEnabled(hasAnswer);
}

void AskPane::answer()
{
    MigrationAnswer answer;
    answer.question = m_pause.question;
    if (m_pause.question == MigrationQuestion::SecondFolder) {
        answer.text = m_folder->text();
    } else if (m_pause.question == MigrationQuestion::NewConnection) {
        answer.secret = m_pasted;
    } else {
        answer.text = QStringLiteral("yes");
    }
    emit answered(answer);
}

} // namespace Roost

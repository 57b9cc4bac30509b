#include "gui/overview/creationdatedialog.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/instancelist.h"
#include "operations/expiry.h"

#include <QDateEdit>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace Roost {

CreationDateDialog::CreationDateDialog(Services &services, const Profile &profile, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_profile(profile)
    , m_date(new QDateEdit)
    , m_lifetime(new QSpinBox)
    , m_lifetimeText(paragraph({}))
    , m_meaning(paragraph({}))
    , m_notice(new Notice)
{
    setObjectName(QStringLiteral("creationDateDialog"));
    setWindowTitle(tr("When was %1 created?").arg(profile.name));
    m_lifetimeText->setObjectName(QStringLiteral("lifetimeText"));
    m_lifetimeText->setProperty("role", QStringLiteral("subtle"));
    m_meaning->setObjectName(QStringLiteral("creationMeaning"));
    auto *heading = new QLabel(windowTitle());
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    heading->setProperty("role", QStringLiteral("heading"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(heading);
    layout->addWidget(paragraph(tr("Render's dashboard shows the day on the database's page. Roost counts from there, "
                                   "whether it is used or not.")));
    layout->addSpacing(Spacing::unit);
    layout->addLayout(makeFields());
    layout->addWidget(m_lifetimeText);
    layout->addSpacing(Spacing::unit);
    layout->addWidget(m_meaning);
    layout->addWidget(m_notice);
    layout->addSpacing(Spacing::unit);
    layout->addLayout(makeButtons());
    constexpr int usualWidth = 460;
    resize(usualWidth, sizeHint().height());
    connect(m_date, &QDateEdit::dateChanged, this, &CreationDateDialog::explain);
    connect(m_lifetime, &QSpinBox::valueChanged, this, &CreationDateDialog::explain);
    explain();
}

QDateTime CreationDateDialog::now() const
{
    return m_services.instances ? m_services.instances->now(m_profile) : QDateTime::currentDateTimeUtc();
}

QLayout *CreationDateDialog::makeFields()
{
    const QDate today = now().toLocalTime().date();
    m_date->setObjectName(QStringLiteral("creationDate"));
    m_date->setCalendarPopup(true);
    m_date->setMinimumWidth(Spacing::unit * 18);
    m_date->setMaximumDate(today);
    m_date->setDate(m_profile.createdOn.isValid() ? m_profile.createdOn : today);
    m_lifetime->setObjectName(QStringLiteral("lifetimeDays"));
    m_lifetime->setRange(1, 366);
    m_lifetime->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_lifetime->setSuffix(tr(" days"));
    m_lifetime->setValue(m_profile.lifetimeDays > 0 ? m_profile.lifetimeDays : Expiry::usualLifetimeDays);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(Spacing::card);
    grid->setVerticalSpacing(Spacing::unit);
    const auto row = [grid](int at, const QString &text, QWidget *field) {
        auto *label = new QLabel(text);
        label->setBuddy(field);
        grid->addWidget(label, at, 0);
        grid->addWidget(field, at, 1, Qt::AlignLeft);
    };
    row(0, tr("&Created on"), m_date);
    row(1, tr("&Works for"), m_lifetime);
    grid->setColumnStretch(1, 1);
    return grid;
}

QLayout *CreationDateDialog::makeButtons()
{
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    m_save = new QPushButton(tr("&Save the date"));
    m_save->setObjectName(QStringLiteral("saveCreationDate"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    connect(m_save, &QPushButton::clicked, this, &CreationDateDialog::save);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    return buttons;
}

void CreationDateDialog::explain()
{
    const bool isLonger = m_lifetime->value() > Expiry::usualLifetimeDays;
    m_lifetimeText->setText(
        isLonger ? tr("Render gave free databases 90 days until May 2024, and lessons from then still say so; since "
                      "then it is 30. If yours has 30, it is gone before Roost warns you.")
                 : tr("Render gives a free database 30 days. Lessons from before May 2024 say 90, which is no longer "
                      "so."));
    m_lifetimeText->setProperty("role", isLonger ? QStringLiteral("warning") : QStringLiteral("subtle"));
    Theme::restyle(m_lifetimeText);
    const Expiry expiry = expiryFrom(m_date->date(), m_lifetime->value());
    const QLocale locale;
    const QString stops = locale.toString(expiry.stopsOn(), QLocale::LongFormat);
    const QString erased = locale.toString(expiry.erasedOn(), QLocale::LongFormat);
    switch (expiry.stage(now())) {
    case Expiry::Stage::Gone:
        m_meaning->setText(
            tr("A free instance created then stopped working on %1 and was erased on %2.").arg(stops, erased));
        break;
    case Expiry::Stage::Grace:
        m_meaning->setText(
            tr("A free instance created then stopped working on %1 and is erased on %2.").arg(stops, erased));
        break;
    default:
        m_meaning->setText(
            tr("A free instance created then stops working on %1 and is erased on %2.").arg(stops, erased));
        break;
    }
}

void CreationDateDialog::save()
{
    m_save->setEnabled(false);
    m_profile.createdOn = m_date->date();
    m_profile.lifetimeDays = m_lifetime->value() == Expiry::usualLifetimeDays ? 0 : m_lifetime->value();
    m_services.jobs->runQuietly<bool>(
        [profiles = m_services.profiles, profile = m_profile](JobContext &) -> Result<bool> {
            auto done = profiles->save(profile);
            if (!done) {
                return failure(done.error());
            }
            return true;
        },
        this,
        [this](const Result<bool> &done) {
            m_save->setEnabled(true);
            if (!done) {
                m_notice->sayError(tr("The date was not saved."), done.error());
                return;
            }
            emit saved();
            accept();
        });
}

} // namespace Roost

#include "gui/overview/creationdatedialog.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/plaintext.h"

#include <QDateEdit>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

CreationDateDialog::CreationDateDialog(Services &services, const Profile &profile, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_profile(profile)
    , m_date(new QDateEdit)
    , m_meaning(paragraph({}))
    , m_notice(new Notice)
{
    setObjectName(QStringLiteral("creationDateDialog"));
    setWindowTitle(tr("When was %1 created?").arg(profile.name));
    const QDate today = QDate::currentDate();
    m_date->setObjectName(QStringLiteral("creationDate"));
    m_date->setAccessibleName(tr("Created on"));
    m_date->setCalendarPopup(true);
    m_date->setMinimumWidth(Spacing::unit * 18);
    m_date->setMaximumDate(today);
    m_date->setDate(profile.createdOn.isValid() ? profile.createdOn : today);
    auto *label = new QLabel(tr("&Created on"));
    label->setBuddy(m_date);
    m_meaning->setProperty("role", QStringLiteral("subtle"));
    auto *heading = new QLabel(windowTitle());
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    heading->setProperty("role", QStringLiteral("heading"));
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

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(heading);
    layout->addWidget(paragraph(tr("Render's dashboard shows the day on the database's page. Roost counts from there, "
                                   "whether it is used or not.")));
    layout->addWidget(label);
    layout->addWidget(m_date, 0, Qt::AlignLeft);
    layout->addWidget(m_meaning);
    layout->addWidget(m_notice);
    layout->addSpacing(Spacing::unit);
    layout->addLayout(buttons);
    constexpr int usualWidth = 440;
    resize(usualWidth, sizeHint().height());
    connect(m_date, &QDateEdit::dateChanged, this, &CreationDateDialog::explain);
    connect(m_save, &QPushButton::clicked, this, &CreationDateDialog::save);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    explain();
}

void CreationDateDialog::explain()
{
    const Expiry expiry = expiryOf(m_date->date(), QDate::currentDate());
    const QLocale locale;
    m_meaning->setText(tr("A free instance created then stops working on %1 and is erased on %2.")
                           .arg(locale.toString(expiry.stopsOn, QLocale::LongFormat),
                                locale.toString(expiry.erasedOn, QLocale::LongFormat)));
}

void CreationDateDialog::save()
{
    m_save->setEnabled(false);
    m_profile.createdOn = m_date->date();
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

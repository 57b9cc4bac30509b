#include "gui/expiry/clocknotices.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "practice/practicerenderprocess.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr std::chrono::minutes tolerated{5};

} // namespace

QString spanText(std::chrono::seconds span)
{
    const qint64 seconds = qAbs(qint64(span.count()));
    constexpr qint64 minute = 60;
    constexpr qint64 hour = 60 * minute;
    constexpr qint64 day = 24 * hour;
    // An offset is a second short of whole days as often as not.
    if (seconds + minute >= 2 * day || (seconds + minute) / day == 1) {
        return ClockNotices::tr("%Ln day(s)", nullptr, int((seconds + minute) / day));
    }
    return seconds + minute >= hour ? ClockNotices::tr("%Ln hour(s)", nullptr, int((seconds + minute) / hour))
                                    : ClockNotices::tr("%Ln minute(s)", nullptr, int(seconds / minute));
}

ClockNotices::ClockNotices(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Spacing::unit);
    if (services.accounts) {
        connect(services.accounts, &AccountList::listed, this, &ClockNotices::update);
        connect(services.accounts, &AccountList::changed, this, &ClockNotices::update);
    }
    update();
}

void ClockNotices::update()
{
    QHash<QString, Notice *> before = m_notices;
    m_notices.clear();
    const auto entries = m_services.accounts ? m_services.accounts->entries() : QList<AccountList::Entry>();
    for (const AccountList::Entry &entry : entries) {
        const auto offset = entry.overview ? entry.overview->clockOffset : std::chrono::seconds(0);
        const bool isOff = std::chrono::abs(offset) > tolerated;
        if (!entry.overview || (!isOff && !entry.account.isPractice)) {
            continue;
        }
        Notice *notice = before.take(entry.account.id);
        if (!notice) {
            notice = new Notice;
            notice->setObjectName(QStringLiteral("clockNotice"));
            m_column->addWidget(notice);
        }
        m_notices.insert(entry.account.id, notice);
        const QString span = spanText(offset);
        if (entry.account.isPractice) {
            const QString moved = !isOff               ? tr("as this computer's clock")
                                  : offset.count() > 0 ? tr("+%1").arg(span)
                                                       : tr("−%1").arg(span);
            notice->say(Tone::Neutral, tr("Practice time: %1").arg(moved),
                        tr("Thirty days can pass in a minute here: see what becomes of a free instance."));
            QPushButton *on = notice->addButton(QStringLiteral("practiceDayOn"), tr("A day on"));
            connect(on, &QPushButton::clicked, this, [this, id = entry.account.id] { move(id); });
        } else {
            notice->say(Tone::Warning,
                        offset.count() > 0 ? tr("This computer's clock is %1 behind.").arg(span)
                                           : tr("This computer's clock is %1 ahead.").arg(span),
                        tr("Days are counted with Render's time. Set the clock right: certificates are checked with "
                           "it, too."));
        }
    }
    qDeleteAll(before);
    setVisible(!m_notices.isEmpty());
}

void ClockNotices::move(const QString &accountId)
{
    m_services.accounts->access(accountId, this, [this, accountId](const Result<RenderAccess> &access) {
        const auto failed = [this, accountId](const Error &error) {
            if (Notice *notice = m_notices.value(accountId)) {
                notice->sayError(tr("The practice clock was not moved."), error);
            }
        };
        if (!access) {
            failed(access.error());
            return;
        }
        m_services.jobs->runQuietly<QDateTime>(
            [access = *access](JobContext &context) { return movePracticeClock(access, 1, context); }, this,
            [this, accountId, failed](const Result<QDateTime> &now) {
                if (!now) {
                    failed(now.error());
                    return;
                }
                m_services.accounts->refresh(accountId);
            });
    });
}

} // namespace Roost

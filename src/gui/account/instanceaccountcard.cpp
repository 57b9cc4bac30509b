#include "gui/account/instanceaccountcard.h"

#include "gui/account/allowlistdialog.h"
#include "gui/account/renderlinks.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/pill.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/accountnodes.h"
#include "models/instancelist.h"
#include "models/plaintext.h"
#include "operations/expiry.h"
#include "operations/instancechanges.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace Roost {

namespace {

constexpr int percent = 100;

QPushButton *namedButton(const char *name, const QString &text, const QString &hint)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(hint);
    return button;
}

Tone toneOf(BadgeTone tone)
{
    switch (tone) {
    case BadgeTone::Neutral:
        return Tone::Neutral;
    case BadgeTone::Good:
        return Tone::Good;
    case BadgeTone::Warning:
        return Tone::Warning;
    case BadgeTone::Danger:
        return Tone::Danger;
    }
    return Tone::Neutral;
}

QString accessText(const QList<AllowedAddresses> &ranges)
{
    if (ranges.isEmpty()) {
        return InstanceAccountCard::tr("nobody outside of Render may connect");
    }
    const bool isOpen = std::any_of(ranges.begin(), ranges.end(),
                                    [](const AllowedAddresses &one) { return one.cidrBlock == u"0.0.0.0/0"; });
    return isOpen ? InstanceAccountCard::tr("every address may connect, with the password")
                  : InstanceAccountCard::tr("%n range(s) of addresses may connect", nullptr, int(ranges.size()));
}

} // namespace

InstanceAccountCard::InstanceAccountCard(Services &services, const QString &instanceId, QWidget *parent)
    : Card(parent)
    , m_services(services)
    , m_instanceId(instanceId)
    , m_status(new Pill)
    , m_facts(roleLabel({}, "strong"))
    , m_access(roleLabel({}, "small"))
    , m_diskText(roleLabel({}, "small"))
    , m_diskBar(new QProgressBar)
    , m_notice(new Notice)
    , m_suspend(namedButton("suspendInstance", tr("Suspend…"), tr("Switch it off; the data stays")))
    , m_resume(namedButton("resumeInstance", tr("Resume"), tr("Switch it on again")))
    , m_allow(namedButton("allowListButton", tr("Who may connect…"), tr("The allow list of addresses outside Render")))
    , m_fetch(namedButton("fetchConnection", tr("Take the connection from Render"),
                          tr("Address and password as Render has them now; Render records that it was asked")))
    , m_dashboard(namedButton("openDashboard", tr("Open in the dashboard"), tr("Render's own page, in your browser")))
    , m_delete(namedButton("deleteInstance", tr("Delete instance…"), tr("With everything in it, for good")))
{
    build();
    if (m_services.accounts) {
        connect(m_services.accounts, &AccountList::changed, this, &InstanceAccountCard::update);
        connect(m_services.accounts, &AccountList::listed, this, &InstanceAccountCard::update);
    }
    connect(m_services.instances, &InstanceList::listed, this, &InstanceAccountCard::update);
    update();
}

void InstanceAccountCard::build()
{
    setObjectName(QStringLiteral("instanceAccountCard"));
    m_status->setObjectName(QStringLiteral("renderStatus"));
    m_facts->setObjectName(QStringLiteral("renderFacts"));
    m_access->setObjectName(QStringLiteral("renderAccess"));
    m_diskText->setObjectName(QStringLiteral("renderDisk"));
    m_diskBar->setObjectName(QStringLiteral("renderDiskBar"));
    m_diskBar->setRange(0, percent);
    m_diskBar->setTextVisible(false);
    m_diskBar->setAccessibleName(tr("How full the disk is"));
    m_notice->setObjectName(QStringLiteral("renderNotice"));
    body()->setSpacing(Spacing::unit);
    body()->addLayout(buildFacts());
    body()->addWidget(m_notice);
    body()->addLayout(buildButtons());
}

QLayout *InstanceAccountCard::buildFacts()
{
    constexpr int barWidth = 160;
    m_diskBar->setFixedWidth(barWidth);
    auto *head = new QHBoxLayout;
    head->setSpacing(Spacing::card - 4);
    head->addWidget(m_status);
    head->addWidget(m_facts);
    head->addStretch();
    head->addWidget(m_diskBar);
    head->addWidget(m_diskText);
    auto *column = new QVBoxLayout;
    column->setSpacing(Spacing::unit / 2);
    column->addLayout(head);
    column->addWidget(m_access);
    return column;
}

QLayout *InstanceAccountCard::buildButtons()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(Spacing::unit);
    row->addWidget(m_dashboard);
    row->addWidget(m_allow);
    row->addWidget(m_fetch);
    row->addStretch();
    row->addWidget(m_resume);
    row->addWidget(m_suspend);
    row->addSpacing(Spacing::card);
    row->addWidget(m_delete);
    connect(m_suspend, &QPushButton::clicked, this, [this] { emit suspendWanted(renderId()); });
    connect(m_resume, &QPushButton::clicked, this, [this] { emit resumeWanted(renderId()); });
    connect(m_delete, &QPushButton::clicked, this, [this] { emit deleteWanted(renderId()); });
    connect(m_allow, &QPushButton::clicked, this, [this] { emit allowListWanted(renderId()); });
    connect(m_fetch, &QPushButton::clicked, this, [this] { emit fetchWanted(m_instanceId); });
    connect(m_dashboard, &QPushButton::clicked, this, [this] {
        if (const PostgresInstance *shown = instance()) {
            openRenderPage(QUrl(shown->dashboardUrl, QUrl::StrictMode));
        }
    });
    return row;
}

Profile InstanceAccountCard::profile() const
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    return entry ? entry->instance.profile : Profile();
}

QString InstanceAccountCard::renderId() const
{
    return profile().renderId;
}

/// Render suspends such a one; but resuming it does not help.
bool InstanceAccountCard::hasExpired(const PostgresInstance &shown) const
{
    return !shown.isAvailable() && expiryOf(shown).isOver(m_services.instances->now(profile()));
}

const PostgresInstance *InstanceAccountCard::instance() const
{
    return m_services.accounts ? m_services.accounts->instance(renderId()).second : nullptr;
}

void InstanceAccountCard::refresh()
{
    m_diskOf.clear();
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    if (m_services.accounts && entry && !entry->instance.profile.accountId.isEmpty()) {
        m_services.accounts->refresh(entry->instance.profile.accountId);
    }
}

void InstanceAccountCard::update()
{
    const PostgresInstance *shown = instance();
    setVisible(shown);
    if (!shown) {
        return;
    }
    m_status->setText(instanceStatusText(*shown));
    m_status->setTone(toneOf(instanceStatusTone(*shown)));
    QStringList facts{tr("%1 plan").arg(planText(shown->plan)), regionText(shown->region),
                      tr("PostgreSQL %1").arg(shown->version)};
    facts.removeAll(QString());
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_suspend->setVisible(!shown->isSuspended);
    m_suspend->setEnabled(shown->isAvailable());
    m_resume->setVisible(shown->isSuspended && !hasExpired(*shown));
    m_dashboard->setEnabled(isRenderPage(QUrl(shown->dashboardUrl, QUrl::StrictMode)));
    m_fetch->setEnabled(shown->isAvailable());
    updateAccess(*shown);
    updateDisk();
    if (m_diskOf != shown->id && shown->isAvailable()) {
        m_diskOf = shown->id;
        readDisk();
    }
}

void InstanceAccountCard::updateAccess(const PostgresInstance &shown)
{
    m_access->setText(accessText(shown.allowedAddresses));
    const AccountList::Entry *account = m_services.accounts->instance(shown.id).first;
    const QStringList own = ownAddresses(account->account.api);
    const auto outside = std::find_if(
        own.begin(), own.end(), [&](const QString &address) { return !isAllowed(address, shown.allowedAddresses); });
    if (hasExpired(shown)) {
        m_notice->say(Tone::Danger, tr("It has expired: nothing can connect"),
                      expiredText(expiryOf(shown), m_services.instances->now(profile())));
    } else if (shown.isSuspended) {
        m_notice->say(Tone::Warning, tr("It is suspended: nothing can connect"),
                      tr("Its data is kept. Resume it to look into it or to back it up."));
    } else if (shown.isAvailable() && outside != own.end()) {
        m_notice->say(Tone::Warning, tr("Your address %1 is not on its allow list").arg(*outside),
                      tr("Roost cannot connect from this computer until it is."));
        connect(m_notice->addButton(QStringLiteral("allowOwnAddress"), tr("Add it")), &QPushButton::clicked, this,
                [this, id = shown.id, address = *outside] { emit ownAddressWanted(id, address); });
    } else if (shown.isAvailable() && shown.allowedAddresses.isEmpty()) {
        m_notice->say(Tone::Warning, tr("Its allow list is empty: nobody outside of Render can connect"),
                      tr("Neither can Roost. Put your address on it."));
        connect(m_notice->addButton(QStringLiteral("editAllowList"), tr("Who may connect…")), &QPushButton::clicked,
                this, [this, id = shown.id] { emit allowListWanted(id); });
    } else {
        m_notice->clear();
    }
}

void InstanceAccountCard::readDisk()
{
    const auto [account, shown] = m_services.accounts->instance(renderId());
    m_services.accounts->access(account->account.id, this,
                                [this, instance = *shown](const Result<RenderAccess> &access) {
                                    if (!access) {
                                        return;
                                    }
                                    m_services.jobs->runQuietly<InstanceDisk>(
                                        [access = *access, instance](JobContext &context) {
                                            return readInstanceDisk(access, instance, context);
                                        },
                                        this,
                                        [this](const Result<InstanceDisk> &disk) {
                                            m_disk = disk ? std::optional(*disk) : std::nullopt;
                                            updateDisk();
                                        });
                                });
}

void InstanceAccountCard::updateDisk()
{
    const bool isKnown = m_disk && m_disk->usedBytes >= 0;
    const bool hasLimit = isKnown && m_disk->capacityBytes > 0;
    m_diskText->setVisible(isKnown);
    m_diskBar->setVisible(hasLimit);
    if (!isKnown) {
        return;
    }
    const QString used = sizeText(m_disk->usedBytes);
    m_diskText->setText(!hasLimit ? tr("%1 used").arg(used)
                        : m_disk->isMeasured
                            ? tr("%1 of %2 disk").arg(used, sizeText(m_disk->capacityBytes))
                            : tr("%1 in tables, of %2 disk").arg(used, sizeText(m_disk->capacityBytes)));
    if (hasLimit) {
        constexpr int nearlyFull = 85;
        const int fill = int(qBound(qint64(0), m_disk->usedBytes * percent / m_disk->capacityBytes, qint64(percent)));
        m_diskBar->setValue(fill);
        m_diskBar->setProperty("tone", fill >= nearlyFull ? QStringLiteral("danger") : QString());
        Theme::restyle(m_diskBar);
    }
}

} // namespace Roost

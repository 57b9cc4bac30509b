#include "gui/expiry/expirypage.h"

#include "gui/dialogs/notice.h"
#include "gui/expiry/clocknotices.h"
#include "gui/expiry/expirycard.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/emptystate.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/instancelist.h"
#include "operations/expirycalendar.h"
#include "operations/stalebackups.h"
#include "storage/paths.h"

#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace Roost {

ExpiryPage::ExpiryPage(Services &services, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_calendar(new QPushButton(tr("Add to &calendar…")))
    , m_notice(new Notice)
    , m_clocks(new ClockNotices(services))
    , m_empty(new EmptyState(QStringLiteral("view-calendar-day"), tr("No free instance is known"),
                             tr("A free PostgreSQL of Render's stops working after 30 days and is erased 14 days "
                                "later. Add its connection or your account, and Roost counts the days here.")))
    , m_stack(new QStackedWidget)
{
    setObjectName(QStringLiteral("expiryPage"));
    m_notice->setObjectName(QStringLiteral("expiryNotice"));
    QPushButton *add = m_empty->addButton(QStringLiteral("expiryAdd"), tr("Add a connection…"), true);
    connect(add, &QPushButton::clicked, this, &ExpiryPage::addWanted);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(buildList());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(buildBar());
    column->addWidget(hairline());
    column->addWidget(m_stack, 1);
    connect(services.instances, &InstanceList::listed, this, &ExpiryPage::update);
    connect(services.instances, &InstanceList::changed, this, &ExpiryPage::update);
    if (services.accounts) {
        connect(services.accounts, &AccountList::listed, this, &ExpiryPage::update);
        connect(services.accounts, &AccountList::changed, this, &ExpiryPage::update);
    }
    connect(services.jobs, &JobRunner::added, this,
            [this](Job *job) { connect(job, &Job::ended, this, &ExpiryPage::readBackups); });
    update();
}

void ExpiryPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    readBackups(); // a timer may have made some
}

QLayout *ExpiryPage::buildBar()
{
    m_calendar->setObjectName(QStringLiteral("expiryCalendar"));
    m_calendar->setToolTip(tr("Write the days into a file that any calendar takes in (.ics)"));
    auto *reminders = new QPushButton(tr("&Reminders…"));
    reminders->setObjectName(QStringLiteral("expiryReminders"));
    reminders->setToolTip(tr("Who reminds you, and when"));
    connect(m_calendar, &QPushButton::clicked, this, &ExpiryPage::saveCalendar);
    connect(reminders, &QPushButton::clicked, this, &ExpiryPage::remindersWanted);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Spacing::page, Spacing::page - 6, Spacing::page, Spacing::card);
    bar->setSpacing(Spacing::unit);
    bar->addWidget(titleLabel(tr("Expiry")));
    bar->addStretch();
    bar->addWidget(m_calendar);
    bar->addWidget(reminders);
    return bar;
}

QWidget *ExpiryPage::buildList()
{
    auto *inner = new QWidget;
    inner->setProperty("page", true);
    constexpr int widest = 900;
    auto *narrow = new QWidget;
    narrow->setMaximumWidth(widest);
    m_column = new QVBoxLayout(narrow);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Spacing::card);
    auto *outer = new QVBoxLayout(inner);
    m_outer = outer;
    outer->setContentsMargins(Spacing::page, Spacing::card, Spacing::page, Spacing::page);
    outer->setSpacing(Spacing::card);
    outer->addWidget(m_notice);
    outer->addWidget(m_clocks);
    outer->addWidget(narrow);
    outer->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("expiryScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(inner);
    setFocusProxy(scroll);
    return scroll;
}

void ExpiryPage::addBanner(QWidget *banner)
{
    m_outer->insertWidget(0, banner);
}

void ExpiryPage::setCanMove(bool can)
{
    m_canMove = can;
    for (ExpiryCard *card : std::as_const(m_cards)) {
        card->setCanMove(can);
    }
}

void ExpiryPage::refresh()
{
    m_services.instances->reload();
    if (m_services.accounts) {
        const auto &entries = m_services.accounts->entries();
        QStringList ids;
        for (const AccountList::Entry &entry : entries) {
            ids += entry.account.id;
        }
        for (const QString &id : std::as_const(ids)) {
            m_services.accounts->refresh(id);
        }
    }
    readBackups();
}

void ExpiryPage::readBackups()
{
    if (!m_services.backups) {
        return;
    }
    m_services.jobs->runQuietly<QList<ListedBackup>>(
        [catalog = *m_services.backups](JobContext &) { return listBackups(catalog, Paths::backups()); }, this,
        [this](const Result<QList<ListedBackup>> &backups) {
            if (!backups) {
                m_notice->sayError(tr("The list of backups could not be read"), backups.error());
                return;
            }
            m_backups = *backups;
            m_hasBackups = true;
            update();
        });
}

QStringList ExpiryPage::databasesOf(const Profile &profile) const
{
    QStringList names = m_services.instances->databaseNames(profile.id);
    if (names.isEmpty()) { // not connected: those that were ever backed up, and its own
        names = databasesIn(m_backups, profile.id);
        if (!profile.parameters.database.isEmpty()) {
            names += profile.parameters.database;
        }
        names.removeDuplicates();
    }
    return names;
}

ExpiryCard *ExpiryPage::makeCard(const QString &id)
{
    auto *card = new ExpiryCard;
    card->setProperty("instanceId", id);
    card->setCanMove(m_canMove);
    connect(card, &ExpiryCard::opened, this, [this, id] { emit instanceOpened(id); });
    connect(card, &ExpiryCard::backUpWanted, this, [this, id] { emit backUpWanted(id); });
    connect(card, &ExpiryCard::moveWanted, this, [this, id] { emit migrationWanted(id); });
    connect(card, &ExpiryCard::creationDateWanted, this, [this, id] { emit creationDateWanted(id); });
    connect(card, &ExpiryCard::dashboardWanted, this, [this, id] {
        for (const ExpiringInstance &one : std::as_const(m_instances)) {
            if (one.profile.id == id) {
                emit dashboardWanted(one.profile.renderId);
            }
        }
    });
    return card;
}

void ExpiryPage::update()
{
    QList<Profile> profiles;
    for (const InstanceList::Entry &entry : m_services.instances->entries()) {
        if (!entry.instance.isPractice) {
            profiles += entry.instance.profile;
        }
    }
    QList<AccountOverview> accounts;
    if (m_services.accounts) {
        for (const AccountList::Entry &entry : m_services.accounts->entries()) {
            if (entry.overview) {
                accounts += *entry.overview;
            }
        }
    }
    m_instances = expiringInstances(profiles, accounts, m_services.instances->clock());
    QHash<QString, ExpiryCard *> before = m_cards;
    m_cards.clear();
    bool hasEnd = false;
    for (int place = 0; place < m_instances.size(); ++place) {
        const ExpiringInstance &one = m_instances.at(place);
        ExpiryCard *card = before.take(one.profile.id);
        card = card ? card : makeCard(one.profile.id);
        if (m_column->indexOf(card) != place) {
            m_column->insertWidget(place, card);
        }
        card->show(one, provenState(m_backups, one.profile.id, databasesOf(one.profile)), m_hasBackups);
        m_cards.insert(one.profile.id, card);
        hasEnd = hasEnd || (one.expiry.isKnown() && one.expiry.stage(one.now) != Expiry::Stage::Gone);
    }
    qDeleteAll(before);
    m_calendar->setEnabled(hasEnd);
    m_stack->setCurrentIndex(m_instances.isEmpty() ? 0 : 1);
    emit statusChanged();
}

void ExpiryPage::saveCalendar()
{
    m_services.prompts->saveFile(
        this, tr("Add to calendar"), QDir::home().filePath(QStringLiteral("roost-expiry.ics")), tr("Calendars (*.ics)"),
        [this](const QString &file) {
            m_services.jobs->runQuietly<bool>(
                [instances = m_instances, file](JobContext &) -> Result<bool> {
                    return writeExpiryCalendar(instances, file).map([] { return true; });
                },
                this,
                [this, file](const Result<bool> &written) {
                    if (!written) {
                        m_notice->sayError(tr("The calendar was not written."), written.error());
                        return;
                    }
                    m_notice->say(Tone::Good, tr("Written to %1.").arg(QFileInfo(file).fileName()),
                                  tr("Open the file with your calendar, and it reminds you on the same days as Roost. "
                                     "Write it again after a move: the events are replaced."));
                });
        });
}

} // namespace Roost

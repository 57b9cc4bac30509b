#include "gui/account/accountpage.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/pill.h"
#include "gui/widgets/plaintable.h"
#include "models/accountlist.h"
#include "models/accountnodes.h"
#include "models/plaintext.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int refusedKey = 401;

QPushButton *namedButton(const char *name, const QString &text, const QString &hint = {})
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(hint);
    return button;
}

QString ownerName(const AccountOverview &overview, const QString &ownerId)
{
    for (const Owner &owner : overview.owners) {
        if (owner.id == ownerId) {
            return owner.name;
        }
    }
    return ownerId;
}

QString serviceType(const QString &type)
{
    return type == u"web_service"         ? AccountPage::tr("web service")
           : type == u"private_service"   ? AccountPage::tr("private service")
           : type == u"background_worker" ? AccountPage::tr("background worker")
           : type == u"cron_job"          ? AccountPage::tr("cron job")
           : type == u"static_site"       ? AccountPage::tr("static site")
                                          : type;
}

QWidget *cardOf(PlainTable *table)
{
    auto *card = new Card;
    card->body()->setContentsMargins(2, 2, 2, 2);
    card->body()->addWidget(table);
    return card;
}

QString idAt(const PlainTable *table, const QModelIndex &index)
{
    return table->model()->index(index.row(), 0).data(Qt::UserRole).toString();
}

void addRow(PlainTable *table, const QString &id, const QStringList &cells)
{
    table->addRow(cells);
    auto *rows = qobject_cast<QStandardItemModel *>(table->model());
    rows->item(rows->rowCount() - 1, 0)->setData(id, Qt::UserRole);
}

void clearRows(PlainTable *table)
{
    qobject_cast<QStandardItemModel *>(table->model())->setRowCount(0);
}

} // namespace

AccountPage::AccountPage(Services &services, const QString &accountId, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_accountId(accountId)
    , m_title(titleLabel({}))
    , m_pill(new Pill(tr("practice"), Tone::Neutral))
    , m_facts(subtleLabel({}))
    , m_notice(new Notice)
    , m_create(namedButton("createInstance", tr("Create an instance…")))
    , m_refresh(namedButton("refreshAccount", tr("Refresh"), tr("Read it again (F5)")))
    , m_remove(namedButton("removeAccount", tr("Remove account…"), tr("Forget the account and its key")))
    , m_instancesHeading(headingLabel(tr("Instances")))
    , m_instances(new PlainTable(
          {tr("Name"), tr("Status"), tr("Plan"), tr("Region"), tr("Version"), tr("Workspace"), tr("Stops working")}))
    , m_servicesHeading(headingLabel(tr("Services")))
    , m_servicesTable(new PlainTable({tr("Name"), tr("Type"), tr("Status"), tr("Region"), tr("Address")}))
{
    setObjectName(QStringLiteral("accountPage"));
    auto *inner = new QWidget;
    inner->setProperty("page", true);
    auto *column = new QVBoxLayout(inner);
    column->setContentsMargins(Spacing::page, Spacing::page - 6, Spacing::page, Spacing::page);
    column->setSpacing(Spacing::card);
    column->addLayout(buildHead());
    m_notice->setObjectName(QStringLiteral("accountPageNotice"));
    column->addWidget(m_notice);
    buildTables(column);
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(inner);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    connect(services.accounts, &AccountList::changed, this, [this](const QString &changed) {
        if (changed == m_accountId) {
            update();
        }
    });
    connect(services.accounts, &AccountList::listed, this, [this] {
        if (m_services.accounts->find(m_accountId)) {
            update();
        } else {
            emit closeWanted();
        }
    });
    update();
}

QLayout *AccountPage::buildHead()
{
    auto *head = new QHBoxLayout;
    head->setSpacing(Spacing::card - 4);
    m_title->setObjectName(QStringLiteral("accountTitle"));
    m_facts->setObjectName(QStringLiteral("accountFacts"));
    m_facts->setWordWrap(true);
    m_pill->setLarge();
    m_create->setProperty("kind", QStringLiteral("primary"));
    head->addWidget(m_title);
    head->addWidget(m_pill);
    head->addStretch();
    head->addWidget(m_refresh);
    head->addWidget(m_create);
    head->addSpacing(Spacing::card);
    head->addWidget(m_remove);
    connect(m_refresh, &QPushButton::clicked, this, &AccountPage::refresh);
    connect(m_create, &QPushButton::clicked, this, [this] { emit createInstanceWanted(m_accountId, {}); });
    connect(m_remove, &QPushButton::clicked, this, [this] { emit removeWanted(m_accountId); });
    auto *column = new QVBoxLayout;
    column->setSpacing(Spacing::unit);
    column->addLayout(head);
    column->addWidget(m_facts);
    return column;
}

void AccountPage::buildTables(QVBoxLayout *column)
{
    m_instances->setObjectName(QStringLiteral("accountInstances"));
    m_instances->setAccessibleName(tr("Instances"));
    m_servicesTable->setObjectName(QStringLiteral("accountServices"));
    m_servicesTable->setAccessibleName(tr("Services"));
    m_instancesHeading->setObjectName(QStringLiteral("instancesHeading"));
    m_servicesHeading->setObjectName(QStringLiteral("servicesHeading"));
    column->addWidget(m_instancesHeading);
    column->addWidget(cardOf(m_instances));
    column->addWidget(m_servicesHeading);
    column->addWidget(cardOf(m_servicesTable));
    connect(m_instances, &QTableView::activated, this,
            [this](const QModelIndex &index) { emit instanceOpened(idAt(m_instances, index)); });
    connect(m_servicesTable, &QTableView::activated, this,
            [this](const QModelIndex &index) { emit serviceOpened(m_accountId, idAt(m_servicesTable, index)); });
}

QString AccountPage::statusText() const
{
    const AccountList::Entry *entry = m_services.accounts->find(m_accountId);
    if (!entry || !entry->overview) {
        return {};
    }
    return tr("%1, %2").arg(tr("%n instance(s)", nullptr, int(entry->overview->instances.size())),
                            tr("%n service(s)", nullptr, int(entry->overview->services.size())));
}

void AccountPage::refresh()
{
    m_services.accounts->refresh(m_accountId);
}

void AccountPage::update()
{
    const AccountList::Entry *entry = m_services.accounts->find(m_accountId);
    if (!entry) {
        return;
    }
    m_title->setText(entry->account.name);
    m_pill->setVisible(entry->account.isPractice);
    m_refresh->setEnabled(!entry->isReading);
    m_refresh->setText(entry->isReading ? tr("Reading…") : tr("Refresh"));
    QStringList facts;
    if (!entry->account.email.isEmpty()) {
        facts += entry->account.email;
    }
    if (entry->overview) {
        QStringList workspaces;
        for (const Owner &owner : entry->overview->owners) {
            workspaces += owner.name;
        }
        facts += workspaces.size() == 1 ? tr("workspace %1").arg(workspaces.first())
                                        : tr("workspaces %1").arg(workspaces.join(QStringLiteral(", ")));
        facts += tr("read %1").arg(ageText(entry->overview->readAt, QDateTime::currentDateTimeUtc()));
    }
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_create->setEnabled(entry->overview && !entry->overview->owners.isEmpty());
    updateNotice();
    fillTables();
    emit statusChanged();
}

void AccountPage::updateNotice()
{
    const AccountList::Entry *entry = m_services.accounts->find(m_accountId);
    if (entry->hasFailed) {
        m_notice->sayError(entry->overview ? tr("It could not be read again; below is what was there before")
                                           : tr("The account could not be read"),
                           entry->error);
        const bool wantsKey = entry->error.httpStatus == refusedKey || entry->error.code == ErrorCode::SecretMissing ||
                              entry->error.code == ErrorCode::KeychainAbsent ||
                              entry->error.code == ErrorCode::KeychainLocked ||
                              entry->error.code == ErrorCode::KeychainRefused;
        connect(m_notice->addButton(QStringLiteral("retryAccount"), tr("Try again")), &QPushButton::clicked, this,
                &AccountPage::refresh);
        if (entry->account.isPractice) {
            connect(m_notice->addButton(QStringLiteral("startPracticeAccount"), tr("Start the practice account")),
                    &QPushButton::clicked, this, [this] { emit practiceWanted(m_accountId); });
        } else if (wantsKey) {
            connect(m_notice->addButton(QStringLiteral("giveKey"), tr("Give the key again…")), &QPushButton::clicked,
                    this, [this] { emit keyWanted(m_accountId); });
        }
    } else if (entry->overview && !entry->overview->gaps.isEmpty()) {
        m_notice->say(Tone::Warning, tr("Not everything could be read"), entry->overview->gaps.join(u'\n'));
    } else if (!entry->overview) {
        m_notice->say(Tone::Neutral, tr("Reading…"));
    } else {
        m_notice->clear();
    }
}

void AccountPage::fillTables()
{
    const AccountList::Entry *entry = m_services.accounts->find(m_accountId);
    const AccountOverview overview = entry->overview.value_or(AccountOverview());
    clearRows(m_instances);
    for (const PostgresInstance &instance : overview.instances) {
        const QString stops = instance.expiresAt.isValid() ? QLocale().toString(instance.expiresAt.toLocalTime().date(),
                                                                                QStringLiteral("d MMM yyyy"))
                              : instance.isFree()          ? tr("not told")
                                                           : tr("never");
        addRow(m_instances, instance.id,
               {instance.name, instanceStatusText(instance), planText(instance.plan), regionText(instance.region),
                instance.version, ownerName(overview, instance.owner.id), stops});
    }
    clearRows(m_servicesTable);
    for (const Service &service : overview.services) {
        addRow(m_servicesTable, service.id,
               {service.name, serviceType(service.type), service.isSuspended ? tr("suspended") : tr("on"),
                regionText(service.region), service.url});
    }
    m_instances->fit();
    m_servicesTable->fit();
    const bool isRead = entry->overview.has_value();
    m_instancesHeading->setVisible(isRead);
    m_instances->parentWidget()->setVisible(!overview.instances.isEmpty());
    m_instancesHeading->setText(overview.instances.isEmpty() ? tr("No instances yet") : tr("Instances"));
    m_servicesHeading->setVisible(isRead);
    m_servicesTable->parentWidget()->setVisible(!overview.services.isEmpty());
    m_servicesHeading->setText(overview.services.isEmpty() ? tr("No services yet") : tr("Services"));
}

} // namespace Roost

#include "gui/overview/instancepage.h"

#include "gui/account/instanceaccountcard.h"
#include "gui/dialogs/notice.h"
#include "gui/overview/lastbackupcard.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/expirytone.h"
#include "gui/widgets/pill.h"
#include "gui/widgets/plaintable.h"
#include "models/accountlist.h"
#include "models/accountnodes.h"
#include "models/databasesmodel.h"
#include "models/instancelist.h"
#include "models/plaintext.h"
#include "postgres/connectionstring.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace Roost {

namespace {

QPushButton *namedButton(const QString &name, const QString &text, const QString &hint = {})
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    button->setToolTip(hint);
    return button;
}

QString longDate(const QDate &date)
{
    return QLocale().toString(date, QStringLiteral("d MMM yyyy"));
}

} // namespace

InstancePage::InstancePage(Services &services, const QString &instanceId, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_instanceId(instanceId)
    , m_model(new DatabasesModel(services.instances, instanceId, this))
    , m_title(titleLabel({}))
    , m_badge(new Pill)
    , m_tlsBadge(new Pill(tr("certificate not checked"), Tone::Warning))
    , m_facts(subtleLabel({}))
    , m_notice(new Notice)
    , m_accountCard(new InstanceAccountCard(services, instanceId))
    , m_expiryCard(new Card)
    , m_expiryHead(roleLabel(tr("Stops working on"), "small"))
    , m_expiryDate(roleLabel({}, "figure"))
    , m_expiryText(roleLabel({}, "small"))
    , m_tellDate(namedButton(QStringLiteral("tellCreationDate"), tr("Tell Roost when it was created…")))
    , m_backupCard(new LastBackupCard(services, instanceId))
    , m_storageCard(new Card)
    , m_storage(roleLabel({}, "figure"))
    , m_storageText(roleLabel({}, "small"))
    , m_table(new PlainTable)
    , m_databasesHeading(headingLabel(tr("Databases")))
    , m_create(namedButton(QStringLiteral("overviewCreateDatabase"), tr("Create database…")))
    , m_backUp(namedButton(QStringLiteral("overviewBackUp"), tr("Back up…"), tr("Back up the chosen database")))
    , m_move(namedButton(QStringLiteral("overviewMove"), tr("Move…"),
                         tr("To a new instance, with everything in it (Ctrl+Alt+M)")))
    , m_practice(namedButton(QStringLiteral("overviewPractice"), tr("Stop practice")))
{
    setObjectName(QStringLiteral("instancePage"));
    auto *inner = new QWidget;
    inner->setProperty("page", true);
    auto *column = new QVBoxLayout(inner);
    m_column = column;
    column->setContentsMargins(Spacing::page, Spacing::page - 6, Spacing::page, Spacing::page);
    column->setSpacing(Spacing::card);
    column->addLayout(buildHead());
    m_notice->setObjectName(QStringLiteral("instanceNotice"));
    column->addWidget(m_notice);
    column->addWidget(m_accountCard);
    column->addLayout(buildCards());
    buildDatabases(column);
    column->addStretch(1); // more than the cards, which would grow otherwise
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(inner);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);

    const auto mine = [this](const QString &changed) {
        if (changed == m_instanceId) {
            update();
        }
    };
    connect(services.instances, &InstanceList::changed, this, mine);
    if (services.accounts) {
        connect(services.accounts, &AccountList::changed, this, [this] {
            if (m_services.instances->find(m_instanceId)) {
                updateNotice();
            }
        });
    }
    connect(services.instances, &InstanceList::listed, this, [this] {
        if (m_services.instances->find(m_instanceId)) {
            update();
        } else {
            emit closeWanted();
        }
    });
    update();
}

QLayout *InstancePage::buildHead()
{
    auto *head = new QHBoxLayout;
    head->setSpacing(Spacing::card - 4);
    m_title->setObjectName(QStringLiteral("instanceTitle"));
    m_badge->setObjectName(QStringLiteral("instanceBadge"));
    m_badge->setLarge();
    m_tlsBadge->setLarge();
    m_backUp->setProperty("kind", QStringLiteral("primary"));
    head->addWidget(m_title);
    head->addWidget(m_badge);
    head->addWidget(m_tlsBadge);
    head->addStretch();
    head->addWidget(m_practice);
    head->addWidget(m_move);
    head->addWidget(m_create);
    head->addWidget(m_backUp);
    connect(m_move, &QPushButton::clicked, this, [this] { emit migrationWanted(m_instanceId); });
    connect(m_create, &QPushButton::clicked, this, [this] { emit createDatabaseWanted(m_instanceId); });
    connect(m_backUp, &QPushButton::clicked, this, [this] {
        const QString chosen = m_model->databaseAt(m_table->currentIndex().row());
        emit backUpWanted(m_instanceId, chosen.isEmpty() ? m_model->databaseAt(0) : chosen);
    });
    connect(m_practice, &QPushButton::clicked, this, [this] {
        const bool isStopped = m_services.instances->practice() == InstanceList::Practice::Stopped;
        isStopped ? emit practiceStartWanted() : emit practiceStopWanted();
    });
    m_facts->setObjectName(QStringLiteral("instanceFacts"));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setWordWrap(true);
    auto *column = new QVBoxLayout;
    column->setSpacing(Spacing::unit);
    column->addLayout(head);
    column->addWidget(m_facts);
    return column;
}

QLayout *InstancePage::buildCards()
{
    auto *cards = new QHBoxLayout;
    cards->setSpacing(Spacing::card);
    m_expiryCard->setObjectName(QStringLiteral("expiryCard"));
    m_expiryCard->body()->addWidget(m_expiryHead);
    m_expiryDate->setObjectName(QStringLiteral("expiryDate"));
    m_expiryText->setObjectName(QStringLiteral("expiryText"));
    m_expiryCard->body()->addWidget(m_expiryDate);
    m_expiryText->setWordWrap(true);
    m_expiryCard->body()->addWidget(m_expiryText);
    m_expiryCard->body()->addWidget(m_tellDate, 0, Qt::AlignLeft);
    m_expiryCard->body()->addStretch();
    connect(m_tellDate, &QPushButton::clicked, this, [this] { emit creationDateWanted(m_instanceId); });
    m_storageCard->setObjectName(QStringLiteral("storageCard"));
    m_storageCard->body()->addWidget(roleLabel(tr("Storage"), "small"));
    m_storageCard->body()->addWidget(m_storage);
    m_storageCard->body()->addWidget(m_storageText);
    m_storageCard->body()->addStretch();
    connect(m_backupCard, &LastBackupCard::backupsWanted, this, &InstancePage::backupsWanted);
    constexpr int columns = 4;
    cards->addWidget(m_expiryCard, 1);
    cards->addWidget(m_storageCard, 1);
    cards->addWidget(m_backupCard, 1);
    cards->addStretch(columns - 3);
    return cards;
}

void InstancePage::buildDatabases(QVBoxLayout *column)
{
    column->addWidget(m_databasesHeading);
    auto *card = new Card;
    card->setObjectName(QStringLiteral("databasesCard"));
    card->body()->setContentsMargins(2, 2, 2, 2);
    m_table->setObjectName(QStringLiteral("databasesTable"));
    m_table->setAccessibleName(tr("Databases"));
    m_table->setModel(m_model);
    card->body()->addWidget(m_table);
    column->addWidget(card);
    const auto open = [this](const QModelIndex &index) {
        emit databaseOpened(m_instanceId, m_model->databaseAt(index.row()));
    };
    connect(m_table, &QTableView::activated, this, open);
    connect(m_model, &QAbstractItemModel::modelReset, m_table, &PlainTable::fit);
}

void InstancePage::addBanner(QWidget *banner)
{
    m_column->insertWidget(1, banner);
}

QString InstancePage::database() const
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    return entry ? entry->instance.profile.parameters.database : QString();
}

QString InstancePage::statusText() const
{
    const int count = m_model->rowCount();
    return count == 0 ? QString() : count == 1 ? tr("1 database") : tr("%1 databases").arg(count);
}

void InstancePage::refresh()
{
    m_accountCard->refresh();
    if (mayConnect(m_services.accounts, m_services.instances->find(m_instanceId)->instance.profile)) {
        m_services.instances->open(m_instanceId);
    }
}

void InstancePage::setShowsSystem(bool shows)
{
    m_model->setShowsSystem(shows);
}

void InstancePage::update()
{
    updateHead();
    updateExpiry();
    updateStorage();
    updateNotice();
    emit statusChanged();
}

QString InstancePage::factsText() const
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    const ConnectionParameters &parameters = entry->instance.profile.parameters;
    QStringList facts;
    if (entry->server) {
        facts += tr("PostgreSQL %1").arg(entry->server->versionText);
    }
    if (!parameters.host.isEmpty()) {
        facts += entry->instance.isPractice ? tr("on this computer, port %1").arg(parameters.port) : parameters.host;
        facts += tr("as %1").arg(parameters.user);
    }
    if (entry->instance.profile.createdOn.isValid()) {
        facts += tr("created %1").arg(longDate(entry->instance.profile.createdOn));
    }
    if (entry->server && !entry->server->tls.isEmpty()) {
        facts += parameters.tls == TlsMode::Verified
                     ? tr("connected over %1, certificate checked").arg(entry->server->tls)
                     : tr("connected over %1, certificate not checked").arg(entry->server->tls);
    } else if (entry->server && parameters.isLoopback()) {
        facts += tr("no encryption needed: it never leaves this computer");
    }
    return facts.join(QStringLiteral(" · "));
}

void InstancePage::updateHead()
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    const bool isOpen = !entry->databases.isEmpty();
    m_title->setText(entry->instance.name);
    m_facts->setText(factsText());
    m_facts->setVisible(!m_facts->text().isEmpty());
    m_tlsBadge->setVisible(entry->instance.profile.parameters.tls == TlsMode::Unverified);
    m_create->setEnabled(isOpen);
    m_backUp->setEnabled(isOpen && m_model->rowCount() > 0);
    m_move->setVisible(!entry->instance.isPractice);
    m_practice->setVisible(entry->instance.isPractice);
    if (entry->instance.isPractice) {
        const InstanceList::Practice practice = m_services.instances->practice();
        const bool isRunning = practice == InstanceList::Practice::Running;
        m_badge->setTone(isRunning ? Tone::Good : Tone::Neutral);
        m_badge->setText(isRunning ? tr("running") : tr("stopped"));
        m_badge->show();
        m_practice->setText(practice == InstanceList::Practice::Stopped ? tr("Start practice") : tr("Stop practice"));
        m_practice->setEnabled(isRunning || practice == InstanceList::Practice::Stopped);
    }
}

void InstancePage::updateExpiry()
{
    const Instance &instance = m_services.instances->find(m_instanceId)->instance;
    const Expiry expiry = expiryOf(instance.profile);
    const bool isOfAccount = !instance.profile.accountId.isEmpty();
    // Only Render's own instances run out, and practice never does; an account's paid one does not, and Render knows.
    m_expiryCard->setVisible(!instance.isPractice &&
                             (expiry.isKnown() || (!isOfAccount && isRenderHost(instance.profile.parameters.host))));
    m_tellDate->setVisible(expiry.source != Expiry::Source::Api);
    m_tellDate->setText(expiry.isKnown() ? tr("Change the date…") : tr("Tell Roost when it was created…"));
    if (!expiry.isKnown()) {
        if (!instance.isPractice) {
            m_badge->hide();
        }
        m_expiryHead->setText(tr("Stops working on"));
        m_expiryDate->setText(tr("not known"));
        m_expiryText->setText(tr("A free instance works for 30 days from its creation, and is erased 14 days later."));
        return;
    }
    const QDateTime now = m_services.instances->now(instance.profile);
    const Expiry::Stage stage = expiry.stage(now);
    m_badge->setTone(toneOf(stage));
    m_badge->setText(expiry.badge(now));
    m_badge->show();
    const QString erased = longDate(expiry.erasedOn());
    if (stage == Expiry::Stage::Gone) {
        m_expiryHead->setText(tr("Erased on"));
        m_expiryDate->setText(erased);
        m_expiryText->setText(tr("with everything in it; it stopped working on %1").arg(longDate(expiry.stopsOn())));
    } else if (stage == Expiry::Stage::Grace) {
        m_expiryHead->setText(tr("Is erased on"));
        m_expiryDate->setText(erased);
        m_expiryText->setText(tr("with everything in it. It stopped working on %1; upgrading it in Render's dashboard "
                                 "rescues it.")
                                  .arg(longDate(expiry.stopsOn())));
    } else {
        m_expiryHead->setText(tr("Stops working on"));
        m_expiryDate->setText(longDate(expiry.stopsOn()));
        m_expiryText->setText(expiry.source == Expiry::Source::Api
                                  ? tr("says Render; it is erased with everything in it on %1").arg(erased)
                                  : tr("if it is a free one, and is erased with everything in it on %1").arg(erased));
    }
}

void InstancePage::updateStorage()
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    m_storageCard->setVisible(!entry->databases.isEmpty());
    m_storage->setText(sizeText(m_model->totalBytes()));
    QStringList names;
    for (const DatabaseInfo &database : entry->databases) {
        if (!database.isSystem) {
            names += database.name;
        }
    }
    m_backupCard->setDatabases(names);
    m_storageText->setText(isRenderHost(entry->instance.profile.parameters.host)
                               ? tr("in all databases together; a free instance holds 1 GB")
                               : tr("in all databases together"));
}

void InstancePage::updateNotice()
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    const bool hasDatabases = !entry->databases.isEmpty();
    m_table->parentWidget()->setVisible(hasDatabases);
    m_databasesHeading->setVisible(hasDatabases);
    if (!mayConnect(m_services.accounts, entry->instance.profile)) {
        m_notice->clear(); // the account's card says why
    } else if (entry->state == InstanceList::State::Failed) {
        m_notice->sayError(tr("Roost could not connect to %1.").arg(entry->instance.name), entry->error);
        connect(m_notice->addButton(QStringLiteral("retryConnect"), tr("Try again")), &QPushButton::clicked, this,
                &InstancePage::refresh);
        connect(m_notice->addButton(QStringLiteral("findOutWhy"), tr("Find out why…")), &QPushButton::clicked, this,
                [this] { emit doctorWanted(m_instanceId); });
    } else if (entry->state == InstanceList::State::Opening && !hasDatabases) {
        m_notice->say(Tone::Neutral, tr("Connecting…"));
    } else if (entry->instance.isPractice && m_services.instances->practice() == InstanceList::Practice::Starting) {
        m_notice->say(Tone::Neutral, tr("Practice is starting…"));
    } else if (entry->instance.isPractice && m_services.instances->practice() == InstanceList::Practice::Stopped) {
        m_notice->say(Tone::Neutral, tr("Practice is stopped."),
                      tr("Its databases are kept: start it to go on where you left off."));
    } else {
        m_notice->clear();
    }
}

} // namespace Roost

#include "gui/services/servicespage.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/services/serviceverbs.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/pill.h"
#include "gui/widgets/plaintable.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/accountnodes.h"
#include "models/instancelist.h"
#include "models/plaintext.h"
#include "operations/servicecall.h"
#include "operations/servicedeploy.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace Roost {

namespace {

QString typeText(const QString &type)
{
    static const QMap<QString, const char *> words{
        {QStringLiteral("web_service"), QT_TRANSLATE_NOOP("Roost::ServicesPage", "Web service")},
        {QStringLiteral("private_service"), QT_TRANSLATE_NOOP("Roost::ServicesPage", "Private service")},
        {QStringLiteral("background_worker"), QT_TRANSLATE_NOOP("Roost::ServicesPage", "Worker")},
        {QStringLiteral("cron_job"), QT_TRANSLATE_NOOP("Roost::ServicesPage", "Cron job")},
        {QStringLiteral("static_site"), QT_TRANSLATE_NOOP("Roost::ServicesPage", "Static site")},
    };
    const auto found = words.find(type);
    return found == words.end() ? type : ServicesPage::tr(*found);
}

QString placeText(const VariableReference &reference)
{
    const QString instance = !reference.instanceName.isEmpty() ? reference.instanceName
                             : !reference.renderId.isEmpty()   ? ServicesPage::tr("unknown instance")
                                                               : reference.host;
    return reference.database.isEmpty() ? instance : instance + u'/' + reference.database;
}

/// What the service sees, each place once.
QString databasesText(const ServiceReferences &service)
{
    QStringList places;
    for (const VariableReference &each : service.references) {
        if (each.overruledBy.isEmpty() && (each.part == VariablePart::Url || each.part == VariablePart::Host)) {
            places += placeText(each);
        }
    }
    places.removeDuplicates();
    return places.isEmpty() ? ServicesPage::tr("none") : places.join(QStringLiteral(", "));
}

QString deployText(const ServiceReferences &service)
{
    return service.latestDeploy ? deployStatusInWords(service.latestDeploy->status) : QString();
}

QPushButton *buttonFor(QAction *action, const char *name)
{
    auto *button = new QPushButton(action->text());
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(action->toolTip());
    button->setEnabled(action->isEnabled());
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::changed, button, [action, button] { button->setEnabled(action->isEnabled()); });
    return button;
}

void clearRows(PlainTable *table)
{
    qobject_cast<QStandardItemModel *>(table->model())->setRowCount(0);
}

QMap<QString, QString> addressesIn(const Services &services)
{
    QMap<QString, QString> addresses;
    for (const InstanceList::Entry &entry : services.instances->entries()) {
        const Profile &profile = entry.instance.profile;
        if (!profile.renderId.isEmpty() && !profile.parameters.host.isEmpty()) {
            addresses.insert(profile.parameters.host + u':' + QString::number(profile.parameters.port),
                             profile.renderId);
        }
    }
    return addresses;
}

} // namespace

ServicesPage::ServicesPage(Services &services, const QString &accountId, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_accountId(accountId)
    , m_verbs(new ServiceVerbs(services, accountId, this))
    , m_title(titleLabel({}))
    , m_empty(
          paragraph(tr("There is no service in this account yet. “Deploy the bird app…” checks your folder, creates a "
                       "web service on the free plan and connects it to a database.")))
    , m_notice(new Notice)
    , m_table(new PlainTable({tr("Name"), tr("Type"), tr("Status"), tr("Region"), tr("Database"), tr("Latest deploy")}))
    , m_detail(new Card)
    , m_name(headingLabel({}))
    , m_state(new Pill)
    , m_facts(subtleLabel({}))
    , m_variables(new PlainTable({tr("Variable"), tr("From"), tr("Leads to"), tr("Value")}))
    , m_noVariables(
          paragraph(tr("No variable of this service leads to a database. Pointing it to one sets DATABASE_URI and "
                       "DATABASE_URL.")))
    , m_answer(new Notice)
    , m_body(new DetailView)
{
    setObjectName(QStringLiteral("servicesPage"));
    build();
    connect(services.accounts, &AccountList::changed, this, [this](const QString &changed) {
        const AccountList::Entry *entry = m_services.accounts->find(m_accountId);
        if (changed == m_accountId && entry && !entry->isReading) {
            read();
        }
    });
    connect(services.accounts, &AccountList::listed, this, [this] {
        if (!m_services.accounts->find(m_accountId)) {
            emit closeWanted();
        }
    });
    connect(m_verbs, &ServiceVerbs::changed, this, &ServicesPage::refresh);
    connect(m_verbs, &ServiceVerbs::called, this, &ServicesPage::showAnswer);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ServicesPage::showChosen);
    showChosen();
    read();
}

QLayout *ServicesPage::buildHead()
{
    auto *head = new QHBoxLayout;
    head->setSpacing(Spacing::unit);
    auto *deploy = new QPushButton(tr("Deploy the &bird app…"));
    deploy->setObjectName(QStringLiteral("deployAppButton"));
    deploy->setToolTip(tr("A check list for your folder, and a new web service"));
    connect(deploy, &QPushButton::clicked, m_verbs, &ServiceVerbs::deployApp);
    auto *again = new QPushButton(tr("Refresh"));
    again->setObjectName(QStringLiteral("refreshServices"));
    again->setToolTip(tr("Read it again (F5)"));
    connect(again, &QPushButton::clicked, this, &ServicesPage::refresh);
    m_title->setObjectName(QStringLiteral("servicesTitle"));
    head->addWidget(m_title);
    head->addStretch();
    head->addWidget(deploy);
    head->addWidget(again);
    return head;
}

void ServicesPage::buildDetail()
{
    m_detail->setObjectName(QStringLiteral("serviceDetail"));
    m_variables->setObjectName(QStringLiteral("serviceVariables"));
    m_variables->setAccessibleName(tr("Variables that lead to a database"));
    m_facts->setWordWrap(true);
    m_body->setObjectName(QStringLiteral("serviceAnswer"));
    m_body->setAccessibleText(tr("Answer of the service"));
    constexpr int answerLines = 8;
    m_body->setVisibleLines(answerLines);
    m_answer->setObjectName(QStringLiteral("serviceAnswerNotice"));
    m_noVariables->setObjectName(QStringLiteral("noVariables"));
    auto *head = new QHBoxLayout;
    head->addWidget(m_name);
    head->addWidget(m_state);
    head->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    auto *point = buttonFor(m_verbs->point, "pointButton");
    point->setProperty("kind", QStringLiteral("primary"));
    buttons->addWidget(point);
    buttons->addWidget(buttonFor(m_verbs->undo, "undoPointButton"));
    buttons->addWidget(buttonFor(m_verbs->deploy, "deployButton"));
    buttons->addWidget(buttonFor(m_verbs->call, "callButton"));
    buttons->addStretch();
    auto *more = new QHBoxLayout;
    more->setSpacing(Spacing::unit);
    more->addWidget(buttonFor(m_verbs->openUrl, "openServiceButton"));
    more->addWidget(buttonFor(m_verbs->openDashboard, "serviceDashboardButton"));
    more->addStretch();
    more->addWidget(buttonFor(m_verbs->resume, "resumeServiceButton"));
    more->addWidget(buttonFor(m_verbs->suspend, "suspendServiceButton"));
    QVBoxLayout *body = m_detail->body();
    body->setSpacing(Spacing::unit + 2);
    body->addLayout(head);
    body->addWidget(m_facts);
    body->addLayout(buttons);
    body->addWidget(m_variables);
    body->addWidget(m_noVariables);
    body->addWidget(m_answer);
    body->addWidget(m_body);
    body->addLayout(more);
}

void ServicesPage::build()
{
    m_notice->setObjectName(QStringLiteral("servicesNotice"));
    m_table->setObjectName(QStringLiteral("servicesTable"));
    m_table->setAccessibleName(tr("Services"));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions(m_verbs->all());
    connect(m_table, &QTableView::activated, m_verbs->point, &QAction::trigger);
    setFocusProxy(m_table);
    buildDetail();
    auto *inner = new QWidget;
    inner->setProperty("page", true);
    auto *column = new QVBoxLayout(inner);
    column->setContentsMargins(Spacing::page, Spacing::page - 6, Spacing::page, Spacing::page);
    column->setSpacing(Spacing::card);
    column->addLayout(buildHead());
    column->addWidget(m_notice);
    column->addWidget(m_empty);
    column->addWidget(m_table);
    column->addWidget(m_detail);
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(inner);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
}

void ServicesPage::refresh()
{
    m_services.accounts->refresh(m_accountId); // its end reads the variables
}

void ServicesPage::read()
{
    const AccountList::Entry *entry = m_services.accounts->find(m_accountId);
    m_title->setText(entry ? tr("Services of %1").arg(entry->account.name) : tr("Services"));
    if (!entry || !entry->overview) {
        if (entry && entry->hasFailed) {
            m_notice->sayError(tr("The account could not be read"), entry->error);
        }
        return;
    }
    if (m_isReading) {
        m_isStale = true;
        return;
    }
    m_isReading = true;
    const ReferencesRequest request{entry->overview->services, entry->overview->instances, addressesIn(m_services),
                                    true};
    m_services.accounts->access(m_accountId, this, [this, request](const Result<RenderAccess> &access) {
        if (!access) {
            take(failure(access.error()));
            return;
        }
        m_services.jobs->runQuietly<AccountReferences>(
            [access = *access, request](JobContext &context) {
                RenderClient client(access, context);
                return findReferences(client, request, context);
            },
            this, [this](const Result<AccountReferences> &found) { take(found); });
    });
}

void ServicesPage::take(const Result<AccountReferences> &found)
{
    m_isReading = false;
    if (m_isStale) {
        m_isStale = false;
        read();
    }
    if (!found) {
        m_notice->sayError(tr("The services could not be read"), found.error());
        return;
    }
    m_found = *found;
    if (found->gaps.isEmpty()) {
        m_notice->clear();
    } else {
        m_notice->say(Tone::Warning, tr("Not all could be read"), found->gaps.join(u'\n'));
    }
    fillTable();
    emit statusChanged();
}

void ServicesPage::fillTable()
{
    const ServiceReferences *before = chosen();
    const QString wanted = !m_wanted.isEmpty() ? m_wanted : before ? before->service.id : m_lastChosen;
    clearRows(m_table);
    int row = 0;
    for (int i = 0; i < m_found.services.size(); ++i) {
        const ServiceReferences &each = m_found.services[i];
        const Service &service = each.service;
        m_table->addRow({service.name, typeText(service.type), service.isSuspended ? tr("suspended") : tr("running"),
                         regionText(service.region), databasesText(each), deployText(each)});
        row = service.id == wanted ? i : row;
    }
    m_wanted.clear();
    m_table->fit();
    m_empty->setVisible(m_found.services.isEmpty());
    m_table->setVisible(!m_found.services.isEmpty());
    m_table->setCurrentIndex(m_table->model()->index(row, 0));
    showChosen();
}

const ServiceReferences *ServicesPage::chosen() const
{
    const int row = m_table->currentIndex().row();
    return row >= 0 && row < m_found.services.size() ? &m_found.services[row] : nullptr;
}

void ServicesPage::choose(const QString &serviceId)
{
    m_wanted = serviceId;
    if (!m_found.services.isEmpty()) {
        fillTable();
    }
}

void ServicesPage::showChosen()
{
    const ServiceReferences *service = chosen();
    m_verbs->setService(service);
    m_detail->setVisible(service);
    m_empty->setVisible(m_found.services.isEmpty());
    if (!service) {
        return;
    }
    if (service->service.id != m_lastChosen) {
        m_answer->clear();
        m_body->hide();
    }
    m_lastChosen = service->service.id;
    m_name->setText(service->service.name);
    m_state->setText(service->service.isSuspended ? tr("suspended") : deployText(*service));
    m_state->setVisible(!m_state->text().isEmpty());
    m_state->setTone(service->service.isSuspended                                 ? Tone::Warning
                     : service->latestDeploy && service->latestDeploy->isLive()   ? Tone::Good
                     : service->latestDeploy && service->latestDeploy->isFailed() ? Tone::Danger
                                                                                  : Tone::Neutral);
    QStringList facts{typeText(service->service.type)};
    for (const QString &fact : {regionText(service->service.region), planText(service->service.plan),
                                service->service.url, service->service.repository}) {
        if (!fact.isEmpty()) {
            facts += fact;
        }
    }
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    clearRows(m_variables);
    for (const VariableReference &each : service->references) {
        const QString from = !each.overruledBy.isEmpty()
                                 ? tr("group %1, overruled by %2").arg(each.holder.name, each.overruledBy)
                             : each.holder.isGroup ? tr("group %1").arg(each.holder.name)
                                                   : tr("the service");
        m_variables->addRow({each.key, from, placeText(each), each.shown});
    }
    m_variables->fit();
    m_variables->setVisible(!service->references.isEmpty());
    m_noVariables->setVisible(service->references.isEmpty());
}

void ServicesPage::showAnswer(const ServiceAnswer &answer)
{
    m_answer->say(
        answer.isFine() ? Tone::Good : Tone::Danger,
        tr("%1 answered %2 in %3 ms").arg(answer.url.toDisplayString()).arg(answer.status).arg(answer.elapsedMs),
        answer.isFine() ? QString() : tr("Its log in the dashboard may say why."));
    m_body->setText(QString::fromUtf8(answer.body));
    m_body->setVisible(!answer.body.isEmpty());
}

QString ServicesPage::statusText() const
{
    return m_found.services.isEmpty() ? QString() : tr("%n service(s)", nullptr, int(m_found.services.size()));
}

} // namespace Roost

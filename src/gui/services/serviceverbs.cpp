#include "gui/services/serviceverbs.h"

#include "gui/account/renderlinks.h"
#include "gui/dialogs/shownjob.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/services/deployappdialog.h"
#include "gui/services/keptvalues.h"
#include "gui/services/pointdialog.h"
#include "gui/theme/theme.h"
#include "models/accountlist.h"
#include "operations/deployapp.h"
#include "operations/servicelife.h"

#include <QAction>
#include <QDesktopServices>
#include <QPointer>
#include <QWidget>

namespace Roost {

namespace {

/// What came of setting variables.
struct Pointed
{
    Service service;
    std::optional<Deploy> deploy;
};

Result<Pointed> setAndDeploy(const RenderAccess &access, const VariablePlan &plan, bool deploys, JobContext &context)
{
    if (const Result<void> changed = changeVariables(access, plan, context); !changed) {
        return failure(changed.error());
    }
    if (!deploys) {
        return Pointed{plan.service, std::nullopt};
    }
    RenderClient client(access, context);
    const Result<Deploy> deploy = deployAndFollow(client, {plan.service, {}}, context);
    if (!deploy) {
        Error error = deploy.error();
        if (!error.isCancelled()) {
            error.message = ServiceVerbs::tr("The variables are set. %1").arg(error.message);
        }
        return failure(error);
    }
    return Pointed{plan.service, *deploy};
}

bool isWebAddress(const QUrl &url)
{
    return url.isValid() && (url.scheme() == u"https" || url.scheme() == u"http") && url.userInfo().isEmpty();
}

} // namespace

ServiceVerbs::ServiceVerbs(Services &services, const QString &accountId, QWidget *page)
    : QObject(page)
    , m_services(services)
    , m_accountId(accountId)
    , m_page(page)
{
    point = make("actionPointService", tr("&Point to a database…"), tr("Let the service use another database"),
                 "network-connect");
    undo = make("actionUndoPoint", tr("&Undo…"), tr("Put the variables back that Roost replaced last"), "edit-undo");
    deploy = make("actionDeployService", tr("&Deploy"), tr("The last build again, with the variables of now"),
                  "view-refresh");
    call = make("actionCallService", tr("&Call /birds"), tr("Ask the service, and wait if it sleeps"), "go-next");
    openUrl = make("actionOpenService", tr("&Open its address"), tr("In your browser"), "internet-services");
    openDashboard = make("actionServiceDashboard", tr("Open in the da&shboard"), tr("Logs and settings at Render"));
    resume = make("actionResumeService", tr("&Resume"), tr("Let the suspended service run again"));
    suspend = make("actionSuspendService", tr("Suspe&nd…"), tr("Nobody gets an answer from it until it is resumed"));
    connect(point, &QAction::triggered, this, &ServiceVerbs::startPoint);
    connect(undo, &QAction::triggered, this, &ServiceVerbs::startUndo);
    connect(deploy, &QAction::triggered, this, &ServiceVerbs::startDeploy);
    connect(call, &QAction::triggered, this, &ServiceVerbs::startCall);
    connect(openUrl, &QAction::triggered, this,
            [this] { QDesktopServices::openUrl(QUrl(m_chosen->service.url, QUrl::StrictMode)); });
    connect(openDashboard, &QAction::triggered, this,
            [this] { openRenderPage(QUrl(m_chosen->service.dashboardUrl, QUrl::StrictMode)); });
    connect(resume, &QAction::triggered, this, &ServiceVerbs::startResume);
    connect(suspend, &QAction::triggered, this, &ServiceVerbs::startSuspend);
    setService(nullptr);
}

QAction *ServiceVerbs::make(const char *name, const QString &text, const QString &hint, const char *icon)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setToolTip(hint);
    if (icon) {
        action->setIcon(Theme::icon(QString::fromLatin1(icon)));
    }
    return action;
}

QList<QAction *> ServiceVerbs::all() const
{
    const auto separator = [] {
        auto *action = new QAction;
        action->setSeparator(true);
        return action;
    };
    QAction *first = separator();
    QAction *second = separator();
    first->setParent(const_cast<ServiceVerbs *>(this));
    second->setParent(const_cast<ServiceVerbs *>(this));
    return {point, undo, deploy, call, first, openUrl, openDashboard, second, resume, suspend};
}

void ServiceVerbs::setService(const ServiceReferences *service)
{
    m_chosen = service ? std::optional(*service) : std::nullopt;
    const bool isThere = m_chosen.has_value();
    const bool isSuspended = isThere && m_chosen->service.isSuspended;
    const bool hasUrl = isThere && isWebAddress(QUrl(m_chosen->service.url, QUrl::StrictMode));
    point->setEnabled(isThere && m_chosen->service.type != u"static_site");
    undo->setEnabled(isThere);
    deploy->setEnabled(isThere && !isSuspended);
    call->setEnabled(hasUrl && !isSuspended);
    openUrl->setEnabled(hasUrl);
    openDashboard->setEnabled(isThere && isRenderPage(QUrl(m_chosen->service.dashboardUrl, QUrl::StrictMode)));
    resume->setEnabled(isSuspended);
    suspend->setEnabled(isThere && !isSuspended);
}

void ServiceVerbs::withAccess(const std::function<void(const RenderAccess &)> &then)
{
    m_services.accounts->access(m_accountId, this, [this, then](const Result<RenderAccess> &access) {
        if (access) {
            then(*access);
        } else {
            m_services.prompts->showError(m_page, tr("The account cannot be used"), access.error());
        }
    });
}

void ServiceVerbs::startPoint()
{
    auto *dialog = new PointDialog(m_services, m_accountId, m_chosen->service, m_page);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        apply(dialog->plan(), tr("Point %1 to %2").arg(dialog->plan().service.name, dialog->databaseText()),
              dialog->deploys());
    });
    dialog->open();
}

void ServiceVerbs::startUndo()
{
    QStringList holders{m_chosen->service.id};
    for (const VariableHolder &group : m_chosen->groups) {
        holders += group.id;
    }
    const QString id = m_chosen->service.id;
    loadKeptValues(m_services, m_page, m_accountId, holders, [this, id](const KeptBatch &batch) {
        withAccess([this, id, batch](const RenderAccess &access) {
            m_services.jobs->runQuietly<VariablePlan>(
                [access, id, values = batch.values](JobContext &context) {
                    RenderClient client(access, context);
                    return planUndo(client, id, values, context);
                },
                this,
                [this, batch](const Result<VariablePlan> &plan) {
                    if (!plan) {
                        m_services.prompts->showError(m_page, tr("The variables could not be read"), plan.error());
                        return;
                    }
                    auto *dialog = new PointDialog(m_services, *plan, m_page);
                    connect(dialog, &QDialog::accepted, this, [this, dialog, batch] {
                        apply(dialog->plan(), tr("Put the variables of %1 back").arg(dialog->plan().service.name),
                              dialog->deploys(),
                              [&services = m_services, batch] { forgetKeptValues(services, batch); });
                    });
                    dialog->open();
                });
        });
    });
}

void ServiceVerbs::apply(const VariablePlan &plan, const QString &title, bool deploys, std::function<void()> succeeded)
{
    keepOldValues(
        m_services, m_page, m_accountId, plan, [this, plan, title, deploys, succeeded = std::move(succeeded)] {
            withAccess([this, plan, title, deploys, succeeded](const RenderAccess &access) {
                ShownJob<Pointed> shown;
                shown.title = title;
                shown.work = [access, plan, deploys](JobContext &context) {
                    return setAndDeploy(access, plan, deploys, context);
                };
                shown.summary = [](const Pointed &pointed) {
                    return pointed.deploy ? tr("%1 is live with the new values").arg(pointed.service.name)
                                          : tr("The variables of %1 are set").arg(pointed.service.name);
                };
                shown.succeeded = [succeeded, verbs = QPointer<ServiceVerbs>(this)](const Pointed &pointed) {
                    if (succeeded) {
                        succeeded();
                    }
                    JobOutcome outcome;
                    outcome.text =
                        pointed.deploy
                            ? tr("Each variable was read back, and %1 is live with them.").arg(pointed.service.name)
                            : tr("Each variable was read back. What runs has the old values until %1 is deployed.")
                                  .arg(pointed.service.name);
                    outcome.next = {{QStringLiteral("callServiceButton"), tr("&Call /birds"), [verbs](QWidget *) {
                                         if (verbs && verbs->call->isEnabled()) {
                                             verbs->call->trigger();
                                         }
                                     }}};
                    if (!pointed.deploy) {
                        outcome.next.clear();
                    }
                    return outcome;
                };
                Job *job = startShown(m_services, m_page, shown);
                connect(job, &Job::ended, this, &ServiceVerbs::changed);
            });
        });
}

void ServiceVerbs::startDeploy()
{
    const Service service = m_chosen->service;
    withAccess([this, service](const RenderAccess &access) {
        ShownJob<Deploy> shown;
        shown.title = tr("Deploy %1").arg(service.name);
        shown.work = [access, service](JobContext &context) {
            RenderClient client(access, context);
            return deployAndFollow(client, {service, {}}, context);
        };
        shown.summary = [name = service.name](const Deploy &deployed) {
            return tr("%1 is %2").arg(name, deployStatusInWords(deployed.status));
        };
        shown.succeeded = [name = service.name](const Deploy &deployed) {
            return JobOutcome{tr("%1 is %2.").arg(name, deployStatusInWords(deployed.status)), {}, {}};
        };
        connect(startShown(m_services, m_page, shown), &Job::ended, this, &ServiceVerbs::changed);
    });
}

void ServiceVerbs::startCall()
{
    const Service service = m_chosen->service;
    m_services.jobs->start<ServiceAnswer>(
        tr("Call %1").arg(service.name),
        [service](JobContext &context) {
            return callService(
                {QUrl(service.url, QUrl::StrictMode), QStringLiteral("/birds"), service.name, service.isFree()},
                context);
        },
        this,
        [this](const Result<ServiceAnswer> &answer) {
            if (answer) {
                emit called(*answer);
            } else {
                m_services.prompts->showError(m_page, tr("No answer"), answer.error());
            }
        },
        [](const ServiceAnswer &answer) {
            return tr("Answered %1 in %2 ms").arg(answer.status).arg(answer.elapsedMs);
        });
}

void ServiceVerbs::startSuspend()
{
    Prompts::Question question;
    question.title = tr("Suspend %1?").arg(m_chosen->service.name);
    question.text = tr("Nobody gets an answer from it until it is resumed; nothing is deleted.");
    question.accept = tr("Suspend %1").arg(m_chosen->service.name);
    question.isDestructive = true;
    m_services.prompts->ask(m_page, question, [this](bool accepted) {
        if (accepted && m_chosen) {
            changeState(true);
        }
    });
}

void ServiceVerbs::startResume()
{
    changeState(false);
}

void ServiceVerbs::changeState(bool suspends)
{
    const Service service = m_chosen->service;
    withAccess([this, service, suspends](const RenderAccess &access) {
        Job *job = m_services.jobs->start<Service>(
            suspends ? tr("Suspend %1").arg(service.name) : tr("Resume %1").arg(service.name),
            [access, service, suspends](JobContext &context) {
                RenderClient client(access, context);
                return suspends ? suspendAndCheck(client, service, context) : resumeAndCheck(client, service, context);
            },
            this,
            [this, name = service.name](const Result<Service> &now) {
                if (!now) {
                    m_services.prompts->showError(m_page, name, now.error());
                }
            });
        connect(job, &Job::ended, this, &ServiceVerbs::changed);
    });
}

void ServiceVerbs::deployApp()
{
    auto *dialog = new DeployAppDialog(m_services, m_accountId, m_page);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { create(dialog->request()); });
    dialog->open();
}

void ServiceVerbs::create(const DeployAppRequest &request)
{
    withAccess([this, request](const RenderAccess &access) {
        ShownJob<DeployedApp> shown;
        shown.title = tr("Deploy the bird app as %1").arg(request.draft.name);
        shown.work = [access, request](JobContext &context) {
            RenderClient client(access, context);
            return Roost::deployApp(client, request, context);
        };
        shown.summary = [](const DeployedApp &app) { return tr("%1 is live").arg(app.service.name); };
        shown.succeeded = [](const DeployedApp &app) {
            JobOutcome outcome;
            outcome.text = app.answer ? tr("%1 is live, and answered %2 at %3.")
                                            .arg(app.service.name)
                                            .arg(app.answer->status)
                                            .arg(app.answer->url.toDisplayString())
                                      : tr("%1 is live.").arg(app.service.name);
            if (!app.callProblem.isEmpty()) {
                outcome.notes += app.callProblem;
            }
            const QUrl url(app.service.url, QUrl::StrictMode);
            if (isWebAddress(url)) {
                outcome.next = {{QStringLiteral("openNewService"), tr("&Open its address"),
                                 [url](QWidget *) { QDesktopServices::openUrl(url); }}};
            }
            return outcome;
        };
        connect(startShown(m_services, m_page, shown), &Job::ended, this, &ServiceVerbs::changed);
    });
}

} // namespace Roost

#include "gui/doctor/doctordialog.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/toast.h"
#include "gui/doctor/doctorrow.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/sessionpool.h"
#include "storage/secretstore.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr DoctorLayer allLayers[] = {DoctorLayer::Instance, DoctorLayer::Name,    DoctorLayer::Tcp,
                                     DoctorLayer::Tls,      DoctorLayer::Login,   DoctorLayer::Database,
                                     DoctorLayer::Rights,   DoctorLayer::Versions};

QPushButton *namedButton(const char *name, const QString &text)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setAutoDefault(false);
    return button;
}

QString placeOf(const ConnectionParameters &to)
{
    return QStringLiteral("%1:%2/%3").arg(to.host).arg(to.port).arg(to.database);
}

} // namespace

DoctorDialog::DoctorDialog(Services &services, DoctorSubject subject, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_subject(std::move(subject))
    , m_state(subtleLabel({}))
    , m_notice(new Notice)
    , m_copy(namedButton("copyReport", tr("&Copy report")))
    , m_again(namedButton("examineAgain", tr("&Examine again")))
    , m_close(namedButton("closeButton", tr("Close")))
{
    setObjectName(QStringLiteral("doctorDialog"));
    setWindowTitle(tr("Connection doctor"));
    setResizable();
    build();
    resize(780, 580);
    examine();
}

DoctorDialog::~DoctorDialog()
{
    if (m_job) {
        m_job->cancel();
    }
}

void DoctorDialog::build()
{
    auto *list = new Card;
    list->body()->setContentsMargins(0, Spacing::unit / 2, 0, Spacing::unit / 2);
    list->body()->setSpacing(0);
    for (const DoctorLayer layer : allLayers) {
        auto *row = new DoctorRow(layer);
        m_rows.insert(layer, row);
        if (layer != DoctorLayer::Instance) {
            list->body()->addWidget(hairline());
        }
        list->body()->addWidget(row);
        connect(row, &DoctorRow::remedyWanted, this, &DoctorDialog::mend);
    }
    auto *inner = new QWidget;
    auto *column = new QVBoxLayout(inner);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(list);
    column->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("doctorLayers"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inner);
    m_state->setObjectName(QStringLiteral("doctorState"));
    m_notice->setObjectName(QStringLiteral("doctorNotice"));
    m_close->setDefault(true);
    const Instance &instance = m_subject.instance;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(headingLabel(isDraft() ? windowTitle() : tr("Connection doctor: %1").arg(instance.name)));
    layout->addWidget(m_state);
    layout->addWidget(m_notice);
    layout->addWidget(scroll, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    buttons->addWidget(m_copy);
    buttons->addStretch();
    buttons->addWidget(m_again);
    buttons->addWidget(m_close);
    layout->addSpacing(Spacing::unit);
    layout->addLayout(buttons);
    connect(m_close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_again, &QPushButton::clicked, this, &DoctorDialog::examine);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (m_report) {
            QApplication::clipboard()->setText(m_report->text());
            Toast::say(this, tr("Copied the report. There is no password in it."));
        }
    });
}

void DoctorDialog::setBusy(bool busy, const QString &text)
{
    m_again->setEnabled(!busy);
    m_copy->setEnabled(!busy && m_report);
    for (DoctorRow *row : std::as_const(m_rows)) {
        row->setRemedyEnabled(!busy);
    }
    if (!text.isEmpty()) {
        m_state->setText(text);
        m_state->setProperty("role", QStringLiteral("subtle"));
        Theme::restyle(m_state);
    }
}

void DoctorDialog::examine()
{
    if (m_job) {
        m_job->cancel();
    }
    ++m_round;
    m_report.reset();
    m_notice->clear();
    for (DoctorRow *row : std::as_const(m_rows)) {
        row->wait();
    }
    setBusy(true, tr("Each step is tried by itself; nothing is changed."));
    gatherSpec();
}

void DoctorDialog::gatherSpec()
{
    const Instance &instance = m_subject.instance;
    if (isDraft()) {
        gatherAccess(m_subject.spec);
        return;
    }
    // Only what is known: the user is asked for a password when it is needed, not before.
    const auto take = [this, round = m_round](const ConnectionSpec &spec) {
        if (round == m_round) {
            gatherAccess(spec);
        }
    };
    if (instance.isPractice || instance.profile.parameters.host.isEmpty()) {
        m_services.sessions->withSpec(instance, this, [take, instance](const Result<ConnectionSpec> &spec) {
            take(spec ? *spec : ConnectionSpec{instance.profile.parameters, {}});
        });
        return;
    }
    m_services.secrets->load(instance.id, this, [take, instance](const Result<Secret> &secret) {
        take({instance.profile.parameters, secret ? *secret : Secret()});
    });
}

void DoctorDialog::gatherAccess(const ConnectionSpec &spec)
{
    DoctorRequest request = doctorRequestFor(m_subject.instance.profile, spec);
    const QString accountId = m_subject.instance.profile.accountId;
    if (accountId.isEmpty() || !m_services.accounts || !m_services.accounts->find(accountId)) {
        m_access.reset();
        start(request);
        return;
    }
    m_services.accounts->access(accountId, this,
                                [this, request, round = m_round](const Result<RenderAccess> &access) mutable {
                                    if (round == m_round) {
                                        m_access = access ? std::optional<RenderAccess>(*access) : std::nullopt;
                                        request.render = m_access;
                                        start(request);
                                    }
                                });
}

void DoctorDialog::start(const DoctorRequest &request)
{
    m_request = request;
    m_rows.value(DoctorLayer::Instance)->begin();
    // The relay ends in this thread, whoever lets go of it last.
    const std::shared_ptr<DoctorRelay> relay(new DoctorRelay, [](DoctorRelay *each) { each->deleteLater(); });
    connect(relay.get(), &DoctorRelay::found, this, [this, round = m_round](const DoctorFinding &finding) {
        if (round == m_round) {
            showFinding(finding);
        }
    });
    DoctorRequest told = request;
    told.found = [relay](const DoctorFinding &finding) { emit relay->found(finding); };
    m_job = m_services.jobs->runQuietly<DoctorReport>(
        [told](JobContext &context) { return examineConnection(told, context); }, this,
        [this, round = m_round](const Result<DoctorReport> &report) {
            if (round == m_round) {
                showReport(report);
            }
        });
}

void DoctorDialog::showFinding(const DoctorFinding &finding)
{
    m_rows.value(finding.layer)->show(finding);
    m_rows.value(finding.layer)->setRemedyEnabled(m_report.has_value());
    if (finding.layer != DoctorLayer::Versions) {
        m_rows.value(DoctorLayer(int(finding.layer) + 1))->begin();
    }
}

void DoctorDialog::showReport(const Result<DoctorReport> &report)
{
    if (!report) {
        setBusy(false);
        return;
    }
    m_report = *report;
    for (const DoctorFinding &finding : report->findings) {
        m_rows.value(finding.layer)->show(finding);
    }
    setBusy(false);
    const DoctorFinding *problem = report->problem();
    const QString place = placeOf(report->parameters);
    QString text = tr("All is in order: %1").arg(place);
    QString role = QStringLiteral("good");
    if (problem && !report->isGood()) {
        text = tr("It fails at: %1. %2").arg(layerText(problem->layer), place);
        role = QStringLiteral("danger");
    } else if (problem) {
        text = tr("It works; one thing is worth a look: %1. %2").arg(layerText(problem->layer), place);
        role = QStringLiteral("warning");
    }
    m_state->setText(text);
    m_state->setProperty("role", role);
    Theme::restyle(m_state);
    if (problem) {
        if (auto *button = m_rows.value(problem->layer)->findChild<QPushButton *>(QStringLiteral("doctorRemedy"))) {
            button->setFocus();
        }
    }
    emit finished();
}

} // namespace Roost

#pragma once

#include "gui/dialogs/dialog.h"
#include "models/instance.h"
#include "operations/connectiondoctor.h"

#include <QHash>
#include <QPointer>

#include <optional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace Roost {

class DoctorRow;
class Job;
class Notice;
struct Services;

/// What is examined: a saved connection (or practice), or one that is just being put together.
struct DoctorSubject
{
    Instance instance;   ///< null for a draft
    ConnectionSpec spec; ///< of a draft; of a saved connection it is found here
};

/// Carries findings from the operation's thread to the window's.
class DoctorRelay : public QObject
{
    Q_OBJECT

signals:
    void found(const Roost::DoctorFinding &finding);
};

/// Why a connection does not work: each layer as it is looked at, and a button that mends what is found; then it looks
/// again.
class DoctorDialog : public Dialog
{
    Q_OBJECT

public:
    DoctorDialog(Services &services, DoctorSubject subject, QWidget *parent = nullptr);
    ~DoctorDialog() override;

    const std::optional<DoctorReport> &report() const { return m_report; }
    /// From now on as if pressed.
    void examine();

signals:
    /// The saved connection, or its password, is other than before.
    void mended(const QString &instanceId);
    /// For a draft: what it should be instead. The dialog is closed then.
    void parametersWanted(const Roost::ConnectionParameters &parameters);
    void finished();

private:
    void build();
    void gatherSpec();
    void gatherAccess(const ConnectionSpec &spec);
    void start(const DoctorRequest &request);
    void showFinding(const DoctorFinding &finding);
    void showReport(const Result<DoctorReport> &report);
    void mend(const DoctorFinding &finding, const QString &value);
    void mendThroughRender(const DoctorFinding &finding, const QString &value);
    void useParameters(const ConnectionParameters &parameters, bool edits);
    void enterPassword(const Error &why);
    void usePassword(const Secret &password);
    void takePassword(const Secret &password);
    void saveParameters(const ConnectionParameters &parameters);
    void fail(const QString &lead, const Error &error);
    void setBusy(bool busy, const QString &text = {});
    bool isDraft() const { return m_subject.instance.isNull(); }

    Services &m_services;
    DoctorSubject m_subject;
    QHash<DoctorLayer, DoctorRow *> m_rows;
    QLabel *m_state;
    Notice *m_notice;
    QPushButton *m_copy;
    QPushButton *m_again;
    QPushButton *m_close;
    QPointer<Job> m_job;
    std::optional<RenderAccess> m_access;
    DoctorRequest m_request;
    std::optional<DoctorReport> m_report;
    int m_round = 0; ///< answers to an older one are late
};

} // namespace Roost

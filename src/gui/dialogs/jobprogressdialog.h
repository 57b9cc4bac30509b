#pragma once

#include "gui/dialogs/dialog.h"

#include <QPointer>
#include <QTimer>

#include <memory>

class QPlainTextEdit;

namespace Roost {

class Job;
struct Services;
namespace Ui {
class JobProgressDialog;
}

/// One job: its step, how far it is, how long it will take, its log; at the end what came of it and what can be done
/// next. Closing it leaves the job running; it goes on in the Jobs dock.
class JobProgressDialog : public Dialog
{
    Q_OBJECT

public:
    explicit JobProgressDialog(Job *job, QWidget *parent = nullptr);
    ~JobProgressDialog() override;

private:
    void showProgress();
    void showTime();
    void showEnd();
    void showSuccess();
    void showGroups();
    void appendLog(const QStringList &lines);

    QPointer<Job> m_job;
    std::unique_ptr<Ui::JobProgressDialog> m_ui;
    QPlainTextEdit *m_log;
    QTimer m_clock;
};

} // namespace Roost

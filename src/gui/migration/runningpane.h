#pragma once

#include "gui/migration/migrationpane.h"

#include "jobs/job.h"

#include <QPointer>
#include <QTimer>

class QPlainTextEdit;
class QProgressBar;

namespace Roost {

class Fold;

/// What happens now, how far it is and how long it will take; and a way to stop that loses nothing.
class RunningPane : public MigrationPane
{
    Q_OBJECT

public:
    explicit RunningPane(QWidget *parent = nullptr);
    void follow(Job *job);
    void setStep(const QString &name, const QString &position); ///< "Step 4 of 19"

signals:
    void stopWanted();

private:
    void showProgress();
    void showTime();
    void appendLog(const QStringList &lines);

    QPointer<Job> m_job;
    QLabel *m_position;
    QLabel *m_what;
    QProgressBar *m_bar;
    QLabel *m_amount;
    QLabel *m_time;
    QPlainTextEdit *m_log;
    QPushButton *m_stop;
    QTimer m_clock;
};

} // namespace Roost

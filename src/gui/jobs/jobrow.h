#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace Roost {

class ElidedLabel;
class Job;

/// One job as a line: title, how far, what is being done, and the button that fits its state.
class JobRow : public QWidget
{
    Q_OBJECT

public:
    explicit JobRow(Job *job, QWidget *parent = nullptr);

signals:
    void opened(); ///< the log is wanted

private:
    void update();
    QString stateText() const;

    Job *m_job;
    ElidedLabel *m_title;
    QProgressBar *m_bar;
    QLabel *m_pace; ///< how fast, and how long still; hidden while nobody knows
    ElidedLabel *m_text;
    QPushButton *m_details;
    QPushButton *m_cancel;
};

} // namespace Roost

#pragma once

#include "core/jobcontext.h"
#include "core/pace.h"
#include "core/result.h"

#include <QDateTime>
#include <QObject>
#include <QStringList>

#include <stop_token>

namespace Roost {

/// One operation under way, or ended: what the GUI sees of it. Lives in the GUI thread; made by JobRunner.
class Job : public QObject
{
    Q_OBJECT

public:
    enum class State { Running, Cancelling, Succeeded, Failed, Cancelled };
    Q_ENUM(State)

    const QString &title() const { return m_title; }
    State state() const { return m_state; }
    bool isEnded() const { return m_state != State::Running && m_state != State::Cancelling; }
    const Progress &progress() const { return m_progress; }
    const Pace &pace() const { return m_pace; }      ///< how fast it goes, and how long still
    const QStringList &log() const { return m_log; } ///< the last 10,000 lines
    const Error &error() const { return m_error; }   ///< when Failed
    QString summary() const { return m_summary; }    ///< one translated line, when Succeeded
    QDateTime startedAt() const { return m_startedAt; }
    qint64 elapsedMs() const;

public slots:
    void cancel(); ///< asks; the job ends by itself

signals:
    void changed(); ///< state or progress; at most 20 times a second
    void logged(const QStringList &lines);
    void ended(); ///< exactly once

private:
    friend class JobRunner;
    explicit Job(QString title, QObject *parent);

    QString m_title;
    State m_state = State::Running;
    Progress m_progress;
    Pace m_pace;
    QStringList m_log;
    Error m_error;
    QString m_summary;
    QDateTime m_startedAt;
    QDateTime m_endedAt;
    std::stop_source m_stop;
};

} // namespace Roost

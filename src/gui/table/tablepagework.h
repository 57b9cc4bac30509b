#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>

#include <functional>
#include <memory>

namespace Roost {

/// Work of many small steps in the GUI thread, done in slices so that the window answers in between. The first slice
/// runs at once, so little work is done when start() returns. One work at a time.
class PacedWork : public QObject
{
    Q_OBJECT

public:
    using Step = std::function<bool(qsizetype)>; ///< false: enough, the rest is not wanted
    using Done = std::function<void(bool wasStopped)>;

    explicit PacedWork(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    void start(const QString &title, qsizetype count, Step step, Done done);
    /// Ends it after the step that is under way; `done` is told.
    void stop();
    bool isRunning() const { return m_isRunning; }
    const QString &title() const { return m_title; }
    qsizetype at() const { return m_at; }
    qsizetype count() const { return m_count; }

signals:
    void changed(); ///< it began, went on, or ended

private:
    void slice();
    void end(bool wasStopped);

    QString m_title;
    qsizetype m_at = 0;
    qsizetype m_count = 0;
    Step m_step;
    Done m_done;
    bool m_isRunning = false;
};

/// Computes off the GUI thread what needs nothing of it; `done` comes back in it, unless the receiver is gone.
template <class T>
void computeBeside(QObject *receiver, std::function<T()> compute, std::function<void(const T &)> done)
{
    const QPointer<QObject> guard(receiver);
    QThreadPool::globalInstance()->start(
        [guard, application = QCoreApplication::instance(), compute = std::move(compute), done = std::move(done)] {
            auto result = std::make_shared<T>(compute());
            QMetaObject::invokeMethod(
                application,
                [guard, result, done] {
                    if (guard) {
                        done(*result);
                    }
                },
                Qt::QueuedConnection);
        });
}

} // namespace Roost

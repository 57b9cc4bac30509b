#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "operations/birdapp.h"

#include <QObject>
#include <QPointer>

#include <memory>
#include <optional>

namespace Roost {

class Job;
struct Services;

/// A bird app in a folder: what it is, whether it runs, and the ways to run it. The app ends with this object. Lives in
/// the GUI thread; all work is done by jobs.
class BirdAppControl : public QObject
{
    Q_OBJECT

public:
    enum class State { Stopped, Starting, Live, Stopping };

    BirdAppControl(Services &services, QString folder, QObject *parent = nullptr);
    ~BirdAppControl() override;

    const QString &folder() const { return m_folder; }
    QString name() const; ///< the folder's
    State state() const { return m_state; }
    bool isBusy() const; ///< upgrading or seeding
    /// Nothing while it is being looked at.
    const std::optional<Result<BirdApp>> &app() const { return m_app; }
    const std::optional<Result<PythonChoice>> &python() const { return m_python; }
    int port() const { return m_port; }
    QString url(const QString &path) const;

    /// Looks what is in the folder, and for a Python that can run it.
    void look();
    void launch(const ConnectionSpec &database, int port);
    void stop();
    void upgrade(const ConnectionSpec &database);
    void seed(const ConnectionSpec &database);
    /// GET on the running app.
    void ask(const QString &path);

signals:
    void changed();
    void printed(const QStringList &lines);
    void failed(const QString &lead, const Roost::Error &error);
    void portTaken(const Roost::Error &error, int freePort); ///< 0: none nearby is free
    void done(const QString &what);
    void answered(const Roost::HttpAnswer &answer);
    void unanswered(const Roost::Error &error);

private:
    struct News;
    using TaskWork = Result<void> (*)(const BirdApp &, const ConnectionSpec &, JobContext &);
    void startTask(const QString &title, const QString &what, TaskWork work, const ConnectionSpec &database);
    void lookForPython();
    void takeNews();
    void finish(const Result<void> &result);
    void print(const QStringList &lines);
    void setState(State state);

    Services &m_services;
    QString m_folder;
    std::optional<Result<BirdApp>> m_app;
    std::optional<Result<PythonChoice>> m_python;
    QPointer<Job> m_run;
    QPointer<Job> m_task;
    std::shared_ptr<News> m_news;
    State m_state = State::Stopped;
    int m_port = 8000;
};

} // namespace Roost

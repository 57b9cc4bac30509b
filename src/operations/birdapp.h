#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>

namespace Roost {

/// A folder with a Flask app of the lesson's shape.
struct BirdApp
{
    QString folder;
    bool hasApp = false; ///< app.py or wsgi.py
    bool hasMigrations = false;
    bool hasSeed = false;
    QString module; ///< "app:app" or "wsgi:app"
};

[[nodiscard]] Result<BirdApp> inspectBirdApp(const QString &folder);

/// Copies the template app into a folder that is empty or does not exist yet. AlreadyExists, FileFailed.
[[nodiscard]] Result<BirdApp> createBirdApp(const QString &folder);

/// A Python that has the modules: the folder's .venv or venv, pipenv's, the system's; in this order. ToolMissing names
/// the modules missing from the best candidate and what to install.
struct PythonChoice
{
    QString program; ///< absolute
    QString origin;  ///< ".venv", "pipenv", "system"
    QString version;
};
[[nodiscard]] Result<PythonChoice> findPython(const BirdApp &app, const QStringList &modules,
                                              const JobContext &context);

/// `flask db upgrade`, `python seed.py`: with DATABASE_URI and DATABASE_URL in the child's environment only.
[[nodiscard]] Result<void> upgradeBirdApp(const BirdApp &app, const ConnectionSpec &database, JobContext &context);
[[nodiscard]] Result<void> seedBirdApp(const BirdApp &app, const ConnectionSpec &database, JobContext &context);

struct LaunchRequest
{
    BirdApp app;
    ConnectionSpec database;
    int port = 8000;
    /// Of the app's environment, instead of DATABASE_URI and DATABASE_URL with the database; none: those.
    QMap<QString, QString> variables = {};
};

/// What a running app tells; called on the operation's thread.
struct LaunchEvents
{
    std::function<void(const QString &url)> ready = {};   ///< it answers; "http://127.0.0.1:8000", without a path
    std::function<void(const QString &line)> output = {}; ///< its log, redacted
    /// It runs on, but a request failed for a known reason (table missing, database not reachable).
    std::function<void(const Error &error)> trouble = {};
};

/// Starts `gunicorn app:app` on 127.0.0.1 and returns when it has ended: by a request on the context's stop token (a
/// success), or by itself (an error with the cause and the next step: port taken, module missing, app crash, table
/// missing). The whole process group is gone when this returns, and dies with the application. Blocking, on a worker
/// thread.
[[nodiscard]] Result<void> runBirdApp(const LaunchRequest &request, const LaunchEvents &events, JobContext &context);

/// A port of loopback that is free now, from `wanted` on; 0 when there is none nearby.
[[nodiscard]] int freePortFrom(int wanted);

/// GET on the running app: status and body. Loopback only. Blocking.
struct HttpAnswer
{
    int status = 0;
    QByteArray body;
    qint64 elapsedMs = 0;
};
[[nodiscard]] Result<HttpAnswer> askBirdApp(const QString &url, const JobContext &context);

} // namespace Roost

#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"

#include <QMap>
#include <QString>
#include <QStringList>

namespace Roost {

/// How a private PostgreSQL cluster is made.
struct LocalClusterOptions
{
    QString folder;                                    ///< everything of it is in here; made when missing
    QString role = QStringLiteral("my_database_user"); ///< not a superuser, may create databases: as a Render user
    QStringList databases;                             ///< created, owned by the role
    /// Statements run as the role in a database of this name when it is created; it appears only when they are done.
    QMap<QString, QStringList> contents;
    QMap<QString, QString> settings; ///< postgresql.conf lines besides our own, for tests
    /// For tests: the server ends when the thread that called start() ends, however it ends.
    bool diesWithParent = false;
    /// For tests: the folder with the server's programs (initdb, postgres); empty: the newest that is installed.
    QString programs;
    /// The topmost folder above `folder` that is ours too. Where we are root, the folders from there down are opened
    /// for the group of the server's user (and for nobody else); empty: only `folder` itself.
    QString home;
};

/// A private PostgreSQL server on loopback, on a free port, with SCRAM passwords. As root it runs as another user.
/// Blocking calls, on a worker thread. It is found again by its folder: after a crash of the application it is reused,
/// not started twice.
class LocalCluster
{
public:
    explicit LocalCluster(LocalClusterOptions options);

    struct Status
    {
        bool isInitialised = false;
        bool isRunning = false;
        int port = 0;
        qint64 serverPid = 0;
    };
    [[nodiscard]] Status status() const;

    /// Makes the cluster when there is none, starts it when it does not run, and then creates the role and the
    /// databases that are missing. When it runs already this changes nothing: a database dropped meanwhile stays
    /// dropped until the next real start.
    [[nodiscard]] Result<void> start(JobContext &context);
    /// Fast shutdown; a success when it does not run.
    [[nodiscard]] Result<void> stop(JobContext &context);
    /// Stops it and deletes its folder.
    [[nodiscard]] Result<void> destroy(JobContext &context);

    /// The role's connection to one of its databases, when running. The password is made anew for each cluster and
    /// guards nothing but practice data: whoever can read the folder can read the data.
    [[nodiscard]] Result<ConnectionSpec> connection(const QString &database) const;
    /// The superuser's, over the private socket: for tests that need what a Render user may not do.
    [[nodiscard]] Result<ConnectionSpec> superuserConnection(const QString &database) const;

private:
    LocalClusterOptions m_options;
};

/// The practice instance in Paths::practice(): `my_database` (empty, as on Render) and `bird_app_db` (seeded). Starts
/// it, or finds it running.
[[nodiscard]] LocalCluster practiceCluster();
[[nodiscard]] Result<void> startPractice(JobContext &context);

} // namespace Roost

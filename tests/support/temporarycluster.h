#pragma once

#include "core/connectionparameters.h"
#include "practice/localcluster.h"

#include <QTemporaryDir>

namespace Roost::Testing {

/// A PostgreSQL server for one test program, made in about a second and gone with it, even when it crashes. Use it from
/// one thread that lives as long as the test; the connections it gives may be used anywhere.
///
///     TemporaryCluster cluster;
///     QVERIFY2(cluster.start(), qPrintable(cluster.problem()));
///     const ConnectionSpec spec = cluster.spec("shop"); // made when missing, owned by the role
class TemporaryCluster
{
public:
    /// `major`: a server of that version from build/servers, see otherservers.h; 0: the newest that is installed.
    explicit TemporaryCluster(const QMap<QString, QString> &settings = {}, int major = 0);
    ~TemporaryCluster();
    Q_DISABLE_COPY_MOVE(TemporaryCluster)

    [[nodiscard]] bool start();
    void stop();
    QString problem() const { return m_problem; } ///< why start() or createDatabase() said no

    /// As the role that has what a Render user has; over TCP, with its password.
    ConnectionSpec spec(const QString &database = QStringLiteral("test"));
    /// As the superuser, over the private socket.
    ConnectionSpec superuser(const QString &database = QStringLiteral("postgres")) const;
    /// Runs psql as the superuser (CREATE DATABASE and whatever else): an independent witness. Standard output of
    /// `psql -X -At -q`, without the last line end; the test fails when psql does.
    QString psql(const QString &sql, const QString &database = QStringLiteral("postgres")) const;
    bool createDatabase(const QString &name);

    LocalCluster &cluster() { return m_cluster; }
    QString folder() const { return m_folder.path(); }
    int port() const { return m_cluster.status().port; }

private:
    QTemporaryDir m_folder;
    LocalCluster m_cluster;
    QString m_problem;
};

} // namespace Roost::Testing

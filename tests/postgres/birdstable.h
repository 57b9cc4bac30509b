#pragma once

#include "changetargets.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

namespace Roost::Testing {

/// A server with a table of twenty birds, a connection that applies changes to it and one that gets in its way.
class BirdsTable
{
public:
    bool start()
    {
        if (!cluster.start()) {
            return false;
        }
        connection = open();
        other = open();
        if (!connection || !other) {
            return false;
        }
        execute(QStringLiteral("CREATE TABLE birds (id integer PRIMARY KEY, name text, legs integer DEFAULT 2)"));
        target = targetOf(*connection, QStringLiteral("birds"));
        return true;
    }
    void stop()
    {
        other.reset();
        connection.reset();
    }
    void fill()
    {
        execute(QStringLiteral("TRUNCATE birds"));
        execute(QStringLiteral("INSERT INTO birds SELECT i, 'bird ' || i FROM generate_series(1, 20) i"));
    }

    std::unique_ptr<DatabaseConnection> open(const TcpProxy *proxy = nullptr)
    {
        ConnectionSpec spec = cluster.spec();
        if (proxy) {
            spec.parameters.host = QStringLiteral("127.0.0.1");
            spec.parameters.port = proxy->port();
        }
        auto opened = DatabaseConnection::open(spec);
        return opened ? std::move(*opened) : nullptr;
    }
    /// By the other session.
    void execute(const QString &sql) const
    {
        const auto done = other->execute(sql);
        if (!done) {
            qFatal("%s\n%s", qPrintable(done.error().detail), qPrintable(sql));
        }
    }
    QMap<QString, CellValues> rows(const QString &table = QStringLiteral("birds")) const
    {
        return rowsOf(*other, QStringLiteral("SELECT * FROM ") + table);
    }
    Result<ApplyOutcome> apply(const QList<RowChange> &changes) const
    {
        return applyChanges(*connection, target, changes);
    }

    TemporaryCluster cluster;
    std::unique_ptr<DatabaseConnection> connection;
    std::unique_ptr<DatabaseConnection> other;
    ChangeTarget target;
};

inline RowKey key(int number)
{
    return {QString::number(number)};
}

} // namespace Roost::Testing

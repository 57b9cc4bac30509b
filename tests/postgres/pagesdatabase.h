#pragma once

#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/temporarycluster.h"

#include <QStringList>

#include <memory>

namespace Roost::Testing {

/// A database with tables of every kind of key, order and value, and pages of them as lines to compare with psql's.
class PagesDatabase
{
public:
    /// False when the cluster does not start; see cluster().problem().
    [[nodiscard]] bool start();
    TemporaryCluster &cluster() { return m_cluster; }
    DatabaseConnection &connection() { return *m_connection; }
    ConnectionSpec spec() { return m_cluster.spec(name()); }
    static QString name() { return QStringLiteral("pages"); }

    /// `sort`: "a", "-b" (descending), apart by blanks.
    TableQuery query(const QString &table, const QString &sort = {}) const;
    RowPage fetch(const TableQuery &query);
    static QStringList lines(const RowPage &page);
    /// Page after page (or before page) from one end to the other, put together in the view's order.
    QStringList walk(TableQuery pages, bool backward);
    QStringList psqlLines(const QString &sql) const;

private:
    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    QList<RelationInfo> m_relations;
};

} // namespace Roost::Testing

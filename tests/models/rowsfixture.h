#pragma once

#include "modelfixture.h"
#include "models/rowsmodel.h"
#include "postgres/catalogreader.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QTest>

#include <algorithm>

namespace Roost::Testing {

/// A server with one database, reached directly or over a proxy, and tables of it as RowsModel::open() wants them.
class RowsFixture : public ModelFixture
{
public:
    [[nodiscard]] bool start()
    {
        if (!cluster.start()) {
            return false;
        }
        const ConnectionSpec spec = cluster.spec(database);
        direct = instanceOf(save(QStringLiteral("direct"), spec));
        proxy = std::make_unique<TcpProxy>(spec.parameters.port);
        ConnectionSpec behind = spec;
        behind.parameters.port = proxy->port();
        slow = instanceOf(save(QStringLiteral("slow"), behind));
        return true;
    }

    QString psql(const QString &sql) const { return cluster.psql(sql, database); }

    RelationInfo relation(const QString &name)
    {
        QObject receiver;
        RelationInfo found;
        bool isThere = false;
        sessions.read<QList<RelationInfo>>(
            direct, database, &receiver,
            [](DatabaseConnection &connection, const std::stop_token &stop) {
                return CatalogReader::relations(connection, stop);
            },
            [&](const Result<QList<RelationInfo>> &relations) {
                for (const RelationInfo &one : relations.value_or(QList<RelationInfo>())) {
                    found = one.id.name == name ? one : found;
                }
                isThere = true;
            });
        [[maybe_unused]] const bool came = QTest::qWaitFor([&] { return isThere; });
        return found;
    }

    /// Other sessions on the database that are doing something.
    int busySessions() const
    {
        return psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                   "  AND pid <> pg_backend_pid() AND state <> 'idle'"))
            .toInt();
    }

    const QString database = QStringLiteral("shop");
    TemporaryCluster cluster;
    std::unique_ptr<TcpProxy> proxy;
    Instance direct;
    Instance slow;
};

/// What a grid does: shows some rows, and goes along when they move.
class Viewer : public QObject
{
public:
    explicit Viewer(RowsModel *model, int rows = 40)
        : m_model(model)
        , m_rows(rows)
    {
        connect(model, &RowsModel::rowsMoved, this, [this](int by) { first += by; });
    }

    int last() const { return std::min(first + m_rows, m_model->rowCount()) - 1; }
    /// Scrolls there; does not wait.
    void look(int row)
    {
        first = std::clamp(row, 0, std::max(0, m_model->rowCount() - m_rows));
        m_model->setVisibleRows(first, last());
    }
    bool isAllLoaded() const
    {
        for (int row = first; row <= last(); ++row) {
            if (!m_model->index(row, 0).data(RowsModel::LoadedRole).toBool()) {
                return false;
            }
        }
        return true;
    }
    /// Scrolls there and waits until all of it is there.
    [[nodiscard]] bool show(int row)
    {
        look(row);
        return QTest::qWaitFor(
            [this] {
                if (isAllLoaded()) {
                    return true;
                }
                m_model->setVisibleRows(first, last()); // rows may have come or gone at the end
                return false;
            },
            10'000);
    }
    QString text(int row, int column) const
    {
        return m_model->index(row, column).data(RowsModel::FullTextRole).toString();
    }

    int first = 0;

private:
    RowsModel *m_model;
    int m_rows;
};

} // namespace Roost::Testing

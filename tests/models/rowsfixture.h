#pragma once

#include "modelfixture.h"
#include "models/rowsmodel.h"
#include "postgres/catalogreader.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <functional>

namespace Roost::Testing {

/// The process does not end before the threads of its sessions have.
class SessionsEnd
{
public:
    SessionsEnd() = default;
    ~SessionsEnd() { DatabaseSession::waitForEnded(std::chrono::seconds(10)); }
    Q_DISABLE_COPY_MOVE(SessionsEnd)
};

/// A server with one database, reached directly or over a proxy, and tables of it as RowsModel::open() wants them.
class RowsFixture : private SessionsEnd, public ModelFixture
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
        connect(model, &RowsModel::rowsMoved, this, [this](int by) { first = std::max(0, first + by); });
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
        return waitUntil([this] {
            if (isAllLoaded()) {
                return true;
            }
            m_model->setVisibleRows(first, last()); // rows may have come or gone at the end
            return false;
        });
    }
    /// As QTest::qWaitFor(), which looks only a hundred times a second.
    [[nodiscard]] static bool waitUntil(const std::function<bool()> &isSo)
    {
        QTimer wake;
        wake.start(20);
        const QDeadlineTimer deadline(std::chrono::seconds(10));
        while (!isSo()) {
            if (deadline.hasExpired()) {
                return false;
            }
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        }
        return true;
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

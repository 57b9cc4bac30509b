#pragma once

#include "core/result.h"
#include "gui/table/links/linkquery.h"
#include "models/instance.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <stop_token>

namespace Roost {

class SessionPool;

/// The rows that a foreign key may refer to, as far as they were read: by a search on the server, a page at a time. A
/// new search stops the one that is under way, on the server too. Lives in the GUI thread.
class LinkRowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum class State { Loading, Ready, Failed };

    LinkRowsModel(SessionPool *sessions, Instance instance, QString database, ForeignKey key, RowKey current,
                  QObject *parent = nullptr);
    ~LinkRowsModel() override;

    void search(const QString &text);
    const QString &searched() const { return m_search; }
    State state() const { return m_state; }
    const Error &error() const { return m_error; }
    bool hasMore() const { return m_hasMore; }
    RowKey key(int row) const;
    /// The row of the value that the cell has now; -1 when it is not there.
    int currentRow() const;
    const LinkQuery &query() const { return m_query; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

signals:
    void stateChanged();

private:
    using Rows = QList<QList<CellValue>>;
    struct Page
    {
        LinkQuery query;
        Rows rows;
    };
    void load(const RowKey &after);
    void arrived(const Result<std::shared_ptr<Page>> &page, bool isFirst);

    SessionPool *m_sessions;
    Instance m_instance;
    QString m_database;
    LinkQuery m_query;
    bool m_knowsColumns = false;
    RowKey m_current;
    QString m_search;
    Rows m_rows;
    State m_state = State::Loading;
    Error m_error;
    bool m_hasMore = false;
    int m_generation = 0;
    std::stop_source m_stop;
};

} // namespace Roost

#pragma once

#include "core/result.h"
#include "models/instance.h"
#include "postgres/tablequery.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace Roost {

class ActivityLog;
class SessionPool;

/// The rows of one table, page by page as the view scrolls. Nothing here waits: what is asked for arrives later, and an
/// answer to a question that is no longer of interest is dropped. Lives in the GUI thread.
class RowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        NullRole = Qt::UserRole + 1, ///< bool
        FullTextRole,                ///< the whole value; DisplayRole is cut and on one line
        NumericRole,                 ///< bool, of a column too
        TypeRole,                    ///< of a column: "int4"
        KeyRole                      ///< of a column: bool, part of the key
    };
    enum class State { Empty, Loading, Ready, Failed };

    RowsModel(SessionPool *sessions, ActivityLog *activity, QObject *parent = nullptr);

    /// Shows the first page of a table, whatever was shown before.
    void open(const Instance &instance, const QString &database, const RelationInfo &relation);
    /// Reads from the first page again; the rows stay until the answer is there.
    void refresh();
    /// Stops what is under way; nothing arrives any more.
    void stop();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    State state() const { return m_state; }
    const Error &error() const { return m_error; } ///< of the last page asked for, when Failed
    const RelationInfo &relation() const { return m_relation; }
    bool isComplete() const { return m_state == State::Ready && !m_hasMore; } ///< all rows are here

    /// How many rows the table has: exact when counted or all here, else the server's estimate, or nothing.
    struct Count
    {
        qint64 rows = -1;
        bool isExact = false;
    };
    Count count() const;
    /// Counts on a second session; countChanged() when done. Again while it runs: nothing.
    void countExactly();
    void cancelCount();
    bool isCounting() const { return m_isCounting; }

signals:
    void stateChanged();
    void countChanged();
    void countFailed(const Roost::Error &error);

private:
    void load(const TableQuery &query, bool isFirst);
    void arrived(const Result<std::shared_ptr<RowPage>> &page, bool isFirst);
    void setState(State state);
    struct Place
    {
        const RowPage *page;
        qsizetype row;
    };
    Place place(int row) const;
    QString shownText(const Place &at, int column) const;
    QStringList keyOf(int row) const;

    SessionPool *m_sessions;
    ActivityLog *m_activity;
    Instance m_instance;
    QString m_database;
    RelationInfo m_relation;
    QList<ResultColumn> m_columns;
    std::vector<RowPage> m_pages;
    std::vector<int> m_starts; ///< the first row of each page
    int m_rowCount = 0;
    bool m_hasMore = false;
    bool m_isLoading = false;
    bool m_isCounting = false;
    std::optional<qint64> m_exactCount;
    State m_state = State::Empty;
    Error m_error;
    int m_generation = 0;
};

} // namespace Roost

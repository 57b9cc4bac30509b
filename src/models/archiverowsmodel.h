#pragma once

#include "core/error.h"
#include "operations/archiverows.h"

#include <QAbstractTableModel>
#include <QPointer>

#include <memory>

namespace Roost {

class Job;
class JobRunner;

/// The rows of one table in a dump, as they stream out of it, a thousand at a time: whoever looks at the end of them
/// asks for more, and until then the tool that reads them waits. Lives in the GUI thread; its end stops the tool.
class ArchiveRowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum class State { Empty, Reading, Waiting, Complete, Full, Failed };
    Q_ENUM(State)

    /// What is kept of one value; the rest of a longer one is only counted.
    static constexpr qsizetype longestValue = 64 * 1024;
    /// Rows that are kept; what follows them can be exported.
    static constexpr int mostRows = 100'000;
    static constexpr int batch = 1000;

    enum Role {
        NullRole = Qt::UserRole, ///< whether it is NULL
        FullTextRole,            ///< the value as it is, up to longestValue
        BytesRole                ///< its length in the dump
    };

    explicit ArchiveRowsModel(JobRunner *jobs, QObject *parent = nullptr);
    ~ArchiveRowsModel() override;

    void open(const QString &file, const TableId &table);
    void clear();
    State state() const { return m_state; }
    const Error &error() const { return m_error; } ///< when Failed
    QStringList computedColumns() const { return m_computed; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

signals:
    void stateChanged();

private:
    struct Value
    {
        QByteArray text;
        qint64 bytes = 0;
        bool isNull = false;
    };
    using Row = std::vector<Value>;
    class Tap;

    void take();
    void ended(const Result<ArchiveRows> &result);
    void setState(State state);
    void stop();

    JobRunner *m_jobs;
    QPointer<Job> m_job;
    std::shared_ptr<Tap> m_tap;
    QList<DefinedColumn> m_columns;
    std::vector<Row> m_rows;
    QStringList m_computed;
    State m_state = State::Empty;
    Error m_error;
};

} // namespace Roost

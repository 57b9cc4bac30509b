#include "models/archiverowsmodel.h"

#include "jobs/jobrunner.h"
#include "postgres/typenames.h"

#include <condition_variable>
#include <mutex>

namespace Roost {

namespace {

constexpr qsizetype shownLength = 300;

QString onOneLine(QString text)
{
    for (QChar &character : text) {
        if (character == u'\n') {
            character = QChar(0x21B5); // ↵
        } else if (character.category() == QChar::Other_Control) {
            character = u' ';
        }
    }
    return text;
}

} // namespace

/// Between the thread that reads and the model: rows go in until there are as many as are wanted, then the reader
/// waits.
class ArchiveRowsModel::Tap
{
public:
    void begin(const QList<DefinedColumn> &columns)
    {
        const std::scoped_lock lock(m_mutex);
        m_columns = columns;
        m_hasColumns = true;
    }
    void add(const std::vector<CopyTextLine::Cell> &cells)
    {
        Row row;
        row.reserve(cells.size());
        for (const CopyTextLine::Cell &cell : cells) {
            row.push_back(
                {cell.text.first(qMin(cell.text.size(), longestValue)).toByteArray(), cell.text.size(), cell.isNull});
        }
        const std::scoped_lock lock(m_mutex);
        m_added += 1;
        m_rows.push_back(std::move(row));
    }
    /// False when it was stopped meanwhile.
    bool waitUntilWanted(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        return m_moreWanted.wait(lock, stop, [this] { return m_added < m_wanted; });
    }
    void want(qint64 rows)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_wanted = rows;
        }
        m_moreWanted.notify_all();
    }
    /// What came since the last time, and whether the reader has given all that is wanted.
    bool take(QList<DefinedColumn> &columns, bool &hasColumns, std::vector<Row> &rows)
    {
        const std::scoped_lock lock(m_mutex);
        columns = m_columns;
        hasColumns = m_hasColumns;
        rows.swap(m_rows);
        return m_added >= m_wanted;
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_moreWanted;
    QList<DefinedColumn> m_columns;
    std::vector<Row> m_rows;
    qint64 m_added = 0;
    qint64 m_wanted = batch;
    bool m_hasColumns = false;
};

ArchiveRowsModel::ArchiveRowsModel(JobRunner *jobs, QObject *parent)
    : QAbstractTableModel(parent)
    , m_jobs(jobs)
{
}

ArchiveRowsModel::~ArchiveRowsModel()
{
    stop();
}

void ArchiveRowsModel::stop()
{
    if (m_job) {
        m_job->disconnect(this);
        m_job->cancel();
    }
    m_job.clear();
    m_tap.reset();
}

void ArchiveRowsModel::clear()
{
    stop();
    beginResetModel();
    m_columns.clear();
    m_rows.clear();
    m_computed.clear();
    m_error = {};
    endResetModel();
    setState(State::Empty);
}

void ArchiveRowsModel::open(const QString &file, const TableId &table)
{
    clear();
    m_tap = std::make_shared<Tap>();
    const auto tap = m_tap;
    setState(State::Reading);
    m_job = m_jobs->runQuietly<ArchiveRows>(
        [tap, file, table](JobContext &context) {
            const auto tell = [&context] { context.report({}); }; // the window fetches the rows then
            const ArchiveRowsSink sink{[&](const TableId &, const QList<DefinedColumn> &columns) {
                                           tap->begin(columns);
                                           tell();
                                           return true;
                                       },
                                       [&](const std::vector<CopyTextLine::Cell> &cells) {
                                           tap->add(cells);
                                           tell(); // last, so that no row lies there unfetched
                                           return tap->waitUntilWanted(context.stopToken());
                                       }};
            return readArchiveRows({file, table, mostRows}, sink, context);
        },
        this,
        [this, tap](const Result<ArchiveRows> &result) {
            if (tap == m_tap) {
                ended(result);
            }
        });
    connect(m_job, &Job::changed, this, &ArchiveRowsModel::take);
}

void ArchiveRowsModel::take()
{
    if (!m_tap) {
        return;
    }
    QList<DefinedColumn> columns;
    std::vector<Row> rows;
    bool hasColumns = false;
    const bool isFilled = m_tap->take(columns, hasColumns, rows);
    if (hasColumns && m_columns.isEmpty() && !columns.isEmpty()) {
        beginResetModel();
        m_columns = columns;
        endResetModel();
    }
    if (!rows.empty()) {
        const int first = int(m_rows.size());
        beginInsertRows({}, first, first + int(rows.size()) - 1);
        std::move(rows.begin(), rows.end(), std::back_inserter(m_rows));
        endInsertRows();
    }
    if (isFilled && m_state == State::Reading) {
        setState(State::Waiting);
    } else if (!rows.empty()) {
        emit stateChanged();
    }
}

void ArchiveRowsModel::ended(const Result<ArchiveRows> &result)
{
    take();
    m_tap.reset();
    m_job.clear();
    if (!result) {
        m_error = result.error();
        setState(State::Failed);
        return;
    }
    m_computed = result->computed;
    setState(result->hasMore ? State::Full : State::Complete);
}

void ArchiveRowsModel::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

int ArchiveRowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ArchiveRowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

QVariant ArchiveRowsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Value &value = m_rows.at(size_t(index.row())).at(size_t(index.column()));
    switch (role) {
    case Qt::DisplayRole:
        if (value.isNull) {
            return QStringLiteral("NULL");
        }
        return onOneLine(QString::fromUtf8(value.text.first(qMin(value.text.size(), 4 * shownLength)))
                             .left(shownLength + 1)) +
               (value.bytes > 4 * shownLength ? QStringLiteral("…") : QString());
    case Qt::AccessibleTextRole:
        return value.isNull ? tr("null") : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter |
                        (TypeNames::isNumeric(m_columns.at(index.column()).typeOid) ? Qt::AlignRight : Qt::AlignLeft));
    case NullRole:
        return value.isNull;
    case FullTextRole:
        return value.isNull ? QVariant() : QString::fromUtf8(value.text);
    case BytesRole:
        return value.bytes;
    default:
        return {};
    }
}

QVariant ArchiveRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    }
    if (section < 0 || section >= m_columns.size()) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = TypeNames::isNumeric(m_columns.at(section).typeOid);
        return QVariant(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    return role == Qt::DisplayRole ? QVariant(m_columns.at(section).name) : QVariant();
}

bool ArchiveRowsModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_state == State::Waiting;
}

void ArchiveRowsModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent) && m_tap) {
        setState(State::Reading);
        m_tap->want(qint64(m_rows.size()) + batch);
    }
}

} // namespace Roost

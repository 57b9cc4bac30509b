#include "models/rowsmodel.h"

#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr int firstPage = 200; ///< a screen and more, in one round trip
constexpr int nextPages = 500;
constexpr qsizetype longestShown = 400; ///< bytes of a value that a cell shows

/// The start of a UTF-8 text, not cut inside a character.
QByteArrayView head(QByteArrayView text, qsizetype longest)
{
    if (text.size() <= longest) {
        return text;
    }
    qsizetype end = longest;
    while (end > 0 && (uchar(text[end]) & 0xC0) == 0x80) {
        --end;
    }
    return text.first(end);
}

} // namespace

RowsModel::RowsModel(SessionPool *sessions, ActivityLog *activity, QObject *parent)
    : QAbstractTableModel(parent)
    , m_sessions(sessions)
    , m_activity(activity)
{
}

void RowsModel::open(const Instance &instance, const QString &database, const RelationInfo &relation)
{
    stop();
    beginResetModel();
    m_instance = instance;
    m_database = database;
    m_relation = relation;
    m_columns.clear();
    m_pages.clear();
    m_starts.clear();
    m_rowCount = 0;
    m_hasMore = false;
    m_exactCount.reset();
    endResetModel();
    refresh();
}

void RowsModel::refresh()
{
    stop();
    TableQuery query;
    query.table = m_relation.id;
    query.keyColumns = m_relation.keyColumns;
    query.limit = firstPage;
    setState(State::Loading);
    load(query, true);
}

void RowsModel::stop()
{
    ++m_generation;
    m_isLoading = false;
    if (m_isCounting) {
        m_isCounting = false;
        emit countChanged();
    }
}

void RowsModel::load(const TableQuery &query, bool isFirst)
{
    m_isLoading = true;
    const int generation = m_generation;
    if (isFirst) {
        m_activity->add(tr("Rows of %1").arg(query.table.name),
                        QStringLiteral("SELECT * FROM %1 LIMIT %2;").arg(query.table.quoted()).arg(query.limit),
                        query.sql());
    }
    m_sessions->read<std::shared_ptr<RowPage>>(
        m_instance, m_database, this,
        [query](DatabaseConnection &connection, const std::stop_token &stop) -> Result<std::shared_ptr<RowPage>> {
            auto page = fetchPage(connection, query, stop);
            if (!page) {
                return tl::unexpected<Error>(std::move(page).error());
            }
            return std::make_shared<RowPage>(std::move(*page));
        },
        [this, generation, isFirst](const Result<std::shared_ptr<RowPage>> &page) {
            if (generation == m_generation) {
                arrived(page, isFirst);
            }
        });
}

void RowsModel::arrived(const Result<std::shared_ptr<RowPage>> &page, bool isFirst)
{
    if (!page) {
        m_isLoading = false;
        m_error = page.error();
        setState(State::Failed);
        return;
    }
    RowPage &rows = **page;
    const int count = int(rows.rowCount());
    if (isFirst) {
        beginResetModel();
        m_pages.clear();
        m_starts.clear();
        m_rowCount = 0;
        m_columns = rows.columns;
        m_exactCount.reset();
    } else if (count > 0) {
        beginInsertRows({}, m_rowCount, m_rowCount + count - 1);
    }
    const bool hasMore = rows.hasMore;
    if (count > 0) {
        m_starts.push_back(m_rowCount);
        m_rowCount += count;
        m_pages.push_back(std::move(rows));
    }
    if (isFirst) {
        endResetModel();
    } else if (count > 0) {
        endInsertRows();
    }
    // Only now: a view that asks for more in the middle of the change would ask for the same rows again.
    m_hasMore = hasMore;
    m_isLoading = false;
    setState(State::Ready);
    emit countChanged();
}

void RowsModel::setState(State state)
{
    m_state = state;
    emit stateChanged();
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rowCount;
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

RowsModel::Place RowsModel::place(int row) const
{
    const auto after = std::upper_bound(m_starts.begin(), m_starts.end(), row);
    const auto page = size_t(after - m_starts.begin()) - 1;
    return {&m_pages[page], row - m_starts[page]};
}

QString RowsModel::shownText(const Place &at, int column) const
{
    const QByteArrayView whole = at.page->utf8(at.row, column);
    const QByteArrayView shown = head(whole, longestShown);
    QString text = QString::fromUtf8(shown);
    text.replace(QStringLiteral("\r\n"), QStringLiteral("↵"));
    text.replace(QLatin1Char('\n'), QChar(0x21B5));
    text.replace(QLatin1Char('\t'), QChar(0x21E5));
    if (shown.size() < whole.size()) {
        text += QChar(0x2026);
    }
    return text;
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const ResultColumn &column = m_columns[index.column()];
    if (role == NumericRole) {
        return column.isNumeric;
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment((column.isNumeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    const Place at = place(index.row());
    const bool isNull = at.page->isNull(at.row, index.column());
    switch (role) {
    case NullRole:
        return isNull;
    case Qt::DisplayRole:
        return isNull ? QStringLiteral("NULL") : shownText(at, index.column());
    case Qt::AccessibleTextRole:
        return isNull ? tr("null") : shownText(at, index.column());
    case FullTextRole:
        return isNull ? QVariant() : at.page->text(at.row, index.column());
    case Qt::ToolTipRole: {
        const QByteArrayView text = at.page->utf8(at.row, index.column());
        constexpr qsizetype briefest = 40;
        if (isNull || text.size() < briefest) {
            return {};
        }
        constexpr qsizetype longest = 2000;
        return QString::fromUtf8(head(text, longest));
    }
    default:
        return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    }
    if (section < 0 || section >= m_columns.size()) {
        return {};
    }
    const ResultColumn &column = m_columns[section];
    const bool isKey = m_relation.keyColumns.contains(column.name);
    switch (role) {
    case Qt::DisplayRole:
        return column.name;
    case TypeRole:
        return column.type;
    case KeyRole:
        return isKey;
    case NumericRole:
        return column.isNumeric;
    case Qt::ToolTipRole:
        return isKey ? tr("%1\n%2, part of the key").arg(column.name, column.type)
                     : QStringLiteral("%1\n%2").arg(column.name, column.type);
    case Qt::AccessibleTextRole:
        return isKey ? tr("%1, %2, key").arg(column.name, column.type)
                     : QStringLiteral("%1, %2").arg(column.name, column.type);
    default:
        return {};
    }
}

bool RowsModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_hasMore && !m_isLoading && m_state == State::Ready;
}

QStringList RowsModel::keyOf(int row) const
{
    const Place at = place(row);
    QStringList key;
    for (const QString &name : m_relation.keyColumns) {
        for (qsizetype column = 0; column < m_columns.size(); ++column) {
            if (m_columns[column].name == name) {
                key += at.page->text(at.row, column);
                break;
            }
        }
    }
    return key;
}

void RowsModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent)) {
        return;
    }
    TableQuery query;
    query.table = m_relation.id;
    query.keyColumns = m_relation.keyColumns;
    query.limit = nextPages;
    query.after = keyOf(m_rowCount - 1);
    query.offset = m_rowCount;
    load(query, false);
}

RowsModel::Count RowsModel::count() const
{
    if (isComplete()) {
        return {m_rowCount, true};
    }
    if (m_exactCount) {
        return {*m_exactCount, true};
    }
    // An estimate below what is already here is known to be wrong.
    const qint64 estimate = m_relation.estimatedRows < 0 ? -1 : std::max<qint64>(m_relation.estimatedRows, m_rowCount);
    return {estimate, m_relation.rowsAreExact && estimate == m_relation.estimatedRows};
}

void RowsModel::countExactly()
{
    if (m_isCounting || m_relation.id.name.isEmpty()) {
        return;
    }
    m_isCounting = true;
    emit countChanged();
    const int generation = m_generation;
    m_activity->add(tr("Rows of %1, counted").arg(m_relation.id.name),
                    QStringLiteral("SELECT count(*) FROM %1;").arg(m_relation.id.quoted()),
                    QStringLiteral("SELECT count(*) FROM %1").arg(m_relation.id.quoted()));
    m_sessions->read<qint64>(
        m_instance, m_database, this,
        [table = m_relation.id](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::countRows(connection, table, stop);
        },
        [this, generation](const Result<qint64> &count) {
            if (generation != m_generation) {
                return;
            }
            m_isCounting = false;
            if (count) {
                m_exactCount = *count;
            } else if (!count.error().isCancelled()) {
                emit countFailed(count.error());
            }
            emit countChanged();
        },
        SessionPool::Lane::Beside);
}

void RowsModel::cancelCount()
{
    if (m_isCounting) {
        m_sessions->cancel(m_instance.id, m_database, SessionPool::Lane::Beside);
    }
}

} // namespace Roost

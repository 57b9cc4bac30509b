#include "gui/table/links/linkrowsmodel.h"

#include "gui/theme/theme.h"
#include "models/sessionpool.h"

#include <QFont>
#include <QSqlQuery>

namespace Roost {

namespace {

Result<QList<RowColumn>> readColumns(DatabaseConnection &connection, const TableId &table, const std::stop_token &stop)
{
    const SqlStatement statement = linkColumnsStatement(table);
    auto answer = connection.query(statement.sql, statement.parameters, stop);
    if (!answer) {
        return failure(answer.error());
    }
    QList<RowColumn> columns;
    while (answer->next()) {
        RowColumn column;
        column.name = answer->value(0).toString();
        column.type = answer->value(1).toString();
        column.notNull = answer->value(2).toString() == QStringLiteral("t");
        column.category = answer->value(3).toString().toLatin1().front();
        column.baseOid = answer->value(4).toString().toUInt();
        column.isNumeric = column.category == 'N';
        columns += column;
    }
    return columns;
}

CellValue cellOf(const QVariant &value)
{
    return value.isNull() ? CellValue() : CellValue(value.toString());
}

} // namespace

LinkRowsModel::LinkRowsModel(SessionPool *sessions, Instance instance, QString database, ForeignKey key, RowKey current,
                             QObject *parent)
    : QAbstractTableModel(parent)
    , m_sessions(sessions)
    , m_instance(std::move(instance))
    , m_database(std::move(database))
    , m_current(std::move(current))
{
    m_query.key = std::move(key);
}

LinkRowsModel::~LinkRowsModel()
{
    m_stop.request_stop();
}

void LinkRowsModel::search(const QString &text)
{
    m_search = text;
    load({});
}

void LinkRowsModel::load(const RowKey &after)
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    const int generation = ++m_generation;
    const bool isFirst = after.isEmpty();
    m_state = State::Loading;
    emit stateChanged();
    m_sessions->read<std::shared_ptr<Page>>(
        m_instance, m_database, this,
        [query = m_query, knowsColumns = m_knowsColumns, search = m_search, current = m_current, after, ours = m_stop](
            DatabaseConnection &connection, const std::stop_token &sessions) mutable -> Result<std::shared_ptr<Page>> {
            const std::stop_callback both(sessions, [&ours] { ours.request_stop(); });
            auto page = std::make_shared<Page>();
            page->query = query;
            if (!knowsColumns) {
                const auto columns = readColumns(connection, query.key.to, ours.get_token());
                if (!columns) {
                    return failure(columns.error());
                }
                page->query = LinkQuery::make(query.key, *columns);
                if (page->query.keyColumns.isEmpty()) {
                    return failure(ErrorCode::NotFound,
                                   tr("The table %1 has not the columns any more that are referred to. Reload the "
                                      "table and try again.")
                                       .arg(query.key.to.name));
                }
            }
            const SqlStatement statement = page->query.statement(search, current, after);
            auto answer = connection.query(statement.sql, statement.parameters, ours.get_token());
            if (!answer) {
                return failure(answer.error());
            }
            const auto columns = int(page->query.keyColumns.size() + page->query.telling.size());
            while (answer->next()) {
                QList<CellValue> row;
                for (int column = 0; column < columns; ++column) {
                    row += cellOf(answer->value(column));
                }
                page->rows += row;
            }
            return page;
        },
        [this, generation, isFirst](const Result<std::shared_ptr<Page>> &page) {
            if (generation == m_generation) {
                arrived(page, isFirst);
            }
        },
        SessionPool::Lane::Beside);
}

void LinkRowsModel::arrived(const Result<std::shared_ptr<Page>> &page, bool isFirst)
{
    if (!page) {
        m_error = page.error();
        m_state = State::Failed;
        m_hasMore = false;
        emit stateChanged();
        return;
    }
    Rows rows = (*page)->rows;
    // The row of the current value came besides, at the front.
    const bool hasCurrent = isFirst && !rows.isEmpty() && !m_current.isEmpty() && [&rows, this] {
        for (qsizetype i = 0; i < m_current.size(); ++i) {
            if (rows.first()[i] != m_current[i]) {
                return false;
            }
        }
        return true;
    }();
    const qsizetype most = LinkQuery::pageSize + (hasCurrent ? 1 : 0);
    m_hasMore = rows.size() > most;
    if (m_hasMore) {
        rows.resize(most);
    }
    if (isFirst) {
        beginResetModel();
        m_query = (*page)->query;
        m_knowsColumns = true;
        m_rows = rows;
        endResetModel();
    } else if (!rows.isEmpty()) {
        const auto first = int(m_rows.size());
        beginInsertRows({}, first, first + int(rows.size()) - 1);
        m_rows += rows;
        endInsertRows();
    }
    m_state = State::Ready;
    emit stateChanged();
}

RowKey LinkRowsModel::key(int row) const
{
    RowKey key;
    for (qsizetype i = 0; i < m_query.keyColumns.size() && row >= 0 && row < m_rows.size(); ++i) {
        key += m_rows[row][i].value_or(QString());
    }
    return key;
}

int LinkRowsModel::currentRow() const
{
    return !m_rows.isEmpty() && !m_current.isEmpty() && key(0) == m_current ? 0 : -1;
}

int LinkRowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int LinkRowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_knowsColumns ? 0 : int(m_query.keyColumns.size() + m_query.telling.size());
}

QVariant LinkRowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const CellValue &value = m_rows[index.row()][index.column()];
    const bool isKey = index.column() < m_query.keyColumns.size();
    switch (role) {
    case Qt::DisplayRole:
        return value ? value->left(200).simplified() : QStringLiteral("NULL");
    case Qt::AccessibleTextRole:
        return value ? value->left(200).simplified() : tr("null");
    case Qt::FontRole:
        if (!value) {
            QFont font;
            font.setItalic(true);
            return font;
        }
        return {};
    case Qt::ForegroundRole:
        return value ? QVariant() : QVariant(Theme::instance().colors().subtle);
    case Qt::TextAlignmentRole:
        return int((isKey && m_query.keyColumns[index.column()].isNumeric ? Qt::AlignRight : Qt::AlignLeft) |
                   Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant LinkRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical || section < 0 || section >= columnCount()) {
        return {};
    }
    const auto keys = int(m_query.keyColumns.size());
    const RowColumn &column = section < keys ? m_query.keyColumns[section] : m_query.telling[section - keys];
    if (role == Qt::DisplayRole) {
        return column.name;
    }
    if (role == Qt::TextAlignmentRole) {
        return int((column.isNumeric && section < keys ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return {};
}

bool LinkRowsModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_hasMore && m_state == State::Ready;
}

void LinkRowsModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent)) {
        // The last row that is not the current value's: that one stands out of the order.
        load(key(int(m_rows.size()) - 1));
    }
}

} // namespace Roost

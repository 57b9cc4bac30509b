#include "postgres/pagereader.h"

#include "postgres/databaseconnection.h"
#include "postgres/longvalues.h"
#include "postgres/postgresresult.h"
#include "postgres/typenames.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

#define ROOST_LIBPQ_TABLE_ONLY // looked up once a page, not once a cell
#include "postgres/libpq.h"

namespace Roost {

namespace {

struct PageReaderText
{
    Q_DECLARE_TR_FUNCTIONS(PageReaderText)
};

/// Asks for the names of types that nobody has named yet: the database's own.
Result<void> nameTypes(DatabaseConnection &connection, const QStringList &oids, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(
        QStringLiteral("SELECT t.oid, CASE WHEN e.oid IS NULL THEN t.typname ELSE e.typname || '[]' END"
                       "  FROM pg_catalog.pg_type t"
                       "  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'"
                       " WHERE t.oid = ANY ($1::pg_catalog.oid[])"),
        {u'{' + oids.join(u',') + u'}'}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    QHash<unsigned, QString> names;
    while (rows->next()) {
        names.insert(rows->value(0).toString().toUInt(), rows->value(1).toString());
    }
    TypeNames::remember(connection.parameters(), names);
    return {};
}

/// As the result names them, but the hidden ones at its end.
Result<QList<ResultColumn>> columnsOf(DatabaseConnection &connection, const PGresult *result, int count,
                                      const std::stop_token &stop)
{
    QList<ResultColumn> columns;
    QStringList unnamed;
    for (int i = 0; i < count; ++i) {
        const unsigned oid = libPq().PQftype(result, i);
        columns += ResultColumn{QString::fromUtf8(libPq().PQfname(result, i)),
                                TypeNames::of(connection.parameters(), oid), oid, TypeNames::isNumeric(oid)};
        if (columns.constLast().type.isEmpty()) {
            unnamed += QString::number(oid);
        }
    }
    if (unnamed.isEmpty()) {
        return columns;
    }
    if (const Result<void> named = nameTypes(connection, unnamed, stop); !named) {
        return failure(named.error());
    }
    for (ResultColumn &column : columns) {
        column.type = TypeNames::of(connection.parameters(), column.typeOid);
    }
    return columns;
}

QList<ResultColumn> columnsOf(const TableQuery &query)
{
    QList<ResultColumn> columns;
    columns.reserve(query.columns.size());
    for (const RowColumn &column : query.columns) {
        columns += ResultColumn{column.name, column.shortType, column.typeOid, column.isNumeric};
    }
    return columns;
}

/// Fills a page from a result.
class PageFiller
{
public:
    PageFiller(RowPage &page, const PGresult *result, const PageStatement &statement)
        : m_page(page)
        , m_libPq(libPq())
        , m_result(result)
        , m_statement(statement)
        , m_columns(int(page.columns.size()))
        , m_place(m_columns + int(statement.longColumns.size()))
        , m_hiddenOf(size_t(m_columns), -1)
    {
        for (qsizetype i = 0; i < statement.longColumns.size(); ++i) {
            m_hiddenOf[size_t(statement.longColumns.at(i))] = m_columns + int(i);
        }
    }

    /// False when the page would be larger than a RowPage can be.
    bool fill(int rows);

private:
    bool append(int source, qsizetype row);
    QByteArrayView cell(int row, int column) const
    {
        return {m_libPq.PQgetvalue(m_result, row, column), m_libPq.PQgetlength(m_result, row, column)};
    }

    RowPage &m_page;
    const LibPq &m_libPq;
    const PGresult *m_result;
    const PageStatement &m_statement;
    int m_columns;
    int m_place; ///< the result's column of the ctid or number
    std::vector<int> m_hiddenOf;
    QList<QByteArray> m_places;
};

bool PageFiller::fill(int rows)
{
    m_page.reserve(qsizetype(rows) * m_columns);
    for (int row = 0; row < rows; ++row) {
        if (!append(m_statement.isReversed ? rows - 1 - row : row, row)) {
            return false;
        }
    }
    m_page.squeeze();
    m_page.setPlaces(m_places);
    if (m_statement.hasNumber && rows > 0) {
        m_page.setFirstNumber(cell(0, m_place).toLongLong());
    }
    return true;
}

bool PageFiller::append(int source, qsizetype row)
{
    for (int column = 0; column < m_columns; ++column) {
        QByteArrayView value = cell(source, column);
        bool isNull = value.isEmpty() && m_libPq.PQgetisnull(m_result, source, column);
        const int hidden = isNull ? m_hiddenOf[size_t(column)] : -1;
        if (hidden >= 0) {
            if (const auto beginning = LongValues::parse(cell(source, hidden))) {
                value = beginning->text;
                isNull = false;
                m_page.setShortened(row, column, beginning->bytes);
            }
        }
        if (m_page.byteCount() + value.size() > std::numeric_limits<qint32>::max()) {
            return false;
        }
        m_page.append(isNull ? std::nullopt : std::optional(value));
    }
    if (m_statement.hasPlace) {
        m_places += cell(source, m_place).toByteArray();
    }
    return true;
}

QList<qsizetype> placesOf(const RowPage &page, const QStringList &names)
{
    QList<qsizetype> places;
    for (const QString &name : names) {
        for (qsizetype i = 0; i < page.columns.size(); ++i) {
            if (page.columns.at(i).name == name) {
                places += i;
                break;
            }
        }
    }
    return places;
}

/// What says where the page's rows are, beside their own values.
void describePlaces(RowPage &page, const TableQuery &query)
{
    const Paging paging = query.paging();
    QStringList orderColumns;
    for (const SortColumn &column : query.order()) {
        orderColumns += column.column;
    }
    if (paging == Paging::ByPlace) {
        orderColumns.removeLast(); // the ctid is no column of the page
    }
    page.setBoundColumns(paging == Paging::ByOffset ? QList<qsizetype>() : placesOf(page, orderColumns),
                         placesOf(page, query.keyColumns));
}

} // namespace

Result<RowPage> readPage(DatabaseConnection &connection, const TableQuery &query, const PageStatement &statement,
                         int limit, const std::stop_token &stop)
{
    // A plan for any filter may be a bad one for most; pages alone differ only in where they begin.
    const bool isKept = query.filter.isEmpty() && limit > 1;
    const Result<PgResultPtr> rows = connection.rows(statement.statement, isKept, stop);
    if (!rows) {
        return failure(rows.error());
    }
    const PGresult *result = rows->get();
    const int rowCount = libPq().PQntuples(result);
    RowPage page;
    page.hasMore = rowCount > limit;
    page.columns = columnsOf(query);
    if (page.columns.isEmpty()) {
        const int hidden = statement.hasPlace || statement.hasNumber ? 1 : 0;
        Result<QList<ResultColumn>> columns = columnsOf(connection, result, libPq().PQnfields(result) - hidden, stop);
        if (!columns) {
            return failure(columns.error());
        }
        page.columns = *columns;
    }
    describePlaces(page, query);
    if (!PageFiller(page, result, statement).fill(qMin(rowCount, limit))) {
        return failure(ErrorCode::InvalidInput,
                       PageReaderText::tr("These rows are larger than 2 GB together. Show fewer rows at a time."));
    }
    return page;
}

} // namespace Roost

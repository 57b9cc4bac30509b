#include "postgres/postgresresult.h"

#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"

#include <QSqlError>
#include <QSqlField>
#include <QSqlRecord>
#include <QVariant>

#include "postgres/libpq.h"

namespace Roost {

namespace {

const PostgresDriver *ours(const QSqlDriver *driver)
{
    return static_cast<const PostgresDriver *>(driver);
}

bool hasCell(const PGresult *rows, int row, int column)
{
    return rows && row >= 0 && row < PQntuples(rows) && column >= 0 && column < PQnfields(rows);
}

} // namespace

PostgresResult::PostgresResult(const PostgresDriver *driver)
    : QSqlResult(driver)
{
}

PostgresResult::~PostgresResult()
{
    finish();
}

const PostgresResult *PostgresResult::of(const QSqlQuery &query)
{
    return dynamic_cast<const PostgresResult *>(query.result());
}

PostgresLink *PostgresResult::link() const
{
    return driver() ? &ours(driver())->link() : nullptr;
}

const PGresult *PostgresResult::shape() const
{
    if (!m_rows && !m_waiting.empty()) {
        return m_waiting.front().get();
    }
    return m_rows.get();
}

int PostgresResult::columnCount() const
{
    return shape() ? PQnfields(shape()) : 0;
}

QString PostgresResult::columnName(int column) const
{
    return QString::fromUtf8(shape() ? PQfname(shape(), column) : nullptr);
}

unsigned PostgresResult::typeOid(int column) const
{
    return shape() ? PQftype(shape(), column) : 0;
}

int PostgresResult::typeModifier(int column) const
{
    return shape() ? PQfmod(shape(), column) : -1;
}

int PostgresResult::rowCount() const
{
    return m_isStream || !m_rows ? -1 : PQntuples(m_rows.get());
}

QByteArrayView PostgresResult::utf8(int row, int column) const
{
    if (!hasCell(m_rows.get(), row, column)) {
        return {};
    }
    return {PQgetvalue(m_rows.get(), row, column), PQgetlength(m_rows.get(), row, column)};
}

bool PostgresResult::isNullAt(int row, int column) const
{
    return !hasCell(m_rows.get(), row, column) || PQgetisnull(m_rows.get(), row, column);
}

QByteArrayView PostgresResult::utf8(int column) const
{
    return utf8(m_isStream ? 0 : at(), column);
}

bool PostgresResult::isNullAt(int column) const
{
    return isNullAt(m_isStream ? 0 : at(), column);
}

QVariant PostgresResult::data(int column)
{
    if (isNullAt(column)) {
        return QVariant(QMetaType(QMetaType::QString));
    }
    return QString::fromUtf8(utf8(column));
}

bool PostgresResult::savePrepare(const QString &sql)
{
    // Qt would look for ":name" and "?" here, which are also slices of arrays and operators of jsonb.
    return prepare(sql);
}

bool PostgresResult::prepare(const QString &sql)
{
    clear();
    setQuery(sql);
    return true;
}

bool PostgresResult::exec()
{
    return run(lastQuery(), boundValues());
}

bool PostgresResult::reset(const QString &sql)
{
    setQuery(sql);
    return run(sql, {});
}

bool PostgresResult::fail(const Error &error)
{
    m_error = error;
    if (const PostgresLink *owner = link()) {
        m_message = owner->lastMessage();
    }
    const bool isConnection = error.code == ErrorCode::ConnectionLost;
    setLastError(QSqlError(error.message, error.detail,
                           isConnection ? QSqlError::ConnectionError : QSqlError::StatementError,
                           QString::fromLatin1(error.sqlState)));
    return false;
}

bool PostgresResult::run(const QString &sql, const QVariantList &parameters)
{
    finish();
    setActive(false);
    setSelect(false);
    setAt(QSql::BeforeFirstRow);
    m_error = {};
    m_message = {};
    m_affected = -1;
    const PostgresDriver *driver = ours(QSqlResult::driver());
    if (!driver) {
        return fail({ErrorCode::ConnectionLost, {}, {}, {}});
    }
    driver->settle();
    m_stop = driver->stopToken();
    m_isStream = isForwardOnly();
    PostgresLink &link = driver->link();
    Result<PgResultPtr> result = PgResultPtr();
    if (m_isStream) {
        const Result<void> sent = link.send(sql, parameters, PostgresLink::Rows::OneByOne, m_stop);
        result = sent ? link.nextResult(m_stop) : failure(sent.error());
    } else {
        result = link.run(sql, parameters, m_stop);
    }
    if (!result) {
        return fail(result.error());
    }
    PgResultPtr first = std::move(*result);
    setSelect(first && PQnfields(first.get()) > 0);
    setActive(true);
    if (m_isStream) {
        driver->m_flowing = this;
        m_isFlowing = true;
        if (first && PQresultStatus(first.get()) == PGRES_SINGLE_TUPLE) {
            m_waiting.push_back(std::move(first));
            return true;
        }
        m_rows = std::move(first);
        endFlow();
        return m_error.message.isEmpty();
    }
    m_rows = std::move(first);
    const QByteArray affected = m_rows ? PQcmdTuples(m_rows.get()) : "";
    m_affected = affected.isEmpty() ? -1 : affected.toInt();
    return true;
}

/// The last part of a stream is in m_rows: takes its count, and reads the end of the answer.
void PostgresResult::endFlow()
{
    const QByteArray affected = m_rows ? PQcmdTuples(m_rows.get()) : "";
    m_affected = affected.isEmpty() ? -1 : affected.toInt();
    while (true) {
        const Result<PgResultPtr> rest = link()->nextResult(m_stop);
        if (!rest) {
            fail(rest.error());
        }
        if (!rest || !*rest) {
            break;
        }
    }
    m_isFlowing = false;
    ours(driver())->m_flowing = nullptr;
}

bool PostgresResult::takeStreamedRow()
{
    if (!m_waiting.empty()) {
        m_rows = std::move(m_waiting.front());
        m_waiting.pop_front();
        return PQntuples(m_rows.get()) > 0;
    }
    if (!m_isFlowing) {
        return false;
    }
    Result<PgResultPtr> next = link()->nextResult(m_stop);
    if (!next) {
        m_isFlowing = false;
        ours(driver())->m_flowing = nullptr;
        return fail(next.error());
    }
    m_rows = std::move(*next);
    if (m_rows && PQresultStatus(m_rows.get()) == PGRES_SINGLE_TUPLE) {
        return true;
    }
    endFlow();
    return false;
}

void PostgresResult::keepRest()
{
    while (m_isFlowing) {
        Result<PgResultPtr> next = link()->nextResult(m_stop);
        if (!next) {
            fail(next.error());
        } else if (*next) {
            m_waiting.push_back(std::move(*next));
            continue;
        }
        m_isFlowing = false;
        ours(driver())->m_flowing = nullptr;
    }
}

void PostgresResult::finish()
{
    m_rows.reset();
    m_waiting.clear();
    if (m_isFlowing && driver()) {
        link()->discardAnswer();
        ours(driver())->m_flowing = nullptr;
    }
    m_isFlowing = false;
}

bool PostgresResult::fetchNext()
{
    if (!m_isStream) {
        return fetch(at() + 1);
    }
    if (!takeStreamedRow()) {
        setAt(QSql::AfterLastRow);
        return false;
    }
    setAt(at() < 0 ? 0 : at() + 1);
    return true;
}

bool PostgresResult::fetchFirst()
{
    if (m_isStream) {
        return at() == QSql::BeforeFirstRow && fetchNext();
    }
    return fetch(0);
}

bool PostgresResult::fetchLast()
{
    if (!m_isStream) {
        return fetch(rowCount() - 1);
    }
    bool hasRow = false;
    while (fetchNext()) {
        hasRow = true;
    }
    return hasRow;
}

bool PostgresResult::fetch(int row)
{
    if (m_isStream) {
        while (at() < row) {
            if (!fetchNext()) {
                return false;
            }
        }
        return at() == row;
    }
    if (row < 0 || row >= rowCount()) {
        return false;
    }
    setAt(row);
    return true;
}

int PostgresResult::size()
{
    return rowCount();
}

int PostgresResult::numRowsAffected()
{
    return m_affected;
}

QSqlRecord PostgresResult::record() const
{
    QSqlRecord record;
    for (int column = 0; column < columnCount(); ++column) {
        record.append(QSqlField(columnName(column), QMetaType(QMetaType::QString)));
    }
    return record;
}

void PostgresResult::detachFromResultSet()
{
    finish();
}

} // namespace Roost

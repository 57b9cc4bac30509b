#pragma once

#include "core/error.h"
#include "postgres/servermessage.h"

#include <QByteArrayView>
#include <QSqlQuery>
#include <QSqlResult>

#include <deque>
#include <memory>
#include <stop_token>

namespace Roost {

class PostgresDriver;
class PostgresLink;

struct PgResultDeleter
{
    void operator()(PGresult *result) const;
};
using PgResultPtr = std::unique_ptr<PGresult, PgResultDeleter>;

/// The rows of one statement, each value as the server's own text. Placeholders are the server's `$1`, `$2` …; the
/// statement goes to the server as it stands. A forward-only query is read row by row while it comes (its lastError()
/// must be asked after the last row); any other is complete in memory once exec() returns.
class PostgresResult : public QSqlResult
{
public:
    explicit PostgresResult(const PostgresDriver *driver);
    ~PostgresResult() override;

    /// The result behind a query of our own driver; null for any other driver's.
    static const PostgresResult *of(const QSqlQuery &query);

    int columnCount() const;
    QString columnName(int column) const;
    unsigned typeOid(int column) const;
    int typeModifier(int column) const;
    /// Of the current row: the bytes as they came, valid until the row changes. Empty for NULL: ask isNull() first.
    QByteArrayView utf8(int column) const;
    bool isNull(int column) override { return isNullAt(column); }
    bool isNullAt(int column) const;
    /// A cell of any row of a query that is not forward-only, without moving to it.
    QByteArrayView utf8(int row, int column) const;
    bool isNullAt(int row, int column) const;
    int rowCount() const; ///< of a query that is not forward-only; else -1

    /// What went wrong; only meaningful when the query failed.
    const Error &error() const { return m_error; }
    /// What the server said about it; null when it was not the server.
    const ServerMessage &serverMessage() const { return m_message; }

protected:
    QVariant data(int column) override;
    bool reset(const QString &sql) override;
    bool savePrepare(const QString &sql) override;
    bool prepare(const QString &sql) override;
    bool exec() override;
    bool fetch(int row) override;
    bool fetchFirst() override;
    bool fetchLast() override;
    bool fetchNext() override;
    int size() override;
    int numRowsAffected() override;
    QSqlRecord record() const override;
    void detachFromResultSet() override;

private:
    friend class PostgresDriver;
    PostgresLink *link() const;
    bool run(const QString &sql, const QVariantList &parameters);
    bool takeStreamedRow();
    void keepRest(); ///< the connection is needed for something else: what is still to come is read into memory
    void finish();   ///< drops all rows, those still on their way too
    bool fail(const Error &error);

    const PGresult *shape() const;
    void endFlow();

    PgResultPtr m_rows;                ///< all rows, or the current one of a stream
    std::deque<PgResultPtr> m_waiting; ///< rows of a stream that came before they were asked for
    std::stop_token m_stop;
    Error m_error;
    ServerMessage m_message;
    int m_affected = -1;
    bool m_isStream = false;
    bool m_isFlowing = false; ///< the server may still send rows of this
};

} // namespace Roost

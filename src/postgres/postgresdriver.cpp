#include "postgres/postgresdriver.h"

#include "postgres/identifier.h"
#include "postgres/postgreslink.h"
#include "postgres/postgresresult.h"

#include <QSqlError>
#include <QSqlField>

namespace Roost {

PostgresDriver::PostgresDriver(std::unique_ptr<PostgresLink> link)
    : m_link(std::move(link))
{
    setOpen(true);
}

PostgresDriver::~PostgresDriver()
{
    if (m_flowing) {
        m_flowing->m_isFlowing = false;
    }
}

bool PostgresDriver::hasFeature(DriverFeature feature) const
{
    switch (feature) {
    case Transactions:
    case QuerySize:
    case Unicode:
    case FinishQuery:
        return true;
    case BLOB:
    case PreparedQueries:   // a statement travels with its parameters, each time anew
    case NamedPlaceholders: // only the server's own: $1, $2 …
    case PositionalPlaceholders:
    case LastInsertId: // RETURNING says it
    case BatchOperations:
    case SimpleLocking:
    case LowPrecisionNumbers:
    case EventNotifications:
    case MultipleResultSets:
    case CancelQuery: // by a stop token
        return false;
    }
    return false;
}

bool PostgresDriver::open(const QString &, const QString &, const QString &, const QString &, int, const QString &)
{
    setLastError(
        QSqlError(tr("A connection is opened by DatabaseConnection, not by Qt."), {}, QSqlError::ConnectionError));
    return false;
}

void PostgresDriver::close()
{
    if (m_flowing) {
        m_flowing->m_isFlowing = false;
        m_flowing = nullptr;
    }
    m_link->close();
    setOpen(false);
}

bool PostgresDriver::isOpen() const
{
    return m_link->isOpen();
}

QSqlResult *PostgresDriver::createResult() const
{
    return new PostgresResult(this);
}

bool PostgresDriver::runPlain(const QString &sql)
{
    settle();
    const Result<PgResultPtr> result = m_link->run(sql, {}, m_stop);
    if (!result) {
        setLastError(QSqlError(result.error().message, result.error().detail, QSqlError::TransactionError,
                               QString::fromLatin1(result.error().sqlState)));
    }
    return result.has_value();
}

bool PostgresDriver::beginTransaction()
{
    return runPlain(QStringLiteral("BEGIN"));
}

bool PostgresDriver::commitTransaction()
{
    return runPlain(QStringLiteral("COMMIT"));
}

bool PostgresDriver::rollbackTransaction()
{
    return runPlain(QStringLiteral("ROLLBACK"));
}

QString PostgresDriver::escapeIdentifier(const QString &identifier, IdentifierType) const
{
    return quoteIdentifier(identifier);
}

QString PostgresDriver::formatValue(const QSqlField &field, bool) const
{
    return field.isNull() ? QStringLiteral("NULL") : quoteLiteral(field.value().toString());
}

QVariant PostgresDriver::handle() const
{
    return QVariant::fromValue(static_cast<void *>(m_link->handle()));
}

QList<ServerMessage> PostgresDriver::takeNotices()
{
    return m_link->takeNotices();
}

void PostgresDriver::settle() const
{
    if (m_flowing) {
        m_flowing->keepRest();
    }
}

} // namespace Roost

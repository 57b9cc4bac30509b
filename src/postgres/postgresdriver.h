#pragma once

#include "postgres/servermessage.h"

#include <QList>
#include <QSqlDriver>

#include <memory>
#include <stop_token>

namespace Roost {

class PostgresLink;
class PostgresResult;

/// Qt SQL over libpq that changes no value: see PostgresResult. Made with an open link; belongs to the QSqlDatabase of
/// a DatabaseConnection and to its thread.
class PostgresDriver : public QSqlDriver
{
    Q_OBJECT

public:
    explicit PostgresDriver(std::unique_ptr<PostgresLink> link);
    ~PostgresDriver() override;

    bool hasFeature(DriverFeature feature) const override;
    /// Always refused: a link is opened by DatabaseConnection::open().
    bool open(const QString &database, const QString &user, const QString &password, const QString &host, int port,
              const QString &options) override;
    void close() override;
    bool isOpen() const override;
    QSqlResult *createResult() const override;
    bool beginTransaction() override;
    bool commitTransaction() override;
    bool rollbackTransaction() override;
    QString escapeIdentifier(const QString &identifier, IdentifierType type) const override;
    QString formatValue(const QSqlField &field, bool trimStrings) const override;
    QVariant handle() const override; ///< the PGconn, as a void pointer

    PostgresLink &link() const { return *m_link; }
    /// Whatever starts from now on is cancelled by a request on this.
    void setStopToken(const std::stop_token &stop) { m_stop = stop; }
    const std::stop_token &stopToken() const { return m_stop; }
    /// What the server told since the last call (NOTICE, WARNING …), oldest first.
    QList<ServerMessage> takeNotices();

    /// Makes the connection free for another statement.
    void settle() const;

private:
    friend class PostgresResult;
    bool runPlain(const QString &sql);

    std::unique_ptr<PostgresLink> m_link;
    std::stop_token m_stop;
    mutable PostgresResult *m_flowing = nullptr; ///< the result whose rows are still coming
};

} // namespace Roost

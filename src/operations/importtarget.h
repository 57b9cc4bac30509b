#pragma once

#include "core/result.h"
#include "postgres/identifier.h"

#include <QList>
#include <QStringList>

#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// What an import must know of the table it fills.
struct ImportTarget
{
    struct Column
    {
        QString name;
        QString type; ///< "character varying(160)"
        bool isJson = false;
        bool isArray = false;
        bool isGenerated = false;
        bool isIdentityAlways = false;
        QString defaultSql; ///< what gives its default, as an expression; empty: NULL
        QString sequence;   ///< the sequence that belongs to it, ready for SQL; empty: none
    };

    TableId id;
    QList<Column> columns;
    QList<QStringList> keys; ///< that ON CONFLICT can name: the primary key first
    bool isTable = false;    ///< or a partitioned one
    bool isPartitioned = false;
    bool takesCopy = false;         ///< COPY FROM can write to it directly
    bool hasBeforeTriggers = false; ///< which may leave rows out

    /// One round trip. NotFound, NotAllowed, InvalidInput (nothing that rows can be put into).
    [[nodiscard]] static Result<ImportTarget> read(DatabaseConnection &connection, const TableId &table,
                                                   const std::stop_token &stop);
    const Column *find(const QString &name) const;
};

} // namespace Roost

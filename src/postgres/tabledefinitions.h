#pragma once

#include "postgres/identifier.h"

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

/// A column, as the statement that makes its table says.
struct DefinedColumn
{
    QString name;
    unsigned typeOid = 0;     ///< the built-in type below all domains; 0 for any other
    bool isGenerated = false; ///< the server computes it
    bool operator==(const DefinedColumn &) const = default;
};

/// The tables and the types that a script of `pg_restore --verbose` makes, read with PostgreSQL's own parser, for where
/// no server can be asked. A statement that it does not know (of a newer PostgreSQL) is left out.
class TableDefinitions
{
public:
    [[nodiscard]] static TableDefinitions fromScript(const QByteArray &script);

    /// The table that the entry with this number of the archive's table of contents makes, by its exact name.
    [[nodiscard]] std::optional<TableId> tableOfEntry(int entry) const;
    /// In the order of the statements, those of the tables it inherits from first; empty for an unknown table.
    [[nodiscard]] QList<DefinedColumn> columnsOf(const TableId &table) const;

private:
    struct TypeName
    {
        TableId id;
        bool isArray = false;
    };
    struct Column
    {
        QString name;
        TypeName type;
        bool isGenerated = false;
    };
    /// A table, or a composite type, of which a table may be made.
    struct Columns
    {
        QList<Column> own;
        QStringList from; ///< tables it inherits from, or its type; quoted
    };

    void takeStatement(QByteArrayView statement);
    void takeTable(const QJsonObject &create, int entry);
    static TypeName typeNameOf(const QJsonObject &type);
    static QList<Column> columnsIn(const QJsonArray &elements);
    void collect(const QString &quoted, int depth, QList<DefinedColumn> &columns) const;
    unsigned oidOf(TypeName type) const;

    QHash<int, TableId> m_entries;
    QHash<QString, Columns> m_columns; ///< by quoted name
    QHash<QString, TypeName> m_domains;
};

} // namespace Roost

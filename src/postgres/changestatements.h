#pragma once

#include "postgres/applychanges.h"

#include <QHash>

namespace Roost {

/// Writes the SQL of changes to one table, either with parameters or as a script with the values in their places.
class ChangeStatements
{
public:
    enum class Values { Bound, InPlace };
    explicit ChangeStatements(const ChangeTarget &target, Values values = Values::Bound);

    /// The statement of a change; with bound values it returns the row as the server then has it.
    [[nodiscard]] SqlStatement of(const RowChange &change) const;
    /// Reads the row of a key, all columns.
    [[nodiscard]] SqlStatement rowOf(const RowKey &key) const;
    /// Only plans the setting of these columns, and so fails for a value that its column does not take: the server
    /// names no column when a value is too long.
    [[nodiscard]] SqlStatement probe(const RowChange &change, const QStringList &columns) const;
    /// True when what the change compares or sets is written differently under other settings of a session.
    [[nodiscard]] bool dependsOnSettings(const RowChange &change) const;
    /// The columns that a change sets, without those that are never sent.
    [[nodiscard]] QStringList columnsSet(const RowChange &change) const;

private:
    struct Text;
    RowColumn column(const QString &name) const;
    QString conditions(const RowChange &change, Text &text) const;
    QString keyCondition(const RowKey &key, Text &text) const;
    QString update(const RowChange &change, Text &text) const;
    QString insert(const RowChange &change, Text &text) const;

    const ChangeTarget &m_target; ///< outlives this
    Values m_values;
    QHash<QString, qsizetype> m_places;
    QString m_columnList; ///< of all columns: values come as the server prints them
};

/// The places of `changes` in the order in which they do not get into each other's way: deletions free their keys
/// first, rows are named by their keys before keys change, and insertions come last.
[[nodiscard]] QList<qsizetype> applyOrder(const ChangeTarget &target, const QList<RowChange> &changes);

} // namespace Roost

#pragma once

#include "operations/importload.h"

namespace Roost {

/// Finds the first record in the loaded stage that the table does not take, for errors that name no line. Tries rows
/// out under savepoints; within a transaction that is rolled back afterwards.
class ImportSearch
{
public:
    ImportSearch(DatabaseConnection &connection, const ImportTarget &target, const QStringList &columns,
                 const ImportLoad &load, const std::stop_token &stop);

    /// For an error of a foreign key: the first row that refers to nothing. 0 when it cannot be told.
    [[nodiscard]] qint64 dangling(const ServerMessage &message);
    /// For any other: the first row whose insertion with `tail` fails. 0 when none does by itself.
    [[nodiscard]] qint64 refused(const QString &tail);
    /// Two rows of the stage with the same key: their numbers; nothing when there are none.
    struct Twins
    {
        qint64 first = 0;
        qint64 second = 0;
        QString key; ///< "(5, Ada)"
    };
    [[nodiscard]] std::optional<Twins> twins(const QStringList &key);

private:
    qint64 number(const QString &sql, const QVariantList &parameters = {});
    bool takes(const QString &tail, const QString &range);
    qint64 recordAt(const QString &place);

    DatabaseConnection &m_connection;
    const ImportTarget &m_target;
    const QStringList m_columns;
    const ImportLoad &m_load;
    const std::stop_token m_stop;
};

} // namespace Roost

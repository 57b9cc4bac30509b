#pragma once

#include "core/result.h"
#include "operations/rowwriter.h"

#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// What an export reads: its SELECT, the columns that come of it, and what SQL formats write around the rows.
class ExportSource
{
public:
    /// Two round trips at most: the table's facts for the SQL formats, and the result's columns.
    [[nodiscard]] static Result<ExportSource> make(DatabaseConnection &connection, const ExportRequest &request,
                                                   const std::stop_token &stop);

    /// Without parameters: COPY takes none.
    const QString &select() const { return m_select; }
    WrittenTable written(bool header) const;
    QString copyHead() const; ///< "COPY … FROM stdin;"
    /// Sets the sequences behind the highest values.
    const QString &closing() const { return m_closing; }

private:
    QString m_select;
    TableId m_table;
    QList<WrittenColumn> m_columns;
    QString m_closing;
    bool m_overridesIdentity = false;
};

} // namespace Roost

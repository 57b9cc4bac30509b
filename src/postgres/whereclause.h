#pragma once

#include "postgres/cellvalue.h"
#include "postgres/tablequery.h"

#include <QString>
#include <QVariantList>

namespace Roost {

/// The values of a statement under way, each as `$1`, `$2` …, or written out for a statement that takes no parameters
/// (COPY).
class StatementValues
{
public:
    enum class Form { Parameters, Literals };
    explicit StatementValues(Form form = Form::Parameters)
        : m_form(form)
    {
    }
    /// "$3::integer" or "'7'::integer"; without the type where it is not known.
    QString add(const CellValue &value, const QString &castType);
    const QVariantList &values() const { return m_values; }

private:
    Form m_form;
    QVariantList m_values;
};

/// The query's column of this name; one that knows only its name when the columns were not given.
[[nodiscard]] RowColumn columnNamed(const TableQuery &query, const QString &name);
/// "table"."column": never taken for an output column of the same name, and the user's own WHERE may say it too.
[[nodiscard]] QString referenceTo(const TableQuery &query, const QString &column);
/// An expression for the very text that the server sends for a value (`::text` is another one for some types); '' for
/// NULL.
[[nodiscard]] QString outputText(const RowColumn &column, const QString &reference);
/// "… IS NULL" that is true of NULL alone, not of a composite whose fields all are.
[[nodiscard]] QString nullTest(const RowColumn &column, const QString &reference, bool isNull = true);
/// A text as a pattern of LIKE that means itself.
[[nodiscard]] QString escapedForLike(const QString &text);
/// The query's filter as SQL; empty when there is none.
[[nodiscard]] QString whereClause(const TableQuery &query, StatementValues &values);

} // namespace Roost

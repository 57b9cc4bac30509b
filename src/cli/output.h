#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace Roost {

class Terminal;

enum class OutputFormat { Table, Json };

/// One value of a row, in the words it came in.
struct OutputCell
{
    enum class Kind { Text, Number, Boolean, Null, Json };

    QString text;
    Kind kind = Kind::Text;

    static OutputCell of(const QString &text) { return {text, Kind::Text}; }
    /// Null where the text is empty: for what psql leaves blank.
    static OutputCell orNull(const QString &text) { return {text, text.isEmpty() ? Kind::Null : Kind::Text}; }
    static OutputCell number(qint64 value) { return {QString::number(value), Kind::Number}; }
    /// Null for a negative one: "not known".
    static OutputCell count(qint64 value) { return value < 0 ? null() : number(value); }
    static OutputCell boolean(bool value)
    {
        return {value ? QStringLiteral("true") : QStringLiteral("false"), Kind::Boolean};
    }
    static OutputCell null() { return {{}, Kind::Null}; }
};

struct OutputColumn
{
    QString title; ///< over the aligned table, as psql says it
    QString key;   ///< in JSON
    bool alignsRight = false;
    /// For the aligned table only: 8 kB instead of 8192.
    bool isSize = false;
};

/// Writes rows one after the other, in constant memory: an aligned table (whose widths the first rows settle), or a
/// JSON array of objects.
class RowOutput
{
public:
    RowOutput(Terminal &terminal, OutputFormat format, QList<OutputColumn> columns);

    /// What stands for NULL in an aligned table; nothing by default, as in psql's lists.
    void setNullText(const QString &text) { m_nullText = text; }
    /// False once nobody reads it.
    bool add(const QList<OutputCell> &row);
    void end();

private:
    bool addJson(const QList<OutputCell> &row);
    bool writeHeld();
    bool writeAligned(const QStringList &row);
    QString shown(const OutputCell &cell, const OutputColumn &column) const;

    Terminal &m_terminal;
    OutputFormat m_format;
    QList<OutputColumn> m_columns;
    QString m_nullText;
    QList<QStringList> m_held; ///< the first rows, until the widths are settled
    QList<int> m_widths;
    qint64 m_rows = 0;
};

/// With quotes; the text is never changed but for the escapes that JSON needs.
[[nodiscard]] QByteArray jsonString(const QString &text);
/// "7 kB", as pg_size_pretty() says it.
[[nodiscard]] QString sizeInWords(qint64 bytes);

} // namespace Roost

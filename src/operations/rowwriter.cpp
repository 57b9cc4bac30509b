#include "operations/rowwriter.h"

#include <algorithm>

namespace Roost {

namespace {

using Cells = std::vector<CopyTextLine::Cell>;

/// Values between delimiters, quoted where a reader would take them apart otherwise; NULL is nothing, '' is "".
class SeparatedWriter : public RowWriter
{
public:
    SeparatedWriter(const WrittenTable &table, char delimiter)
        : m_table(table)
        , m_delimiter(delimiter)
    {
    }
    void begin(QByteArray &out) override
    {
        if (!m_table.hasHeader) {
            return;
        }
        QList<QByteArray> names;
        Cells cells;
        for (const WrittenColumn &column : std::as_const(m_table.columns)) {
            names += column.name.toUtf8();
            cells.push_back({names.constLast(), false});
        }
        line(cells, out);
    }
    Result<void> row(const Cells &cells, QByteArray &out) override
    {
        line(cells, out);
        return {};
    }
    Result<void> end(QByteArray & /*out*/) override { return {}; }

private:
    bool needsQuotes(QByteArrayView text) const
    {
        // A line that is only `\.` would end a COPY.
        const bool isEnd = m_table.columns.size() == 1 && text == QByteArrayView("\\.");
        return text.isEmpty() || isEnd || std::any_of(text.begin(), text.end(), [this](char c) {
                   return c == m_delimiter || c == '"' || c == '\n' || c == '\r';
               });
    }
    void line(const Cells &cells, QByteArray &out) const
    {
        bool isFirst = true;
        for (const CopyTextLine::Cell &cell : cells) {
            if (!isFirst) {
                out += m_delimiter;
            }
            isFirst = false;
            if (cell.isNull) {
                continue;
            }
            if (!needsQuotes(cell.text)) {
                out.append(cell.text);
                continue;
            }
            out += '"';
            for (const char c : cell.text) {
                if (c == '"') {
                    out += '"';
                }
                out += c;
            }
            out += '"';
        }
        out += '\n';
    }

    WrittenTable m_table;
    char m_delimiter;
};

/// Objects: as one array, or one a line.
class JsonWriter : public RowWriter
{
public:
    JsonWriter(const WrittenTable &table, bool byLine)
        : m_byLine(byLine)
    {
        for (const WrittenColumn &column : table.columns) {
            QByteArray key;
            appendJsonString(key, column.name.toUtf8());
            m_keys += key + ": ";
            m_forms += jsonFormOf(column.typeOid);
        }
    }
    void begin(QByteArray &out) override
    {
        if (!m_byLine) {
            out += '[';
        }
    }
    Result<void> row(const Cells &cells, QByteArray &out) override
    {
        if (!m_byLine) {
            out += m_isFirst ? "\n" : ",\n";
        }
        m_isFirst = false;
        out += '{';
        for (qsizetype i = 0; i < m_keys.size(); ++i) {
            if (i > 0) {
                out += ", ";
            }
            out += m_keys.at(i);
            const CopyTextLine::Cell &cell = cells.at(size_t(i));
            if (cell.isNull) {
                out += "null";
            } else {
                appendJsonValue(out, cell.text, m_forms.at(i), m_byLine);
            }
        }
        out += m_byLine ? "}\n" : "}";
        return {};
    }
    Result<void> end(QByteArray &out) override
    {
        if (!m_byLine) {
            out += m_isFirst ? "]\n" : "\n]\n";
        }
        return {};
    }

private:
    bool m_byLine;
    bool m_isFirst = true;
    QList<QByteArray> m_keys;
    QList<JsonForm> m_forms;
};

bool isBareInSql(unsigned typeOid)
{
    constexpr unsigned numeric = 1700;
    const JsonForm form = jsonFormOf(typeOid);
    return form == JsonForm::SmallInteger || form == JsonForm::BigInteger || form == JsonForm::Float ||
           typeOid == numeric;
}

/// INSERT statements of many rows each.
class InsertWriter : public RowWriter
{
public:
    explicit InsertWriter(const WrittenTable &table)
        : m_closing(table.closing.toUtf8())
    {
        QStringList names;
        for (const WrittenColumn &column : table.columns) {
            names += quoteIdentifier(column.name);
            m_isBare.push_back(isBareInSql(column.typeOid));
            m_isBoolean.push_back(jsonFormOf(column.typeOid) == JsonForm::Boolean);
        }
        m_head = "INSERT INTO " + table.id.quoted().toUtf8() + " (" + names.join(QStringLiteral(", ")).toUtf8() + ")" +
                 (table.overridesIdentity ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES\n";
    }
    void begin(QByteArray & /*out*/) override {}
    Result<void> row(const Cells &cells, QByteArray &out) override
    {
        out += m_rows == 0 ? m_head : QByteArray(",\n");
        const qsizetype before = out.size();
        out += "    (";
        for (size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) {
                out += ", ";
            }
            value(cells[i], i, out);
        }
        out += ')';
        m_bytes += out.size() - before;
        if (++m_rows == mostRows || m_bytes > mostBytes) {
            finish(out);
        }
        return {};
    }
    Result<void> end(QByteArray &out) override
    {
        finish(out);
        out += m_closing;
        return {};
    }

private:
    static constexpr int mostRows = 100;
    static constexpr qsizetype mostBytes = qsizetype(1) << 20;

    void value(const CopyTextLine::Cell &cell, size_t column, QByteArray &out) const
    {
        if (cell.isNull) {
            out += "NULL";
        } else if (m_isBoolean.at(column)) {
            out += cell.text == QByteArrayView("t") ? "true" : "false";
        } else if (m_isBare.at(column) && !cell.text.endsWith('y') && !cell.text.endsWith('N')) { // Infinity, NaN
            out.append(cell.text);
        } else {
            out += '\'';
            for (const char c : cell.text) {
                if (c == '\'') {
                    out += '\'';
                }
                out += c;
            }
            out += '\'';
        }
    }
    void finish(QByteArray &out)
    {
        if (m_rows > 0) {
            out += ";\n";
        }
        m_rows = 0;
        m_bytes = 0;
    }

    QByteArray m_head;
    QByteArray m_closing;
    std::vector<bool> m_isBare;
    std::vector<bool> m_isBoolean;
    int m_rows = 0;
    qsizetype m_bytes = 0;
};

/// A table as GitHub and most others read it; numbers at the right.
class MarkdownWriter : public RowWriter
{
public:
    explicit MarkdownWriter(const WrittenTable &table)
        : m_table(table)
    {
    }
    void begin(QByteArray &out) override
    {
        QByteArray rule = "|";
        out += '|';
        for (const WrittenColumn &column : std::as_const(m_table.columns)) {
            out += ' ';
            appendEscaped(column.name.toUtf8(), out);
            out += " |";
            rule += column.isNumeric ? " ---: |" : " --- |";
        }
        out += '\n' + rule + '\n';
    }
    Result<void> row(const Cells &cells, QByteArray &out) override
    {
        out += '|';
        for (const CopyTextLine::Cell &cell : cells) {
            out += ' ';
            if (cell.isNull) {
                out += "NULL";
            } else {
                appendEscaped(cell.text, out);
            }
            out += " |";
        }
        out += '\n';
        return {};
    }
    Result<void> end(QByteArray & /*out*/) override { return {}; }

private:
    static void appendEscaped(QByteArrayView text, QByteArray &out)
    {
        for (const char c : text) {
            if (c == '|' || c == '\\') {
                out += '\\';
                out += c;
            } else if (c == '\n') {
                out += "<br>";
            } else if (c == '<') {
                out += "&lt;";
            } else if (c != '\r') {
                out += c;
            }
        }
    }

    WrittenTable m_table;
};

} // namespace

std::unique_ptr<RowWriter> makeRowWriter(ExportFormat format, const WrittenTable &table)
{
    switch (format) {
    case ExportFormat::Csv:
    case ExportFormat::SqlCopy:
    case ExportFormat::Xlsx:
        return std::make_unique<SeparatedWriter>(table, ',');
    case ExportFormat::Tsv:
        return std::make_unique<SeparatedWriter>(table, '\t');
    case ExportFormat::Json:
        return std::make_unique<JsonWriter>(table, false);
    case ExportFormat::NdJson:
        return std::make_unique<JsonWriter>(table, true);
    case ExportFormat::SqlInsert:
        return std::make_unique<InsertWriter>(table);
    case ExportFormat::Markdown:
        return std::make_unique<MarkdownWriter>(table);
    }
    return nullptr;
}

QString formatRows(ExportFormat format, const TableId &table, const QList<RowColumn> &columns,
                   const QList<QList<CellValue>> &rows, bool header)
{
    WrittenTable written;
    written.id = table;
    written.hasHeader = header;
    for (const RowColumn &column : columns) {
        written.columns += WrittenColumn{column.name, column.baseOid, column.isNumeric};
    }
    const std::unique_ptr<RowWriter> writer = makeRowWriter(format, written);
    QByteArray out;
    writer->begin(out);
    for (const QList<CellValue> &row : rows) {
        QList<QByteArray> texts;
        Cells cells;
        for (const CellValue &value : row) {
            texts += value ? value->toUtf8() : QByteArray();
            cells.push_back({texts.constLast(), !value});
        }
        [[maybe_unused]] const Result<void> added = writer->row(cells, out);
    }
    [[maybe_unused]] const Result<void> ended = writer->end(out);
    return QString::fromUtf8(out);
}

} // namespace Roost

#include "operations/copystatement.h"

#include <utility>

namespace Roost {

namespace {

/// One name, quoted or not, from `position` on, which is moved behind it.
std::optional<QString> takeName(const QByteArray &text, qsizetype &position)
{
    QByteArray name;
    if (position < text.size() && text.at(position) == '"') {
        for (++position; position < text.size(); ++position) {
            if (text.at(position) != '"') {
                name += text.at(position);
            } else if (position + 1 < text.size() && text.at(position + 1) == '"') {
                name += '"';
                ++position;
            } else {
                ++position;
                return QString::fromUtf8(name);
            }
        }
        return std::nullopt;
    }
    while (position < text.size() && !QByteArrayView(". ,()").contains(text.at(position))) {
        name += text.at(position++);
    }
    return name.isEmpty() ? std::nullopt : std::optional(QString::fromUtf8(name));
}

bool takeMark(const QByteArray &text, qsizetype &position, QByteArrayView mark)
{
    if (!QByteArrayView(text).sliced(position).startsWith(mark)) {
        return false;
    }
    position += mark.size();
    return true;
}

/// ` (a, b)`; a table without columns has none.
bool takeColumns(const QByteArray &sql, qsizetype &position, QStringList &columns)
{
    if (!takeMark(sql, position, " (")) {
        return true;
    }
    do {
        const auto column = takeName(sql, position);
        if (!column) {
            return false;
        }
        columns += *column;
    } while (takeMark(sql, position, ", "));
    return takeMark(sql, position, ")");
}

} // namespace

std::optional<CopyStatement> CopyStatement::parse(const QByteArray &sql)
{
    CopyStatement statement;
    qsizetype position = 0;
    if (!takeMark(sql, position, "COPY ")) {
        return std::nullopt;
    }
    const auto schema = takeName(sql, position);
    if (!schema || !takeMark(sql, position, ".")) {
        return std::nullopt;
    }
    const auto name = takeName(sql, position);
    if (!name || !takeColumns(sql, position, statement.columns)) {
        return std::nullopt;
    }
    statement.table = {*schema, *name};
    return QByteArrayView(sql).sliced(position).trimmed() == QByteArrayView("FROM stdin;") ? std::optional(statement)
                                                                                           : std::nullopt;
}

std::optional<CopyStatement> CopyStatementLines::add(QByteArrayView line)
{
    if (m_statement.isEmpty()) {
        if (!line.startsWith("COPY ")) {
            return std::nullopt;
        }
        m_statement = line.toByteArray();
    } else {
        m_statement += '\n';
        m_statement += line;
    }
    // An odd number of quotes: the line ended inside a name.
    if (m_statement.count('"') % 2 != 0) {
        return std::nullopt;
    }
    return CopyStatement::parse(std::exchange(m_statement, {}));
}

} // namespace Roost

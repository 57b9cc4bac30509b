#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

namespace Roost {

/// What PostgreSQL's own parser (of libpg_query) makes of a text. Nothing is sent anywhere; any thread.
struct ParsedSql
{
    QByteArray tree; ///< JSON; empty when it is none
    QString problem;
    int place = 0; ///< of the problem: the character in the text, counted from 0
};

/// The longest text that parseSql() is fit for, in bytes; the caller sees to it.
inline constexpr qsizetype longestParsedSql = 500'000;

[[nodiscard]] ParsedSql parseSql(const QByteArray &sql);

/// The statements of a script, each with the comments before it; views into `sql`. Empty when its quotes do not close.
[[nodiscard]] QList<QByteArrayView> splitSql(const QByteArray &sql);

} // namespace Roost

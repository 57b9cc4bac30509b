#include "postgres/sqlparser.h"

#include <QScopeGuard>
#include <QThread>

#include <memory>

#include <pg_query.h>

namespace Roost {

namespace {

ParsedSql parseHere(const QByteArray &sql)
{
    const PgQueryParseResult result = pg_query_parse(sql.constData());
    const auto freed = qScopeGuard([&result] { pg_query_free_parse_result(result); });
    if (result.error != nullptr) {
        return {{}, QString::fromUtf8(result.error->message), result.error->cursorpos - 1};
    }
    return {result.parse_tree, {}, 0};
}

} // namespace

/// The parser's library goes down into nested expressions without an eye on the stack: about 150 bytes for each two
/// characters in the worst text. Long texts get a stack that is large enough for any of them.
ParsedSql parseSql(const QByteArray &sql)
{
    constexpr qsizetype mostOnUsualStack = 10'000;
    constexpr uint largeStack = 256U << 20U;
    if (sql.size() <= mostOnUsualStack) {
        return parseHere(sql);
    }
    ParsedSql parsed;
    const std::unique_ptr<QThread> thread(QThread::create([&] { parsed = parseHere(sql); }));
    thread->setStackSize(largeStack);
    thread->start();
    thread->wait();
    return parsed;
}

QList<QByteArrayView> splitSql(const QByteArray &sql)
{
    const PgQuerySplitResult result = pg_query_split_with_scanner(sql.constData());
    const auto freed = qScopeGuard([&result] { pg_query_free_split_result(result); });
    QList<QByteArrayView> statements;
    if (result.error != nullptr) {
        return statements;
    }
    for (int i = 0; i < result.n_stmts; ++i) {
        const PgQuerySplitStmt &statement = *result.stmts[i];
        statements += QByteArrayView(sql).sliced(statement.stmt_location, statement.stmt_len);
    }
    return statements;
}

} // namespace Roost

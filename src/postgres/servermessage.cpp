#include "postgres/servermessage.h"

#include "core/redact.h"

#include <QCoreApplication>
#include <QStringList>

#include "postgres/libpq.h"

namespace Roost {

namespace {

struct ServerMessages
{
    Q_DECLARE_TR_FUNCTIONS(ServerMessages)
};

constexpr qsizetype longestText = 8192;

QString field(const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    if (!text) {
        return {};
    }
    QString words = redact(QString::fromUtf8(text));
    if (words.size() > longestText) {
        words.truncate(longestText);
        words += u'…';
    }
    return words;
}

ErrorCode codeOf(const QByteArray &state)
{
    static const QHash<QByteArray, ErrorCode> codes = {
        {"42501", ErrorCode::NotAllowed},     {"53100", ErrorCode::DiskFull},
        {"57014", ErrorCode::TimedOut},       {"55P03", ErrorCode::TimedOut},
        {"55006", ErrorCode::Conflict},       {"42P04", ErrorCode::AlreadyExists},
        {"42P06", ErrorCode::AlreadyExists},  {"42P07", ErrorCode::AlreadyExists},
        {"42710", ErrorCode::AlreadyExists},  {"57P01", ErrorCode::ConnectionLost},
        {"57P02", ErrorCode::ConnectionLost}, {"25P03", ErrorCode::ConnectionLost},
    };
    return codes.value(state, ErrorCode::ServerRefused);
}

QString adviceFor(const QByteArray &state)
{
    using Tr = ServerMessages;
    if (state == "55P03") {
        return Tr::tr("Another session holds a lock on it. Wait until that is done, or end that session, and try "
                      "again.");
    }
    if (state == "57014") {
        return Tr::tr("The server's time limit for a statement ran out, or somebody else cancelled it.");
    }
    if (state == "53100") {
        return Tr::tr("The server's disk is full. Delete what is not needed, or move to a larger plan.");
    }
    if (state == "25006") {
        return Tr::tr("The server takes no changes at the moment.");
    }
    if (state == "57P01" || state == "57P02" || state == "25P03") {
        return Tr::tr("The server ended this session. Connect again.");
    }
    return {};
}

} // namespace

QString ServerMessage::inFull() const
{
    QStringList lines;
    lines << QStringLiteral("%1: %2: %3").arg(severity, QString::fromLatin1(sqlState), text);
    if (!detail.isEmpty()) {
        lines << QStringLiteral("DETAIL: ") + detail;
    }
    if (!hint.isEmpty()) {
        lines << QStringLiteral("HINT: ") + hint;
    }
    if (position > 0) {
        lines << QStringLiteral("POSITION: ") + QString::number(position);
    }
    if (!context.isEmpty()) {
        lines << QStringLiteral("CONTEXT: ") + context;
    }
    return lines.join(u'\n');
}

ServerMessage serverMessageOf(const PGresult *result)
{
    ServerMessage message;
    message.severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (message.severity.isEmpty()) {
        message.severity = field(result, PG_DIAG_SEVERITY);
    }
    message.sqlState = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    message.text = field(result, PG_DIAG_MESSAGE_PRIMARY);
    message.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    message.hint = field(result, PG_DIAG_MESSAGE_HINT);
    message.context = field(result, PG_DIAG_CONTEXT);
    message.schema = field(result, PG_DIAG_SCHEMA_NAME);
    message.table = field(result, PG_DIAG_TABLE_NAME);
    message.column = field(result, PG_DIAG_COLUMN_NAME);
    message.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    message.position = field(result, PG_DIAG_STATEMENT_POSITION).toInt();
    return message;
}

Error errorOf(const ServerMessage &message)
{
    QStringList parts = {ServerMessages::tr("The server answered: %1").arg(message.text)};
    if (!message.detail.isEmpty()) {
        parts << message.detail;
    }
    const QString advice = adviceFor(message.sqlState);
    if (!advice.isEmpty()) {
        parts << advice;
    } else if (!message.hint.isEmpty()) {
        parts << message.hint;
    }
    for (QString &part : parts) {
        if (!part.endsWith(u'.') && !part.endsWith(u'?') && !part.endsWith(u'!')) {
            part += u'.';
        }
    }
    return {codeOf(message.sqlState), parts.join(u' '), message.inFull(), message.sqlState};
}

} // namespace Roost

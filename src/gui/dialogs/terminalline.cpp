#include "gui/dialogs/terminalline.h"

#include <QRegularExpression>

namespace Roost::TerminalLine {

QString quoted(const QString &word)
{
    static const QRegularExpression harmless(QStringLiteral(R"(\A[A-Za-z0-9_@%+=:,./-]+\z)"));
    if (harmless.match(word).hasMatch()) {
        return word;
    }
    QString inner = word;
    return u'\'' + inner.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString tool(const QString &program, const ConnectionParameters &server, const QStringList &arguments)
{
    QStringList words{QStringLiteral("PGPASSWORD=\"$PGPASSWORD\""), program, QStringLiteral("-h"), quoted(server.host)};
    if (server.port != 5432) {
        words << QStringLiteral("-p") << QString::number(server.port);
    }
    words << QStringLiteral("-U") << quoted(server.user);
    for (const QString &argument : arguments) {
        words << quoted(argument);
    }
    return words.join(u' ');
}

QString psql(const ConnectionParameters &database)
{
    return tool(QStringLiteral("psql"), database, {database.database});
}

QString backUp(const ConnectionParameters &database, const QString &file)
{
    return tool(QStringLiteral("pg_dump"), database,
                {QStringLiteral("--format=custom"), QStringLiteral("--compress=1"), QStringLiteral("--no-acl"),
                 QStringLiteral("--no-owner"), QStringLiteral("--verbose"), QStringLiteral("--file=") + file,
                 database.database});
}

QString restore(const ConnectionParameters &database, const QString &file)
{
    return tool(QStringLiteral("pg_restore"), database,
                {QStringLiteral("--verbose"), QStringLiteral("--single-transaction"), QStringLiteral("--no-acl"),
                 QStringLiteral("--no-owner"), QStringLiteral("-d"), database.database, file});
}

} // namespace Roost::TerminalLine

#include "operations/restoremessage.h"

#include "operations/toolmessages.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

using Weight = RestoreMessage::Weight;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RestoreMessage)
};

/// What may be ignored must be known to the last word: these patterns are matched against the whole of a message.
struct HarmlessKind
{
    const char *pattern;
    const char *text;
};

// pg_restore's own errors begin so; its HINT and DETAIL lines may stand between an error and its command.
#define ROOST_QUERY_ERROR "pg_restore: error: could not execute query: ERROR:  "
#define ROOST_COMMAND "(?:\\n(?:DETAIL|HINT):[^\\n]*)*\\nCommand was: "

const HarmlessKind harmlessKinds[] = {
    {ROOST_QUERY_ERROR "unrecognized configuration parameter \"(\\w+)\"" ROOST_COMMAND "SET \\1 = [^;\\n]*;",
     QT_TRANSLATE_NOOP("RestoreMessage",
                       "A setting for the session that this server does not know: newer tools send it to older "
                       "servers. Nothing is missing.")},
    {ROOST_QUERY_ERROR "must be owner of extension [^\\n]*" ROOST_COMMAND
                       "(?:COMMENT ON EXTENSION [^;]*;|DROP EXTENSION [^;\\n]*;)",
     QT_TRANSLATE_NOOP("RestoreMessage",
                       "The extension is there already, and belongs to the server's provider. It stays as it is.")},
    {ROOST_QUERY_ERROR "schema \"public\" already exists" ROOST_COMMAND "CREATE SCHEMA public;",
     QT_TRANSLATE_NOOP("RestoreMessage", "The schema public was there already, as in every new database.")},
    {ROOST_QUERY_ERROR "[^\\n]* does not exist" ROOST_COMMAND
                       "(?:DROP [^;\\n]*|ALTER TABLE (?:ONLY )?[^;\\n]* DROP CONSTRAINT [^;\\n]*|ALTER TABLE "
                       "[^;\\n]* ALTER COLUMN [^;\\n]* DROP DEFAULT);",
     QT_TRANSLATE_NOOP("RestoreMessage", "What was to be removed first was not there. Nothing is missing.")},
    {"pg_restore: warning: (?:requested compression not available in this installation|there are circular "
     "foreign-key constraints)[^\\n]*(?:\\n[^\\n]*)*",
     QT_TRANSLATE_NOOP("RestoreMessage", "A remark about how the file was made. It is restored whole all the same.")},
    {"(?:pg_restore: )?(?:NOTICE|INFO|LOG|DEBUG):  [^\\n]*(?:\\n(?:DETAIL|HINT|CONTEXT):[^\\n]*)*",
     QT_TRANSLATE_NOOP("RestoreMessage", "A remark of the server's.")},
};

/// What is known by some words of it. The first that fits counts: the graver ones stand first.
struct KnownKind
{
    Weight weight;
    QList<const char *> words; ///< all of them
    const char *text;
};

const QList<KnownKind> &knownKinds()
{
    static const QList<KnownKind> kinds = {
        {Weight::DataLost,
         {"other objects depend on it"},
         QT_TRANSLATE_NOOP("RestoreMessage",
                           "A table could not be removed first, because others need it: its old rows are still there, "
                           "and the backup's come on top of them.")},
        {Weight::DataLost,
         {"COPY failed for table"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The rows of a table could not be loaded: it is empty, or has only what "
                                             "was in it before.")},
        {Weight::DataLost,
         {"could not create unique index"},
         QT_TRANSLATE_NOOP("RestoreMessage", "Rows stand twice in a table, so its unique key could not be made.")},
        {Weight::DataLost,
         {"duplicate key value"},
         QT_TRANSLATE_NOOP("RestoreMessage", "A row was there already under the same key, so rows are missing.")},
        {Weight::DataLost,
         {"multiple primary keys"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The table was there already, with its key: its rows may be doubled.")},
        {Weight::DataLost,
         {"violates", "constraint"},
         QT_TRANSLATE_NOOP("RestoreMessage", "Rows break a rule of their table: rows, or the rule, are missing.")},
        {Weight::DataLost,
         {"cannot be cast"},
         QT_TRANSLATE_NOOP("RestoreMessage", "A type is not what the backup expects, so a part could not be made.")},
        {Weight::DataLost,
         {"already exists"},
         QT_TRANSLATE_NOOP("RestoreMessage", "Something of that name was there already: what is in it may be mixed or "
                                             "doubled.")},
        {Weight::DataLost,
         {"server closed the connection unexpectedly"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The connection ended in the middle: all that would have come after this "
                                             "is missing.")},
        {Weight::DataLost,
         {"terminating connection"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The server ended the session in the middle: all that would have come "
                                             "after this is missing.")},
        {Weight::DataLost,
         {"PQputCopy"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The rows of a table could not be sent to their end.")},
        {Weight::DataLost,
         {"No space left on device"},
         QT_TRANSLATE_NOOP("RestoreMessage", "A disk was full: what comes after this is missing.")},
        {Weight::DataLost,
         {"out of shared memory"},
         QT_TRANSLATE_NOOP("RestoreMessage",
                           "The server ran out of room for locks: what comes after this is missing.")},
        {Weight::DataLost,
         {"has no equivalent in encoding"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The database's encoding does not have a character of the backup.")},
        {Weight::DataLost,
         {"invalid byte sequence for encoding"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The backup has bytes that are no text in the database's encoding.")},
        {Weight::DataLost,
         {"unsupported version"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The file was made by newer tools than these: nothing of it was read.")},
        {Weight::DataLost,
         {"server version mismatch"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The tools are older than the server: nothing was done.")},
        {Weight::DataLost,
         {"text format dump"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The file is an SQL script, no archive: nothing of it was read.")},
        {Weight::DataLost,
         {"valid archive"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The file is no archive of pg_dump's: nothing of it was read.")},
        {Weight::DataLost,
         {"input file"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The file could not be read to its end: it is damaged or cut.")},
        {Weight::DataLost,
         {"could not uncompress data"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The file is damaged: its data could not be unpacked.")},
        {Weight::DataLost,
         {"multiple jobs"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The tool was called in a way that it does not know: nothing was done.")},
        {Weight::DataLost,
         {"current transaction is aborted"},
         QT_TRANSLATE_NOOP("RestoreMessage", "It was skipped because of an earlier error.")},
        {Weight::LookAtThis,
         {"must be owner of extension"},
         QT_TRANSLATE_NOOP("RestoreMessage", "Something about an extension is left to its owner.")},
        {Weight::LookAtThis,
         {"to create extension"},
         QT_TRANSLATE_NOOP("RestoreMessage", "An extension is not there, because this user may not create it.")},
        {Weight::LookAtThis,
         {"extension", "is not available"},
         QT_TRANSLATE_NOOP("RestoreMessage", "An extension is not there, because the server does not have it.")},
        {Weight::LookAtThis,
         {"FOR ALL TABLES publication"},
         QT_TRANSLATE_NOOP("RestoreMessage", "Replication to other servers was not set up.")},
        {Weight::LookAtThis,
         {"permission denied to create event trigger"},
         QT_TRANSLATE_NOOP("RestoreMessage", "An event trigger is not there: only an administrator may create it.")},
        {Weight::LookAtThis,
         {"role \"", "does not exist", "Command was: "},
         QT_TRANSLATE_NOOP("RestoreMessage", "A user of the source is not on this server: rights or an owner differ.")},
        {Weight::LookAtThis,
         {"errors ignored on restore"},
         QT_TRANSLATE_NOOP("RestoreMessage", "The tool went on after errors.")},
    };
    return kinds;
}

QString translated(const char *text)
{
    return QCoreApplication::translate("RestoreMessage", text);
}

QList<QRegularExpression> harmlessPatterns()
{
    QList<QRegularExpression> patterns;
    for (const HarmlessKind &kind : harmlessKinds) {
        patterns += QRegularExpression(QRegularExpression::anchoredPattern(QLatin1String(kind.pattern)));
    }
    return patterns;
}

bool isError(const QString &raw)
{
    static const QRegularExpression warning(QStringLiteral(R"(\A(?:pg_restore: warning: |(?:\w+: )?WARNING:  ))"));
    return !warning.match(raw).hasMatch();
}

} // namespace

RestoreMessage weighed(const QString &raw)
{
    const QString whole = raw.trimmed();
    static const QList<QRegularExpression> patterns = harmlessPatterns();
    for (qsizetype i = 0; i < patterns.size(); ++i) {
        if (patterns.at(i).match(whole).hasMatch()) {
            return {Weight::Harmless, translated(harmlessKinds[i].text), raw};
        }
    }
    for (const KnownKind &kind : knownKinds()) {
        if (std::all_of(kind.words.begin(), kind.words.end(),
                        [&whole](const char *words) { return whole.contains(QLatin1String(words)); })) {
            return {kind.weight, translated(kind.text), raw};
        }
    }
    if (isError(whole)) {
        return {Weight::DataLost,
                Text::tr("Roost does not know this error. Count what it names as lost until you have looked."), raw};
    }
    return {Weight::LookAtThis, Text::tr("A warning: the work went on."), raw};
}

QList<RestoreMessage> weighed(const ToolMessages &messages)
{
    QList<RestoreMessage> all;
    const QStringList errors = messages.errors();
    const QString closing = QStringLiteral("errors ignored on restore: %1").arg(errors.size());
    for (const QString &raw : errors + messages.allToolWarnings() + messages.serverWarnings()) {
        if (!raw.endsWith(closing)) {
            all += weighed(raw);
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.weight > b.weight; });
    return all;
}

QString weightText(Weight weight)
{
    switch (weight) {
    case Weight::Harmless:
        return Text::tr("Harmless");
    case Weight::LookAtThis:
        return Text::tr("Look at this");
    case Weight::DataLost:
        break;
    }
    return Text::tr("Data lost");
}

QString groupedText(const QList<RestoreMessage> &messages)
{
    QString text;
    for (const Weight weight : {Weight::DataLost, Weight::LookAtThis, Weight::Harmless}) {
        QString group;
        for (const RestoreMessage &message : messages) {
            if (message.weight == weight) {
                group += message.text + u'\n' + (message.raw.isEmpty() ? QString() : message.raw.trimmed() + u'\n');
            }
        }
        if (!group.isEmpty()) {
            text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + weightText(weight) + QStringLiteral(":\n") +
                    group;
        }
    }
    return text;
}

} // namespace Roost

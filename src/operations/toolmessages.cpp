#include "operations/toolmessages.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <csignal>
#include <optional>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ToolMessages)
};

constexpr qsizetype mostMessages = 500;
constexpr qsizetype longestDetail = 8000;

enum class Kind { Verbose, Error, ToolWarning, ServerWarning, Continuation };

Kind kindOf(const QString &tool, const QString &line)
{
    static const QRegularExpression serverNotice(QStringLiteral(R"(\A(?:\w+: )?(?:WARNING|NOTICE|INFO|LOG|DEBUG):  )"));
    const QString prefix = tool + QStringLiteral(": ");
    if (line.startsWith(prefix + QStringLiteral("error: ")) || line.startsWith(prefix + QStringLiteral("fatal: "))) {
        return Kind::Error;
    }
    if (line.startsWith(prefix + QStringLiteral("warning: "))) {
        return Kind::ToolWarning;
    }
    if (line.startsWith(prefix + QStringLiteral("detail: ")) || line.startsWith(prefix + QStringLiteral("hint: "))) {
        return Kind::Continuation;
    }
    if (serverNotice.match(line).hasMatch()) {
        return Kind::ServerWarning;
    }
    return line.startsWith(prefix) ? Kind::Verbose : Kind::Continuation;
}

/// A dump of everything is restored whole, so a circle of foreign keys (checked last) is no trouble.
bool isHarmlessWarning(const QString &message)
{
    return message.contains(u"there are circular foreign-key constraints") ||
           message.contains(u"requested compression not available in this installation");
}

bool saysAny(const QString &text, std::initializer_list<QStringView> phrases)
{
    return std::any_of(phrases.begin(), phrases.end(), [&](QStringView phrase) { return text.contains(phrase); });
}

struct Cause
{
    ErrorCode code;
    QString happened;
    QString next;
};

Cause diskCause(ToolTask task)
{
    if (task == ToolTask::Restore) {
        return {ErrorCode::DiskFull, Text::tr("The server has no room left on its disk."),
                Text::tr("Make room on the server, or take a bigger plan, and start again.")};
    }
    return {ErrorCode::DiskFull, Text::tr("There is no room left on the disk."),
            Text::tr("Make room, or choose a folder on another disk, and start again.")};
}

Cause lostCause(const QString &text)
{
    if (saysAny(text, {u"shutting down", u"starting up", u"in recovery mode"})) {
        return {ErrorCode::ConnectionLost, Text::tr("The server was shut down or restarted in the middle."),
                Text::tr("Wait until it runs again, and start again.")};
    }
    if (saysAny(text, {u"terminating connection due to administrator command"})) {
        return {ErrorCode::ConnectionLost,
                Text::tr("The server ended the session in the middle: somebody ended it, or the server is being shut "
                         "down."),
                Text::tr("Start again. If it happens each time, look at the server's log.")};
    }
    return {ErrorCode::ConnectionLost,
            Text::tr("The connection to the server was lost in the middle: the network failed, or the server's process "
                     "ended."),
            Text::tr("Check the network, and start again. If it happens each time, look at the server's log.")};
}

std::optional<Cause> connectionCause(const QString &text)
{
    if (saysAny(text, {u"password authentication failed", u"no password supplied"})) {
        return Cause{ErrorCode::ConnectionFailed, Text::tr("The server did not accept the password."),
                     Text::tr("Check the connection's password, and start again.")};
    }
    if (saysAny(text, {u"certificate verify failed", u"does not match host name", u"SSL was required"})) {
        return Cause{ErrorCode::TlsFailed, Text::tr("The server's identity could not be checked."),
                     Text::tr("Test the connection: it says more about the certificate.")};
    }
    if (saysAny(text, {u"server closed the connection unexpectedly", u"terminating connection", u"shutting down",
                       u"connection to server was lost", u"could not receive data from server",
                       u"could not send data to server", u"SSL SYSCALL error", u"no connection to the server",
                       u"starting up", u"in recovery mode"})) {
        return lostCause(text);
    }
    if (saysAny(text, {u"connection to server at", u"connection to server on socket", u"could not translate host name",
                       u"timeout expired"})) {
        return Cause{ErrorCode::ConnectionFailed, Text::tr("The server could not be reached."),
                     Text::tr("Check the network and the connection, and start again.")};
    }
    return std::nullopt;
}

std::optional<Cause> archiveCause(const QString &text)
{
    if (saysAny(text, {u"unsupported version", u"server version mismatch"})) {
        return Cause{ErrorCode::ToolTooOld, Text::tr("The PostgreSQL tools are older than this file or server needs."),
                     Text::tr("Install newer PostgreSQL client tools, and start again.")};
    }
    if (saysAny(text, {u"could not read from input file", u"input file", u"could not uncompress data",
                       u"did not find magic string", u"unexpected end of file", u"unrecognized data block",
                       u"found unexpected block ID", u"corrupt", u"unexpected section code", u"invalid dumpId",
                       u"entry ID", u"could not find block ID"})) {
        return Cause{ErrorCode::InvalidInput, Text::tr("The file is damaged: it could not be read to its end."),
                     Text::tr("Use another backup, or copy the file again from where it came from.")};
    }
    return std::nullopt;
}

std::optional<Cause> contentCause(const QString &text)
{
    if (saysAny(text, {u"Query was: LOCK TABLE", u"lock timeout", u"could not obtain lock"})) {
        return Cause{ErrorCode::TimedOut,
                     Text::tr("A table is locked by another session, and was not released in time."),
                     Text::tr("Wait until that session is done, or end it, and start again.")};
    }
    if (saysAny(text, {u"has no equivalent in encoding", u"invalid byte sequence for encoding"})) {
        return Cause{ErrorCode::Conflict,
                     Text::tr("The database is in an encoding that does not have all the characters of the backup."),
                     Text::tr("Restore into a new database: Roost makes those in UTF-8.")};
    }
    if (saysAny(text, {u"row-level security"})) {
        return Cause{ErrorCode::NotAllowed,
                     Text::tr("A table has row-level security, so this user sees only some of its rows, and a copy "
                              "would silently lack the others."),
                     Text::tr("Connect as a user who may see all rows (the owner, without FORCE ROW LEVEL SECURITY).")};
    }
    if (saysAny(text, {u"permission denied", u"must be owner", u"must be superuser"})) {
        return Cause{ErrorCode::NotAllowed, Text::tr("The server does not allow this user to do a part of it."),
                     Text::tr("The details name the object. Connect as its owner, or leave that object out.")};
    }
    if (saysAny(text, {u"duplicate key value", u"violates foreign key", u"violates check constraint",
                       u"could not create unique index", u"already exists"})) {
        return Cause{
            ErrorCode::Conflict, Text::tr("The data contradict each other or what was there before."),
            Text::tr(
                "The details name the table and the rule that was broken. Use another backup, or mend the data where "
                "they came from.")};
    }
    if (saysAny(text, {u"out of shared memory"})) {
        return Cause{ErrorCode::ServerRefused, Text::tr("The server ran out of room for locks."),
                     Text::tr("Raise the server's setting max_locks_per_transaction, and start again.")};
    }
    return std::nullopt;
}

Cause causeOf(ToolTask task, const ProcessOutcome &outcome, const QString &text)
{
    if (outcome.crashed && outcome.exitCode == SIGXFSZ) {
        return diskCause(task);
    }
    if (saysAny(text, {u"No space left on device", u"File too large", u"Disk quota exceeded"})) {
        return diskCause(task);
    }
    for (const auto &known : {connectionCause(text), contentCause(text), archiveCause(text)}) {
        if (known) {
            return *known;
        }
    }
    if (outcome.crashed) {
        return {ErrorCode::ProcessFailed,
                Text::tr("The PostgreSQL tool ended before its time (signal %1): it crashed, or somebody ended it.")
                    .arg(outcome.exitCode),
                Text::tr("Start again. If it happens each time, reinstall the PostgreSQL client tools.")};
    }
    return {ErrorCode::ProcessFailed, Text::tr("The PostgreSQL tool reported an error."),
            Text::tr("The details say what the server or the tool answered. Put that right, and start again.")};
}

QString taskFailed(ToolTask task)
{
    switch (task) {
    case ToolTask::Dump:
        return Text::tr("The backup failed.");
    case ToolTask::Read:
        return Text::tr("Reading the file failed.");
    case ToolTask::Restore:
        return Text::tr("The restore failed.");
    }
    return {};
}

} // namespace

QStringList &ToolMessages::listOf(Last kind)
{
    switch (kind) {
    case Last::Error:
        return m_errors;
    case Last::ToolWarning:
        return m_toolWarnings;
    case Last::ServerWarning:
        return m_serverWarnings;
    case Last::Verbose:
        break;
    }
    return m_verbose;
}

void ToolMessages::add(const QString &line)
{
    switch (kindOf(m_tool, line)) {
    case Kind::Verbose:
        m_verbose.clear();
        m_last = Last::Verbose;
        break;
    case Kind::Error:
        m_last = Last::Error;
        break;
    case Kind::ToolWarning:
        m_last = Last::ToolWarning;
        break;
    case Kind::ServerWarning:
        m_last = Last::ServerWarning;
        break;
    case Kind::Continuation:
        if (QStringList &list = listOf(m_last); !list.isEmpty()) {
            list.last() += u'\n' + line;
            return;
        }
        break;
    }
    if (QStringList &list = listOf(m_last); list.size() < mostMessages) {
        list += line;
    }
}

QStringList ToolMessages::toolWarnings() const
{
    QStringList warnings = m_toolWarnings;
    warnings.removeIf(isHarmlessWarning);
    return warnings;
}

Error explainToolFailure(ToolTask task, const ProcessOutcome &outcome, const ToolMessages &messages,
                         const QString &state)
{
    const QString raw = (messages.errors() + messages.toolWarnings()).join(u'\n').left(longestDetail);
    const Cause cause = causeOf(task, outcome, raw);
    return {
        cause.code, QStringList{taskFailed(task), cause.happened, state, cause.next}.join(u' ').simplified(), raw, {}};
}

bool toolSucceeded(const ProcessOutcome &outcome, const ToolMessages &messages)
{
    return outcome.succeeded() && messages.errors().isEmpty() && messages.toolWarnings().isEmpty();
}

bool onlyUnknownSettingErrors(const ProcessOutcome &outcome, const ToolMessages &messages)
{
    const auto isUnknownSetting = [](const QString &error) {
        return error.contains(u"unrecognized configuration parameter \"transaction_timeout\"") &&
               error.contains(u"Command was: SET transaction_timeout = 0;");
    };
    const QStringList &errors = messages.errors();
    const QStringList warnings = messages.toolWarnings();
    // The tool's own count must agree; no final line means that it gave up in the middle.
    const QString closing = QStringLiteral("errors ignored on restore: %1").arg(errors.size());
    return !outcome.crashed && outcome.exitCode == 1 && !errors.isEmpty() &&
           std::all_of(errors.begin(), errors.end(), isUnknownSetting) && warnings.size() == 1 &&
           warnings.first().endsWith(closing);
}

} // namespace Roost

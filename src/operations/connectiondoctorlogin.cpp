// What a refusal of the login means.
#include "operations/connectiondoctorparts.h"

#include "operations/maintenance.h"
#include "postgres/catalogreader.h"
#include "postgres/identifier.h"

#include <QElapsedTimer>

namespace Roost::Doctor {

namespace {

constexpr auto layer = DoctorLayer::Login;

DoctorFinding passwordFinding(const Examination &exam)
{
    const ConnectionParameters &to = exam.parameters();
    const InstanceFacts &facts = exam.facts;
    if (facts.instance && !facts.instance->databaseUser.isEmpty() && facts.instance->databaseUser != to.user) {
        DoctorFinding finding =
            failed(layer, "wrong-user", Text::tr("The server does not know %1 with this password.").arg(to.user),
                   Text::tr("Render's user of this instance is %1.").arg(facts.instance->databaseUser),
                   DoctorRemedy::EditConnection, Text::tr("Connect as %1.").arg(facts.instance->databaseUser));
        finding.corrected = to;
        finding.corrected.user = facts.instance->databaseUser;
        return finding;
    }
    const QString found = Text::tr("The server does not accept the password of %1.").arg(to.user);
    const QString why = Text::tr("It was changed, or cut off when it was copied. A server says the same of a user that "
                                 "it does not have.");
    if (exam.request.render && !facts.renderId.isEmpty()) {
        return failed(layer, "wrong-password", found, why, DoctorRemedy::FetchPassword,
                      Text::tr("Fetch the password from Render again."));
    }
    return failed(layer, "wrong-password", found, why, DoctorRemedy::EnterPassword,
                  Text::tr("Copy the External Database URL again, or enter the password anew."));
}

DoctorFinding notAllowedFinding(const Examination &exam, const QString &serverText)
{
    const ConnectionParameters &to = exam.parameters();
    const auto turnOnTls = [&to](const char *cause, const QString &found, const QString &why) {
        DoctorFinding finding = failed(layer, cause, found, why, DoctorRemedy::TurnOnTls,
                                       Text::tr("Switch encryption on for this connection."));
        finding.corrected = to;
        finding.corrected.tls = TlsMode::Verified;
        return finding;
    };
    // Render's own words, and those of the server's source: PostgreSQL translates neither.
    if (serverText.contains(QLatin1String("SSL/TLS required"))) {
        return turnOnTls("tls-required", Text::tr("The server lets in encrypted connections only."),
                         Text::tr("This connection is set to go without encryption."));
    }
    if (serverText.contains(QLatin1String("InitializeSessionUserId"))) {
        return failed(layer, "unknown-user", Text::tr("The server has no user %1 who may log in.").arg(to.user),
                      Text::tr("The name is misspelt, or the user was deleted."), DoctorRemedy::EnterPassword,
                      Text::tr("Copy the External Database URL of the instance again: it has the user's name."));
    }
    if (serverText.contains(QLatin1String("pg_hba.conf"))) {
        const bool isPlain =
            serverText.contains(QLatin1String("no encryption")) || serverText.contains(QLatin1String("SSL off"));
        if (isPlain) {
            return turnOnTls(
                "hba-needs-tls",
                Text::tr("The server's rules (pg_hba.conf) do not let %1 in without encryption.").arg(to.user),
                Text::tr("The server offers no encryption here, or this connection does not ask for it."));
        }
        return failed(layer, "hba-refuses",
                      Text::tr("The server's rules (pg_hba.conf) do not let %1 into %2 from this address.")
                          .arg(to.user, to.database),
                      Text::tr("Nobody has entered this computer, user and database there."), DoctorRemedy::TryAgain,
                      Text::tr("Have whoever runs the server add a line for them."));
    }
    return failed(layer, "login-refused", Text::tr("The server does not let %1 in.").arg(to.user),
                  Text::tr("Its words are in the details."), DoctorRemedy::EnterPassword,
                  Text::tr("Check user and password."));
}

DoctorFinding fullFinding(const Examination &exam, const QString &serverText)
{
    const ConnectionParameters &to = exam.parameters();
    const QString advice = Text::tr(
        "Close what you do not need: other windows of Roost, psql, apps and their workers. An app needs two or "
        "three connections, not one for each request.");
    if (serverText.contains(QLatin1String("CheckMyDatabase"))) {
        return failed(layer, "database-full", Text::tr("The database %1 has no connection left.").arg(to.database),
                      Text::tr("A limit was set for this database (CONNECTION LIMIT)."), DoctorRemedy::TryAgain,
                      advice);
    }
    if (serverText.contains(QLatin1String("InitializeSessionUserId"))) {
        return failed(layer, "user-full", Text::tr("The user %1 has no connection left.").arg(to.user),
                      Text::tr("A limit was set for this user (CONNECTION LIMIT)."), DoctorRemedy::TryAgain, advice);
    }
    return failed(layer, "too-many-connections", Text::tr("The server has no connection left."),
                  Text::tr("All that it allows are in use; small instances on Render allow 100."),
                  DoctorRemedy::TryAgain, advice);
}

DoctorFinding startingFinding(const QString &serverText)
{
    if (serverText.contains(QLatin1String("shutting down"))) {
        return failed(layer, "shutting-down", Text::tr("The server is shutting down."),
                      Text::tr("It is being stopped or restarted; it lets the open sessions end first."),
                      DoctorRemedy::TryAgain, Text::tr("Try again in a minute."));
    }
    if (serverText.contains(QLatin1String("recovery mode")) || serverText.contains(QLatin1String("not accepting")) ||
        serverText.contains(QLatin1String("not yet accepting"))) {
        return failed(
            layer, "recovering", Text::tr("The server is repairing itself after it ended in mid-work."),
            Text::tr("It reads its log again; with much to read that takes minutes. No committed row is lost."),
            DoctorRemedy::TryAgain, Text::tr("Wait a few minutes and try again."));
    }
    return failed(layer, "starting-up", Text::tr("The server is starting up."),
                  Text::tr("It was just started or restarted."), DoctorRemedy::TryAgain,
                  Text::tr("Try again in a minute."));
}

/// Names that begin with what was asked for, as Render makes them ("birds_x7ka"), first.
QStringList byLikeness(const QStringList &names, const QString &wanted)
{
    QStringList alike;
    QStringList others;
    for (const QString &name : names) {
        const bool isAlike = name.startsWith(wanted + u'_') || name.compare(wanted, Qt::CaseInsensitive) == 0 ||
                             wanted.startsWith(name + u'_');
        (isAlike ? alike : others) += name;
    }
    return alike + others;
}

QStringList databasesBeside(const Examination &exam)
{
    QStringList names;
    const auto beside = openBeside(exam.request.spec, exam.context);
    const auto databases =
        beside ? CatalogReader::databases(**beside, exam.stop()) : Result<QList<DatabaseInfo>>(failure(beside.error()));
    if (databases) {
        for (const DatabaseInfo &database : *databases) {
            if (!database.isSystem && database.allowsConnections) {
                names += database.name;
            }
        }
    } else if (exam.facts.instance) {
        names += exam.facts.instance->databaseName;
    }
    return names;
}

DoctorFinding noDatabaseFinding(const Examination &exam)
{
    const QString wanted = exam.parameters().database;
    const QStringList names = byLikeness(databasesBeside(exam), wanted);
    const QString found = Text::tr("There is no database named %1.").arg(wanted);
    DoctorFinding finding;
    if (names.isEmpty()) {
        finding = failed(DoctorLayer::Database, "no-database", found,
                         Text::tr("It was renamed or dropped, or its name is misspelt."), DoctorRemedy::EditConnection,
                         Text::tr("Correct the name of the database."));
        finding.corrected = exam.parameters();
        return finding;
    }
    const QString likeliest = names.first();
    const bool isSuffixed = likeliest.startsWith(wanted + u'_');
    finding =
        isSuffixed
            ? failed(DoctorLayer::Database, "suffixed-database", found,
                     (exam.facts.isOnRender
                          ? Text::tr("Render may add letters to the name that was asked for: this one is named %1.")
                          : Text::tr("The name is probably incomplete: there is one named %1."))
                         .arg(likeliest),
                     DoctorRemedy::UseDatabase, Text::tr("Use %1.").arg(likeliest))
            : failed(DoctorLayer::Database, "missing-database", found,
                     Text::tr("It was renamed, dropped or not created yet. There are: %1.")
                         .arg(names.join(QStringLiteral(", "))),
                     DoctorRemedy::UseDatabase, Text::tr("Use one of those, or create it."));
    finding.choices = names;
    finding.corrected = exam.parameters();
    finding.corrected.database = likeliest;
    return finding;
}

/// Nothing where the login itself was refused.
std::optional<DoctorFinding> databaseFinding(const Examination &exam, const Error &error)
{
    const ConnectionParameters &to = exam.parameters();
    if (error.sqlState == "3D000") {
        return noDatabaseFinding(exam);
    }
    if (error.sqlState == "42501") {
        DoctorFinding finding = failed(DoctorLayer::Database, "no-connect-right",
                                       Text::tr("%1 may not connect to the database %2.").arg(to.user, to.database),
                                       Text::tr("Its owner has taken the right to connect away from everybody else."),
                                       DoctorRemedy::CopyCommand, Text::tr("Its owner can run this."));
        finding.command = QStringLiteral("GRANT CONNECT ON DATABASE %1 TO %2;")
                              .arg(quoteIdentifier(to.database), quoteIdentifier(to.user));
        return finding;
    }
    if (error.sqlState == "55000") {
        DoctorFinding finding =
            failed(DoctorLayer::Database, "database-closed",
                   Text::tr("The database %1 is closed to all connections.").arg(to.database),
                   Text::tr("Somebody has closed it (ALLOW_CONNECTIONS false), for a restore perhaps."),
                   DoctorRemedy::CopyCommand, Text::tr("Its owner can open it, from another database."));
        finding.command = QStringLiteral("ALTER DATABASE %1 ALLOW_CONNECTIONS true;").arg(quoteIdentifier(to.database));
        return finding;
    }
    return std::nullopt;
}

DoctorFinding refusalFinding(const Examination &exam, const Error &error)
{
    const QByteArray &state = error.sqlState;
    if (state == "28P01") {
        return passwordFinding(exam);
    }
    if (state.startsWith("28")) {
        return notAllowedFinding(exam, error.detail);
    }
    if (state == "53300") {
        return fullFinding(exam, error.detail);
    }
    if (state.startsWith("57P")) {
        return startingFinding(error.detail);
    }
    if (state.isEmpty() && error.code == ErrorCode::ToolMissing) {
        DoctorFinding finding =
            failed(layer, "libpq-missing", Text::tr("PostgreSQL's client library is not on this computer, or too old."),
                   Text::tr("Every program that speaks to PostgreSQL needs it (libpq 14 or newer)."),
                   DoctorRemedy::CopyCommand, Text::tr("Install it."));
        finding.command = QStringLiteral("sudo apt install libpq5");
        return finding;
    }
    if (state.isEmpty() && exam.request.spec.password.isEmpty()) {
        return failed(layer, "no-password", Text::tr("The server asks for a password, and none is known."),
                      Text::tr("It was not saved, or the keychain did not give it."), DoctorRemedy::EnterPassword,
                      Text::tr("Enter it."));
    }
    if (state.isEmpty() && error.code == ErrorCode::ConnectionFailed) {
        return closedFinding(exam, layer, QStringLiteral("at-login"),
                             Text::tr("The server ended the connection when the login began."));
    }
    return failed(layer, "not-let-in", Text::tr("The server did not let %1 in.").arg(exam.parameters().user),
                  error.message, DoctorRemedy::TryAgain, Text::tr("Its words are in the details."));
}

} // namespace

DoctorFinding loginFinding(Examination &exam, const Error &error)
{
    exam.database = databaseFinding(exam, error);
    if (exam.database) {
        exam.database->detail = error.detail;
        return good(layer, Text::tr("The server knows %1 and accepts the password.").arg(exam.parameters().user));
    }
    DoctorFinding finding = refusalFinding(exam, error);
    finding.detail = error.detail;
    return finding;
}

DoctorFinding examineLogin(Examination &exam)
{
    const DoctorRequest &request = exam.request;
    auto connection = DatabaseConnection::open(request.spec, exam.stop(), QStringLiteral("Roost doctor"));
    if (!connection) {
        return exam.context.isCancelled() ? skipped(layer, {}) : loginFinding(exam, connection.error());
    }
    exam.connection = std::move(*connection);
    // The shortest of three: the first may still be warming up.
    qint64 roundTrip = -1;
    for (int i = 0; i < 3; ++i) {
        QElapsedTimer timer;
        timer.start();
        if (!exam.connection->execute(QStringLiteral("SELECT 1"), {}, exam.stop())) {
            break;
        }
        const qint64 ms = timer.nsecsElapsed() / 100'000;
        roundTrip = roundTrip < 0 ? ms : std::min(roundTrip, ms);
    }
    constexpr double tenths = 10;
    const QString span = roundTrip < 1 ? Text::tr("less than 0.1 ms")
                                       : Text::tr("%1 ms").arg(QLocale().toString(double(roundTrip) / tenths, 'f', 1));
    return good(layer, Text::tr("%1 was let in after %2 ms; a round trip takes %3.")
                           .arg(exam.parameters().user)
                           .arg(exam.connection->server().connectMs)
                           .arg(span));
}

} // namespace Roost::Doctor

#include "operations/instanceconnection.h"
#include "operations/instancecreation.h"
#include "operations/migrationinstances.h"
#include "operations/targetcontents.h"
#include "storage/keychain.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <variant>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationAwait)
};

constexpr int perMajor = 10'000;

/// Waiting longer does not help.
bool isFinal(const Error &error)
{
    return error.isCancelled() || error.sqlState.startsWith("28") || error.sqlState == "3D000" ||
           error.sqlState == "42501" || error.code == ErrorCode::TlsFailed || error.code == ErrorCode::InvalidInput;
}

/// Opens a connection as soon as the server lets us in: it may still be starting when Render calls it available.
Result<std::unique_ptr<DatabaseConnection>> openPatiently(MigrationWork &work, const ConnectionSpec &spec)
{
    const RenderPatience &patience = work.environment().patience;
    QElapsedTimer clock;
    clock.start();
    for (;;) {
        work.context().report(
            {Text::tr("Trying whether the new instance lets us in, %1 s so far").arg(clock.elapsed() / 1000),
             0,
             0,
             {},
             -1});
        auto connection = DatabaseConnection::open(spec, work.stopToken());
        if (connection || isFinal(connection.error()) || clock.elapsed() >= patience.lookFor.count()) {
            return connection;
        }
        if (!sleepFor(patience.lookEvery, work.stopToken())) {
            return failure(Error::cancelled());
        }
    }
}

/// Nobody is told by Render from where it sees us, so what can be said is what is on the list.
QString listWords(const PostgresInstance &instance)
{
    QStringList ranges;
    for (const AllowedAddresses &one : instance.allowedAddresses) {
        if (one.cidrBlock == u"0.0.0.0/0") {
            return {};
        }
        ranges += one.cidrBlock;
    }
    return ranges.isEmpty()
               ? Text::tr(
                     "Its allow list (Access Control) is empty, so nobody from outside of Render gets in. Add this "
                     "computer's address to it, then go on.")
               : Text::tr("Its allow list (Access Control) lets in only %1. If this computer's address is not among "
                          "them, add it, then go on.")
                     .arg(ranges.join(QStringLiteral(", ")));
}

QString versionProblem(const MigrationPlan &plan, const ServerInfo &server)
{
    const int before = plan.serverVersion.section(u'.', 0, 0).toInt();
    if (server.version / perMajor >= before) {
        return {};
    }
    return Text::tr("The new instance runs PostgreSQL %1, which is older than the old one's %2, and may not take "
                    "everything that is in it. Delete the new one in Render's dashboard, and create it with version %3 "
                    "or newer.")
        .arg(server.versionText, plan.serverVersion, QString::number(before));
}

/// What is in the way of taking this as the new instance: in any of its databases.
Result<QString> contentProblem(MigrationWork &work, DatabaseConnection &connection, const ConnectionSpec &spec)
{
    auto rows = connection.query(
        QStringLiteral("SELECT d.datname FROM pg_catalog.pg_database d WHERE d.datallowconn AND NOT d.datistemplate "
                       "AND pg_catalog.has_database_privilege(d.oid, 'CONNECT') ORDER BY d.datname"),
        {}, work.stopToken());
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        const QString name = rows->value(0).toString();
        const auto one = DatabaseConnection::open(spec.withDatabase(name), work.stopToken());
        const auto objects = one ? userObjects(**one, work.stopToken()) : Result<QStringList>(failure(one.error()));
        if (!objects) {
            return failure(objects.error());
        }
        if (!objects->isEmpty()) {
            return Text::tr("This instance is not new: its database “%1” holds %2. Nothing was changed. Create an "
                            "empty one, and paste its connection string.")
                .arg(name, objects->join(QStringLiteral(", ")));
        }
    }
    return QString();
}

struct Entered
{
    ServerInfo server;
    QString problem; ///< why it cannot be the new instance; translated
};

Result<Entered> enter(MigrationWork &work, const ConnectionSpec &spec, bool mustBeEmpty)
{
    const auto connection = openPatiently(work, spec);
    if (!connection) {
        return failure(connection.error());
    }
    Entered entered{(*connection)->server(), versionProblem(work.plan(), (*connection)->server())};
    if (mustBeEmpty && entered.problem.isEmpty()) {
        auto problem = contentProblem(work, **connection, spec);
        if (!problem) {
            return failure(problem.error());
        }
        entered.problem = *problem;
    }
    return entered;
}

Result<StepOutcome> finish(MigrationWork &work, const ConnectionParameters &parameters, const ServerInfo &server)
{
    const auto noted = work.note(MigrationStep::AwaitNew, {{QStringLiteral("connection"), toJson(parameters)},
                                                           {QStringLiteral("serverVersion"), server.versionText}});
    if (!noted) {
        return failure(noted.error());
    }
    work.setSummary(Text::tr("PostgreSQL %1 at %2").arg(server.versionText, parameters.host));
    return StepOutcome();
}

/// The new instance as soon as it is available. One that somebody deleted meanwhile is created once more.
Result<std::variant<PostgresInstance, StepOutcome>> awaitAvailable(MigrationWork &work, const RenderAccess &access)
{
    using Either = std::variant<PostgresInstance, StepOutcome>;
    const RenderPatience &patience = work.environment().patience;
    RenderClient client(access, work.context(), patience.times);
    auto now = client.instance(work.state().newInstanceId());
    if (!now && now.error().code == ErrorCode::NotFound) {
        auto again = createNew(work);
        if (!again || *again) {
            return again ? Result<Either>(Either(*again)) : failure(again.error());
        }
        now = client.instance(work.state().newInstanceId());
    }
    if (!now) {
        return failure(now.error());
    }
    const auto ready = waitUntilAvailable(client, *now, patience, work.context());
    if (!ready) {
        return failure(ready.error());
    }
    if (work.context().isCancelled()) {
        return failure(Error::cancelled());
    }
    return Either(*ready);
}

Result<StepOutcome> awaitByRender(MigrationWork &work)
{
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    const auto available = awaitAvailable(work, *access);
    if (!available) {
        return failure(available.error());
    }
    if (const auto *pause = std::get_if<StepOutcome>(&*available)) {
        return *pause;
    }
    const auto &instance = std::get<PostgresInstance>(*available);
    const bool wasFound = work.state().facts.value(MigrationStep::CreateNew)[u"wasFound"].toBool();
    if (const auto noted = noteNew(work, instance, wasFound); !noted) {
        return failure(noted.error()); // names may only be known now
    }
    const auto spec = connectionOf(*access, instance.id, work.context(), work.environment().patience.times);
    if (!spec) {
        return failure(spec.error());
    }
    if (isOldPlace(work.plan(), spec->parameters)) {
        return failure(ErrorCode::Conflict,
                       Text::tr("Render gave the old instance's address as that of %1. Nothing was changed.")
                           .arg(instanceInWords(instance)));
    }
    if (const auto kept = keepNewSecret(work, spec->password); !kept) {
        return failure(kept.error());
    }
    auto entered = enter(work, *spec, wasFound);
    if (!entered) {
        Error error = entered.error();
        if (!error.isCancelled() && error.sqlState.isEmpty()) {
            error.message = (Text::tr("%1 is available, but does not let Roost in.").arg(instance.name) + u' ' +
                             listWords(instance) + u' ' + error.message)
                                .simplified();
        }
        return failure(error);
    }
    if (!entered->problem.isEmpty()) {
        return failure(ErrorCode::Conflict, entered->problem);
    }
    return finish(work, spec->parameters, entered->server);
}

Result<ConnectionSpec> pastedTarget(MigrationWork &work)
{
    const QJsonObject noted = work.state().facts.value(MigrationStep::CreateNew)[u"connection"].toObject();
    const auto secret = work.environment().keychain.load(work.state().newSecretId(), work.stopToken());
    if (!secret) {
        return failure(secret.error());
    }
    return ConnectionSpec{connectionFromJson(noted), *secret};
}

Result<StepOutcome> awaitByHand(MigrationWork &work)
{
    if (const auto answer = work.takeAnswer(MigrationQuestion::NewConnection)) {
        const auto problems = takePasted(work, *answer);
        if (!problems) {
            return failure(problems.error());
        }
        if (!problems->isEmpty()) {
            return askForNew(work, MigrationStep::AwaitNew, *problems);
        }
    }
    const auto spec = pastedTarget(work);
    if (!spec) {
        const bool isLost =
            spec.error().code == ErrorCode::SecretMissing || spec.error().code == ErrorCode::KeychainAbsent;
        return isLost ? askForNew(work, MigrationStep::AwaitNew,
                                  {Text::tr("The password of the new instance is not known any more.")})
                      : failure(spec.error());
    }
    const auto entered = enter(work, *spec, true);
    if (!entered && entered.error().isCancelled()) {
        return failure(entered.error());
    }
    if (!entered) {
        return askForNew(work, MigrationStep::AwaitNew,
                         {entered.error().message, Text::tr("If the instance is still being created, wait until it is "
                                                            "available. If it is, look at Access Control: this "
                                                            "computer's address has to be on the list.")});
    }
    if (!entered->problem.isEmpty()) {
        return askForNew(work, MigrationStep::AwaitNew, {entered->problem});
    }
    return finish(work, spec->parameters, entered->server);
}

} // namespace

Result<StepOutcome> awaitNew(MigrationWork &work)
{
    return work.plan().isByHand() ? awaitByHand(work) : awaitByRender(work);
}

} // namespace Roost

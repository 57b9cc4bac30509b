#include "cli/targets.h"

#include "cli/accounts.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "postgres/connectionstring.h"
#include "practice/localcluster.h"
#include "storage/keychain.h"

namespace Roost {

namespace {

Result<ConnectionSpec> practiceSpec(const TargetName &name)
{
    const LocalCluster cluster = practiceCluster();
    if (!cluster.status().isRunning) {
        return failure(ErrorCode::ConnectionFailed,
                       CliText::tr("The practice server does not run. Start it with: roost-cli practice start"));
    }
    return cluster.connection(name.database.isEmpty() ? practiceDatabase() : name.database);
}

} // namespace

QString practiceDatabase()
{
    return QStringLiteral("my_database");
}

Targets::Targets(const ProfileStore &profiles, Accounts &accounts, Keychain &keychain, Terminal &terminal,
                 const QProcessEnvironment &environment)
    : m_profiles(profiles)
    , m_accounts(accounts)
    , m_keychain(keychain)
    , m_terminal(terminal)
    , m_environment(environment)
{
}

Result<ConnectionSpec> Targets::environmentSpec(const TargetName &name)
{
    const QString text = m_environment.value(name.name);
    if (text.isEmpty()) {
        return failure(ErrorCode::NotFound,
                       CliText::tr("The environment has no variable %1. Set it to the database's URL.").arg(name.name));
    }
    Result<ParsedConnection> parsed = parseConnectionString(text);
    if (!parsed) {
        Error error = parsed.error();
        error.message = CliText::tr("%1 cannot be used: %2").arg(name.name, error.message);
        return failure(error);
    }
    for (const QString &notice : std::as_const(parsed->notices)) {
        m_terminal.note(notice);
    }
    ConnectionSpec spec{parsed->parameters, parsed->password};
    return name.database.isEmpty() ? spec : spec.withDatabase(name.database);
}

Result<Secret> Targets::passwordOf(const Profile &profile, const JobContext &context)
{
    Error error{
        ErrorCode::SecretMissing, CliText::tr("The password of \"%1\" is not stored.").arg(profile.name), {}, {}};
    if (profile.secretIsStored) {
        Result<Secret> loaded = m_keychain.load(profile.id, context.stopToken());
        if (loaded || loaded.error().isCancelled()) {
            return loaded;
        }
        error = loaded.error();
    }
    if (!m_terminal.inputIsTerminal()) {
        error.message +=
            QStringLiteral(" ") + CliText::tr("Without a keychain, give the URL in a variable of the environment and "
                                              "use env:VARIABLE as the target.");
        return failure(error);
    }
    m_terminal.note(error.message);
    const Result<QString> typed = m_terminal.readHidden(
        CliText::tr("Password of %1 at %2: ").arg(profile.parameters.user, profile.parameters.host),
        context.stopToken());
    if (!typed) {
        return failure(typed.error());
    }
    QString password = *typed;
    while (password.endsWith(u'\n') || password.endsWith(u'\r')) {
        password.chop(1);
    }
    return Secret(password);
}

Result<ConnectionSpec> Targets::savedSpec(const Profile &profile, const JobContext &context)
{
    const bool hasAddress = !profile.parameters.host.isEmpty();
    if (!hasAddress || (!profile.secretIsStored && m_accounts.canFetch(profile))) {
        Result<ConnectionSpec> fetched = m_accounts.fetchConnection(profile, context);
        if (fetched || !hasAddress || fetched.error().isCancelled()) {
            return fetched;
        }
        m_terminal.note(fetched.error().message);
    }
    const Result<Secret> password = passwordOf(profile, context);
    if (!password) {
        return failure(password.error());
    }
    return ConnectionSpec{profile.parameters, *password};
}

Result<ConnectionSpec> Targets::resolve(const QString &target, const JobContext &context)
{
    const std::optional<TargetName> name = TargetName::parse(target);
    if (!name) {
        return failure(ErrorCode::InvalidInput, CliText::tr("\"%1\" is no target.").arg(target));
    }
    if (name->kind == TargetName::Kind::Practice) {
        return practiceSpec(*name);
    }
    if (name->kind == TargetName::Kind::Environment) {
        return environmentSpec(*name);
    }
    const Result<Profile> profile = m_profiles.byName(name->name);
    if (!profile) {
        return failure(profile.error());
    }
    Result<ConnectionSpec> spec = savedSpec(*profile, context);
    return spec && !name->database.isEmpty() ? Result<ConnectionSpec>(spec->withDatabase(name->database)) : spec;
}

Result<ConnectionParameters> Targets::parameters(const QString &target)
{
    const std::optional<TargetName> name = TargetName::parse(target);
    if (name && name->kind == TargetName::Kind::Saved) {
        const Result<Profile> profile = m_profiles.byName(name->name);
        if (!profile) {
            return failure(profile.error());
        }
        ConnectionParameters parameters = profile->parameters;
        if (parameters.host.isEmpty()) {
            const Result<ConnectionSpec> fetched = m_accounts.fetchConnection(*profile, JobContext());
            if (!fetched) {
                return failure(fetched.error());
            }
            parameters = fetched->parameters;
        }
        if (!name->database.isEmpty()) {
            parameters.database = name->database;
        }
        return parameters;
    }
    const Result<ConnectionSpec> spec = resolve(target, JobContext());
    if (!spec) {
        return failure(spec.error());
    }
    return spec->parameters;
}

Result<std::unique_ptr<DatabaseConnection>> Targets::open(const QString &target, const JobContext &context)
{
    const Result<ConnectionSpec> spec = resolve(target, context);
    if (!spec) {
        return failure(spec.error());
    }
    return DatabaseConnection::open(*spec, context.stopToken());
}

} // namespace Roost

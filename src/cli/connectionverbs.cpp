#include "cli/output.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/maintenance.h"
#include "postgres/connectionstring.h"
#include "storage/keychain.h"
#include "storage/profilestore.h"

#include <QUuid>

namespace Roost {

namespace {

QString tlsInWords(TlsMode mode)
{
    switch (mode) {
    case TlsMode::Verified:
        return QStringLiteral("verified");
    case TlsMode::Unverified:
        return QStringLiteral("unverified");
    case TlsMode::Optional:
        return QStringLiteral("optional");
    }
    return {};
}

/// The pasted form from standard input, with its notices told and an Internal URL turned into the external form.
Result<ParsedConnection> readPaste(const Invocation &call, const CliServices &services, const JobContext &context)
{
    const Result<QString> text = services.terminal.readHidden(
        CliText::tr("Paste the connection string (it is not shown) and press Enter: "), context.stopToken());
    if (!text) {
        return failure(text.error());
    }
    Result<ParsedConnection> parsed = parseConnectionString(*text);
    if (!parsed) {
        return parsed;
    }
    for (const QString &notice : std::as_const(parsed->notices)) {
        services.terminal.note(notice);
    }
    if (parsed->isInternal) {
        if (!call.has(QStringLiteral("region"))) {
            return failure(ErrorCode::InvalidInput,
                           CliText::tr("This is Render's Internal URL: it only works inside Render. Paste the External "
                                       "URL, or say the region: --region %1")
                               .arg(renderRegions().join(u'|')));
        }
        parsed->parameters.host = externalRenderHost(parsed->parameters.host, call.value(QStringLiteral("region")));
    }
    if (call.has(QStringLiteral("accept-any-certificate"))) {
        parsed->parameters.tls = TlsMode::Unverified;
    }
    return parsed;
}

Result<void> checkConnection(const ConnectionSpec &spec, const CliServices &services, JobContext &context)
{
    context.report({CliText::tr("Connecting to %1").arg(spec.parameters.host), 0, 0, {}});
    const Result<ServerInfo> server = testConnection(spec, context);
    if (!server) {
        Error error = server.error();
        if (!error.isCancelled()) {
            error.message += QStringLiteral(" ") + CliText::tr("Nothing was saved; --no-test saves it untested.");
        }
        return failure(error);
    }
    services.terminal.note(server->tls.isEmpty()
                               ? CliText::tr("Connected: PostgreSQL %1, not encrypted.").arg(server->versionText)
                               : CliText::tr("Connected: PostgreSQL %1, %2%3.")
                                     .arg(server->versionText, server->tls,
                                          spec.parameters.tls == TlsMode::Unverified
                                              ? CliText::tr(" without a check of the certificate")
                                              : QString()));
    return {};
}

Result<void> addConnection(const Invocation &call, const CliServices &services, JobContext &context)
{
    const QString name = call.arguments.first();
    const Result<QList<Profile>> known = services.profiles.all();
    if (!known) {
        return failure(known.error());
    }
    for (const Profile &profile : *known) {
        if (profile.name == name) {
            return failure(ErrorCode::AlreadyExists,
                           CliText::tr("There is already a connection named \"%1\". Remove it first, or choose "
                                       "another name.")
                               .arg(name));
        }
    }
    Result<ParsedConnection> parsed = readPaste(call, services, context);
    if (!parsed) {
        return failure(parsed.error());
    }
    const ConnectionSpec spec{parsed->parameters, parsed->password};
    if (!call.has(QStringLiteral("no-test"))) {
        if (Result<void> tested = checkConnection(spec, services, context); !tested) {
            return tested;
        }
    }

    Profile profile;
    profile.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    profile.name = name;
    profile.parameters = spec.parameters;
    // First the profile: an entry in the keychain that no connection names could never be found again.
    if (Result<void> saved = services.profiles.save(profile); !saved) {
        return saved;
    }
    const bool wantsPassword = !call.has(QStringLiteral("without-password")) && !spec.password.isEmpty();
    if (wantsPassword) {
        if (const Result<void> stored = services.keychain.store(profile.id, spec.password, context.stopToken());
            !stored) {
            Error error = stored.error();
            error.message = CliText::tr("\"%1\" is saved, but not its password.").arg(name) + u' ' + error.message;
            return failure(error);
        }
        profile.secretIsStored = true;
        if (Result<void> saved = services.profiles.save(profile); !saved) {
            return saved;
        }
    }
    services.terminal.note(wantsPassword ? CliText::tr("\"%1\" is saved, its password in the keychain.").arg(name)
                                         : CliText::tr("\"%1\" is saved, without a password.").arg(name));
    return {};
}

Result<void> listConnections(const Invocation &call, const CliServices &services, JobContext &)
{
    const Result<QList<Profile>> profiles = services.profiles.all();
    if (!profiles) {
        return failure(profiles.error());
    }
    const bool asJson = call.has(QStringLiteral("json"));
    if (profiles->isEmpty() && !asJson) {
        services.terminal.note(CliText::tr("No connection is saved yet. Add one with: roost-cli add NAME"));
        return {};
    }
    RowOutput output(services.terminal, asJson ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Name"), QStringLiteral("name")},
                      {CliText::tr("Host"), QStringLiteral("host")},
                      {CliText::tr("Port"), QStringLiteral("port"), true},
                      {CliText::tr("User"), QStringLiteral("user")},
                      {CliText::tr("Database"), QStringLiteral("database")},
                      {CliText::tr("TLS"), QStringLiteral("tls")},
                      {CliText::tr("Password"), QStringLiteral("password")}});
    for (const Profile &profile : *profiles) {
        const ConnectionParameters &to = profile.parameters;
        output.add(
            {OutputCell::of(profile.name), OutputCell::of(to.host), OutputCell::number(to.port),
             OutputCell::of(to.user), OutputCell::of(to.database), OutputCell::of(tlsInWords(to.tls)),
             OutputCell::of(profile.secretIsStored ? QStringLiteral("keychain") : QStringLiteral("not stored"))});
    }
    output.end();
    return {};
}

Result<void> removeConnection(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<Profile> profile = services.profiles.byName(call.arguments.first());
    if (!profile) {
        return failure(profile.error());
    }
    if (profile->secretIsStored && !call.has(QStringLiteral("keep-password"))) {
        if (const Result<void> removed = services.keychain.remove(profile->id, context.stopToken()); !removed) {
            Error error = removed.error();
            if (!error.isCancelled()) {
                error.message += QStringLiteral(" ") + CliText::tr("The connection is still there; --keep-password "
                                                                   "removes it without its password.");
            }
            return failure(error);
        }
    }
    return services.profiles.remove(profile->id);
}

Result<void> printUri(const Invocation &call, const CliServices &services, JobContext &context)
{
    const QString target = call.arguments.first();
    if (call.has(QStringLiteral("reveal"))) {
        const Result<ConnectionSpec> spec = services.targets.resolve(target, context);
        if (!spec) {
            return failure(spec.error());
        }
        services.terminal.writeLine(databaseUri(*spec));
        return {};
    }
    const Result<ConnectionParameters> parameters = services.targets.parameters(target);
    if (!parameters) {
        return failure(parameters.error());
    }
    services.terminal.writeLine(maskedUri(*parameters));
    return {};
}

Verb addVerb()
{
    Verb verb;
    verb.name = QStringLiteral("add");
    verb.summary = CliText::tr("Save a connection, its password in the keychain.");
    verb.arguments = {{QStringLiteral("NAME"), CliText::tr("for TARGET; not \"practice\", and no \"/\" in it")}};
    verb.options = {
        {QStringLiteral("region"), QStringLiteral("REGION"), CliText::tr("Render's region, to use an Internal URL")},
        {QStringLiteral("no-test"), {}, CliText::tr("save without trying to connect")},
        {QStringLiteral("without-password"), {}, CliText::tr("do not store the password; it is asked for each time")},
        {QStringLiteral("accept-any-certificate"),
         {},
         CliText::tr("encrypt, but do not check whom with; `list` shows it")}};
    verb.description = CliText::tr(
        "Reads what Render shows from standard input: the External URL, the PSQL Command, a line of a\n"
        ".env file, key=value. On a terminal it is not shown as you paste it. The password never stands in\n"
        "a command line. Connects once to try it; a connection that fails is not saved.\n\n"
        "Where the keychain is locked or missing, the connection is saved without its password and the exit\n"
        "code is 1; it is then asked for on a terminal each time.");
    verb.run = addConnection;
    verb.check = [](const Invocation &call) {
        const QString region = call.value(QStringLiteral("region"));
        if (call.has(QStringLiteral("region")) && !renderRegions().contains(region)) {
            return CliText::tr("\"%1\" is none of Render's regions: %2.")
                .arg(region, renderRegions().join(QStringLiteral(", ")));
        }
        return profileNameProblem(call.arguments.first());
    };
    return verb;
}

} // namespace

QList<Verb> connectionVerbs()
{
    Verb list;
    list.name = QStringLiteral("list");
    list.summary = CliText::tr("List the saved connections.");
    list.options = {{QStringLiteral("json"), {}, CliText::tr("an array of objects")}};
    list.run = listConnections;

    Verb remove;
    remove.name = QStringLiteral("remove");
    remove.summary = CliText::tr("Forget a saved connection and its password. Nothing on the server changes.");
    remove.arguments = {{QStringLiteral("NAME"), CliText::tr("as `list` shows it")}};
    remove.options = {{QStringLiteral("keep-password"), {}, CliText::tr("do not touch the keychain")}};
    remove.run = removeConnection;

    Verb uri;
    uri.name = QStringLiteral("uri");
    uri.summary = CliText::tr("Print the DATABASE_URI for an app, the password as asterisks.");
    uri.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database")}};
    uri.options = {{QStringLiteral("reveal"), {}, CliText::tr("with the password")}};
    uri.run = printUri;
    return {addVerb(), list, remove, uri};
}

} // namespace Roost

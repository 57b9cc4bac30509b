#include "cli/output.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/maintenance.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseadmin.h"

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString allOption = QStringLiteral("all");

Result<void> listDatabases(const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto connection = services.targets.open(call.arguments.first(), context);
    if (!connection) {
        return failure(connection.error());
    }
    const Result<QList<DatabaseInfo>> databases = CatalogReader::databases(**connection, context.stopToken());
    if (!databases) {
        return failure(databases.error());
    }
    RowOutput output(services.terminal, call.has(jsonOption) ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Name"), QStringLiteral("name")},
                      {CliText::tr("Owner"), QStringLiteral("owner")},
                      {CliText::tr("Encoding"), QStringLiteral("encoding")},
                      {CliText::tr("Collate"), QStringLiteral("collate")},
                      {CliText::tr("Ctype"), QStringLiteral("ctype")},
                      {CliText::tr("Access privileges"), QStringLiteral("access_privileges")},
                      {CliText::tr("Size"), QStringLiteral("size_bytes"), true, true},
                      {CliText::tr("Description"), QStringLiteral("description")}});
    for (const DatabaseInfo &each : *databases) {
        if (each.isSystem && !call.has(allOption)) {
            continue;
        }
        output.add({OutputCell::of(each.name), OutputCell::of(each.owner), OutputCell::of(each.encoding),
                    OutputCell::of(each.collation), OutputCell::of(each.characterType),
                    OutputCell::orNull(each.accessPrivileges), OutputCell::count(each.sizeBytes),
                    OutputCell::orNull(each.comment)});
    }
    output.end();
    return {};
}

Result<void> createDatabase(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<ConnectionSpec> spec = services.targets.resolve(call.arguments.first(), context);
    if (!spec) {
        return failure(spec.error());
    }
    const QString name = spec->parameters.database;
    const auto connection = openBeside(*spec, context);
    if (!connection) {
        return failure(connection.error());
    }
    const Result<QList<DatabaseInfo>> databases = CatalogReader::databases(**connection, context.stopToken());
    if (!databases) {
        return failure(databases.error());
    }
    QStringList existing;
    for (const DatabaseInfo &each : *databases) {
        existing += each.name;
    }
    const DatabaseAdmin::NameAdvice advice = DatabaseAdmin::adviseName(name, existing);
    if (advice.isError) {
        return failure(existing.contains(name) ? ErrorCode::AlreadyExists : ErrorCode::InvalidInput, advice.text);
    }
    if (!advice.text.isEmpty()) {
        services.terminal.note(advice.text);
    }
    Result<void> created = DatabaseAdmin::create(**connection, name, context.stopToken());
    if (created) {
        services.terminal.note(CliText::tr("The database \"%1\" is created.").arg(name));
    }
    return created;
}

} // namespace

QList<Verb> databaseVerbs()
{
    Verb databases;
    databases.name = QStringLiteral("databases");
    databases.summary = CliText::tr("List the databases of an instance, as psql's \\l does.");
    databases.arguments = {{QStringLiteral("TARGET"), CliText::tr("any database of the instance")}};
    databases.options = {{allOption, {}, CliText::tr("with the system's: postgres, template0, template1")},
                         {jsonOption, {}, CliText::tr("an array of objects; sizes in bytes")}};
    databases.run = listDatabases;

    Verb create;
    create.name = QStringLiteral("create");
    create.summary = CliText::tr("Create a database.");
    create.arguments = {{QStringLiteral("TARGET"), CliText::tr("NAME/DATABASE: the database to create")}};
    create.description = CliText::tr("Empty, UTF8, owned by the connection's user.");
    create.run = createDatabase;
    return {databases, create};
}

} // namespace Roost

#include "cli/accounts.h"
#include "cli/output.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/expirycalendar.h"
#include "operations/expirylist.h"
#include "operations/expirynotices.h"
#include "operations/stalebackups.h"
#include "storage/paths.h"

#include <QDir>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString icsOption = QStringLiteral("ics");
const QString notifyOptionName = QStringLiteral("notify");
const QString createdOption = QStringLiteral("created");
const QString lifetimeOption = QStringLiteral("lifetime");

struct Known
{
    QList<Profile> profiles;
    QList<AccountOverview> accounts;
    InstanceClock clock;
};

/// Asks every account first, which also tells the time there; what it does not answer counts as it was.
Result<Known> readKnown(const CliServices &services, JobContext &context)
{
    Known known;
    const Result<QList<Account>> accounts = services.accounts.store().all();
    if (!accounts) {
        return failure(accounts.error());
    }
    for (const Account &account : *accounts) {
        const Result<AccountOverview> overview = services.accounts.read(account, context);
        if (overview) {
            known.clock.setOffset(account.id, overview->clockOffset);
            known.accounts += *overview;
        } else if (overview.error().isCancelled()) {
            return failure(overview.error());
        } else {
            services.terminal.note(CliText::tr("The account %1 could not be asked; its instances are shown as they "
                                               "were known, by this computer's clock. %2")
                                       .arg(account.name, overview.error().message));
        }
    }
    const Result<QList<Profile>> profiles = services.profiles.all();
    if (!profiles) {
        return failure(profiles.error());
    }
    known.profiles = *profiles;
    return known;
}

QString stageWord(Expiry::Stage stage)
{
    switch (stage) {
    case Expiry::Stage::Fine:
        return QStringLiteral("fine");
    case Expiry::Stage::Soon:
        return QStringLiteral("soon");
    case Expiry::Stage::Urgent:
        return QStringLiteral("urgent");
    case Expiry::Stage::Grace:
        return QStringLiteral("grace");
    case Expiry::Stage::Gone:
        return QStringLiteral("gone");
    }
    return {};
}

QString sourceWord(Expiry::Source source)
{
    return source == Expiry::Source::Api            ? QStringLiteral("render")
           : source == Expiry::Source::CreationDate ? QStringLiteral("created")
                                                    : QStringLiteral("unknown");
}

QStringList databasesOf(const ExpiringInstance &one, const QList<ListedBackup> &backups)
{
    QStringList names = databasesIn(backups, one.profile.id);
    if (!one.profile.parameters.database.isEmpty()) {
        names += one.profile.parameters.database;
    }
    names.removeDuplicates();
    return names;
}

void printTable(const QList<ExpiringInstance> &instances, const QList<ListedBackup> &backups, Terminal &terminal)
{
    RowOutput output(terminal, OutputFormat::Table,
                     {{CliText::tr("Instance"), {}},
                      {CliText::tr("Left"), {}},
                      {CliText::tr("Expires on"), {}},
                      {CliText::tr("Erased on"), {}},
                      {CliText::tr("How known"), {}},
                      {CliText::tr("Last proven backup"), {}}});
    for (const ExpiringInstance &one : instances) {
        const Expiry &expiry = one.expiry;
        const ProvenState proven = provenState(backups, one.profile.id, databasesOf(one, backups));
        const QString backup = proven.oldest.number == 0 || !proven.without.isEmpty()
                                   ? CliText::tr("none")
                                   : proven.oldest.takenAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"));
        const auto day = [&expiry](const QDate &date) {
            return OutputCell::orNull(expiry.isKnown() ? date.toString(Qt::ISODate) : QString());
        };
        output.add({OutputCell::of(one.profile.name), OutputCell::orNull(expiry.badge(one.now)), day(expiry.stopsOn()),
                    day(expiry.erasedOn()), OutputCell::of(sourceText(one)), OutputCell::of(backup)});
    }
    output.end();
}

void printJson(const QList<ExpiringInstance> &instances, const QList<ListedBackup> &backups, Terminal &terminal)
{
    QList<OutputColumn> columns;
    for (const char *key : {"instance", "stage", "badge", "days_left", "expires_at", "erased_at", "source",
                            "last_proven_at", "is_saved", "render_id", "account_id"}) {
        columns += {{}, QString::fromLatin1(key)};
    }
    RowOutput output(terminal, OutputFormat::Json, columns);
    for (const ExpiringInstance &one : instances) {
        const Expiry &expiry = one.expiry;
        const bool isKnown = expiry.isKnown();
        const ProvenState proven = provenState(backups, one.profile.id, databasesOf(one, backups));
        const bool isProven = proven.oldest.number > 0 && proven.without.isEmpty();
        const auto time = [](const QDateTime &at) {
            return OutputCell::orNull(at.isValid() ? at.toUTC().toString(Qt::ISODate) : QString());
        };
        output.add({OutputCell::of(one.profile.name),
                    OutputCell::orNull(isKnown ? stageWord(expiry.stage(one.now)) : QString()),
                    OutputCell::orNull(expiry.badge(one.now)),
                    isKnown ? OutputCell::number(expiry.daysLeft(one.now)) : OutputCell::null(), time(expiry.stopsAt),
                    time(expiry.erasedAt), OutputCell::of(sourceWord(expiry.source)),
                    time(isProven ? proven.oldest.takenAt : QDateTime()), OutputCell::boolean(one.isSaved),
                    OutputCell::orNull(one.profile.renderId), OutputCell::orNull(one.profile.accountId)});
    }
    output.end();
}

Result<void> list(const Invocation &call, const CliServices &services, const QList<ExpiringInstance> &instances)
{
    const auto backups = listBackups(BackupCatalog(Paths::database()), Paths::backups());
    if (!backups) {
        return failure(backups.error());
    }
    if (call.has(jsonOption)) {
        printJson(instances, *backups, services.terminal);
    } else if (instances.isEmpty()) {
        services.terminal.note(CliText::tr("No saved connection is known to end. Say when a free instance was created "
                                           "with: roost-cli expiry set NAME --created DATE"));
    } else {
        printTable(instances, *backups, services.terminal);
    }
    return {};
}

Result<void> notifyDue(const Known &known, const CliServices &services, const JobContext &context)
{
    const auto shown = showDueNotices(known.profiles, ExpiryNoticeStore(Paths::database()), known.clock, context);
    if (!shown) {
        return failure(shown.error());
    }
    for (const ExpiryNotice &notice : *shown) {
        services.terminal.writeLine(notice.message.title);
    }
    return {};
}

Result<void> expiry(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<Known> known = readKnown(services, context);
    if (!known) {
        return failure(known.error());
    }
    if (call.has(notifyOptionName)) {
        return notifyDue(*known, services, context);
    }
    const QList<ExpiringInstance> instances = expiringInstances(known->profiles, known->accounts, known->clock);
    if (!call.has(icsOption)) {
        return list(call, services, instances);
    }
    const QString file = QDir::current().absoluteFilePath(call.value(icsOption));
    const Result<void> written = writeExpiryCalendar(instances, file);
    if (written) {
        services.terminal.writeLine(file);
    }
    return written;
}

QDate dateIn(const Invocation &call)
{
    return QDate::fromString(call.value(createdOption), Qt::ISODate);
}

Result<void> setCreated(const Invocation &call, const CliServices &services, JobContext &)
{
    Result<Profile> profile = services.profiles.byName(call.arguments.first());
    if (!profile) {
        return failure(profile.error());
    }
    if (profile->expiresAt.isValid()) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("Render itself says when \"%1\" ends, so there is nothing to count. Nothing was "
                                   "changed.")
                           .arg(profile->name));
    }
    profile->createdOn = dateIn(call);
    const int days = call.value(lifetimeOption).toInt();
    profile->lifetimeDays = days == Expiry::usualLifetimeDays ? 0 : days;
    if (Result<void> saved = services.profiles.save(*profile); !saved) {
        return saved;
    }
    const Expiry counted = expiryOf(*profile);
    services.terminal.note(CliText::tr("\"%1\": %2. It stops working on %3 and is erased on %4.")
                               .arg(profile->name, counted.badge(InstanceClock().now(*profile)),
                                    counted.stopsOn().toString(Qt::ISODate), counted.erasedOn().toString(Qt::ISODate)));
    if (days > Expiry::usualLifetimeDays) {
        services.terminal.note(CliText::tr("Render has given free databases 30 days since May 2024; lessons that say "
                                           "90 are older. If yours has 30, it is gone before Roost warns you."));
    }
    return {};
}

Verb setVerb()
{
    Verb verb;
    verb.name = QStringLiteral("expiry set");
    verb.summary = CliText::tr("Say when a free instance was created, so that its days can be counted.");
    verb.arguments = {{QStringLiteral("NAME"), CliText::tr("as `list` shows it")}};
    verb.options = {{createdOption, QStringLiteral("DATE"), CliText::tr("as Render's dashboard shows it: 2026-11-01")},
                    {lifetimeOption, QStringLiteral("DAYS"), CliText::tr("how long it works; else 30")}};
    verb.run = setCreated;
    verb.check = [](const Invocation &call) {
        constexpr int longest = 366;
        if (!dateIn(call).isValid() || dateIn(call) > QDate::currentDate()) {
            return CliText::tr("Say when it was created, with --created 2026-11-01: a day that has been.");
        }
        const int days = call.value(lifetimeOption).toInt();
        return call.has(lifetimeOption) && (days < 1 || days > longest)
                   ? CliText::tr("--lifetime is a number of days from 1 to %1.").arg(longest)
                   : QString();
    };
    return verb;
}

} // namespace

QList<Verb> expiryVerbs()
{
    Verb verb;
    verb.name = QStringLiteral("expiry");
    verb.summary = CliText::tr("List when free instances stop working and are erased.");
    verb.options = {{jsonOption, {}, CliText::tr("an array of objects; times in UTC")},
                    {icsOption, QStringLiteral("FILE"), CliText::tr("write the days into a calendar file instead")},
                    {notifyOptionName, {}, CliText::tr("show what is due on the desktop instead, each reminder once")}};
    verb.description = CliText::tr(
        "A free instance works for 30 days, and is erased 14 days later with everything in it. The end is known\n"
        "from Render, or counted from the creation date that was given. --notify is for a timer: it reminds 10, 5,\n"
        "2 and 1 days before and daily in the days of grace; what the window showed is not shown again.");
    verb.run = expiry;
    verb.check = [](const Invocation &call) {
        return call.options.size() > 1 ? CliText::tr("--json, --ics and --notify do not go together.") : QString();
    };
    return {verb, setVerb()};
}

} // namespace Roost

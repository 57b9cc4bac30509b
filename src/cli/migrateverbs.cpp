#include "cli/accounts.h"
#include "cli/migrateanswers.h"
#include "cli/migrateoutput.h"
#include "cli/migratesetup.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/migrationreport.h"
#include "storage/paths.h"

#include <algorithm>

namespace Roost {

namespace {

const QString saveOption = QStringLiteral("save");
const QString connectionOption = QStringLiteral("new-connection");
const QString revealOption = QStringLiteral("reveal");
const QString htmlOption = QStringLiteral("html");

/// Exit code 5 where it is the user's turn, 1 where what they did is not enough yet.
Result<void> stopAt(const MigrationPause &pause, const MigrationPlan &plan, bool reveals, const CliServices &services)
{
    printPause(pause, reveals, services.terminal);
    if (!pause.mayBeAnswered) {
        return failure(ErrorCode::Conflict,
                       CliText::tr("The migration stops here until this is put right; nothing is lost. To look again: "
                                   "roost-cli migrate resume %1")
                           .arg(plan.id));
    }
    services.waitsForUser = pause.problems.isEmpty();
    return failure(ErrorCode::Conflict, howToGoOn(pause, plan));
}

void tellEnd(const MigrationJournal &journal, Terminal &terminal)
{
    const auto state = stateOf(journal.events());
    if (!state) {
        return;
    }
    const QString id = state->newInstanceId();
    const QString where = state->plan.path == MigrationPath::UpgradeInPlace
                              ? CliText::tr("the plan %1").arg(state->plan.draft.plan)
                              : (id.isEmpty() ? CliText::tr("a new instance") : id);
    terminal.note(CliText::tr("The migration %1 is finished: %2 is on %3 now, and equal to its backups.")
                      .arg(state->plan.id, state->plan.source.name, where));
    terminal.writeLine(state->facts.value(MigrationStep::Report)[u"markdown"].toString());
}

Result<void> goOn(MigrationJournal &journal, const MigrationPlan &plan, GivenAnswers answers, const Invocation &call,
                  const MigrationEnvironment &environment, const CliServices &services, JobContext &context)
{
    StepLines lines(plan.path, services.terminal);
    journal.setOnAppended([&lines](const MigrationEvent &event) { lines.show(event); });
    const auto state = stateOf(journal.events());
    if (!state) {
        return failure(state.error());
    }
    const auto asked = askedBefore(*state);
    auto answer = asked ? answers.take(*asked, true) : std::nullopt;
    for (;;) {
        const auto outcome = continueMigration(journal, environment, answer, context);
        if (!outcome) {
            Error error = outcome.error();
            if (!error.isCancelled()) {
                error.message +=
                    u' ' +
                    CliText::tr("The migration goes on from there with: roost-cli migrate resume %1").arg(plan.id);
            }
            return failure(error);
        }
        if (!*outcome) {
            tellEnd(journal, services.terminal);
            return {};
        }
        const MigrationPause &pause = **outcome;
        const bool wasAnswered = answer && answer->question == pause.question;
        answer = wasAnswered || !pause.mayBeAnswered ? std::nullopt : answers.take(pause.question, false);
        if (!answer) {
            return stopAt(pause, plan, call.has(revealOption), services);
        }
    }
}

Result<void> planVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<MigrationWish> wish = migrationWish(call, services, context);
    if (!wish) {
        return failure(wish.error());
    }
    ScratchServer scratch;
    const auto planned =
        planMigration(wish->request, migrationEnvironment(wish->isPractice, services, scratch), context);
    if (!planned) {
        return failure(planned.error());
    }
    printPlan(*planned, call.has(MigrateOption::json), services.terminal);
    if (call.has(saveOption)) {
        if (const auto saved = savePlan(planned->plan, call.value(saveOption)); !saved) {
            return saved;
        }
    }
    if (planned->plan.blockers.isEmpty()) {
        return {};
    }
    return failure(ErrorCode::Conflict,
                   CliText::tr("It cannot begin before this is put right: %1").arg(planned->plan.blockers.join(u' ')));
}

Result<void> runVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    Result<MigrationWish> wish = migrationWish(call, services, context);
    ScratchServer scratch;
    if (wish && call.has(MigrateOption::rehearse)) {
        wish = rehearsalOf(*wish, services, context);
    }
    if (!wish) {
        return failure(wish.error());
    }
    const MigrationEnvironment environment = migrationEnvironment(wish->isPractice, services, scratch);
    const auto planned = planMigration(wish->request, environment, context);
    if (!planned) {
        return failure(planned.error());
    }
    const MigrationPlan &plan = planned->plan;
    const GivenAnswers answers(call, plan.source.name);
    if (const auto fine = answers.check(); !fine) {
        return fine;
    }
    for (const QString &warning : plan.warnings) {
        services.terminal.note(warning);
    }
    const auto journal = beginMigration(Paths::migrations(), plan);
    if (!journal) {
        return failure(journal.error());
    }
    services.terminal.note(CliText::tr("Migration %1 of %2: %3. Its journal: %4")
                               .arg(plan.id, plan.source.name, nameOf(plan.path), (*journal)->file()));
    return goOn(**journal, plan, answers, call, environment, services, context);
}

struct OpenMigration
{
    std::unique_ptr<MigrationJournal> journal;
    MigrationState state;
};

Result<OpenMigration> openMigration(const Invocation &call)
{
    const Result<QString> id = unfinishedMigration(call);
    if (!id) {
        return failure(id.error());
    }
    auto journal = MigrationJournal::open(Paths::migrations(), *id);
    if (!journal) {
        return failure(journal.error());
    }
    auto state = stateOf((*journal)->events());
    if (!state) {
        return failure(state.error());
    }
    return OpenMigration{std::move(*journal), std::move(*state)};
}

Result<void> resumeVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto open = openMigration(call);
    if (!open) {
        return failure(open.error());
    }
    const MigrationPlan &plan = open->state.plan;
    if (open->state.end == MigrationState::End::Finished) {
        tellEnd(*open->journal, services.terminal);
        return {};
    }
    GivenAnswers answers(call, plan.source.name);
    if (const auto fine = answers.check(); !fine) {
        return fine;
    }
    if (call.has(connectionOption)) {
        const Result<QString> typed = services.terminal.readHidden(
            CliText::tr("External URL or PSQL Command of the new instance (it is not shown): "), context.stopToken());
        if (!typed) {
            return failure(typed.error());
        }
        answers.setConnection(Secret(typed->trimmed()));
    }
    ScratchServer scratch;
    return goOn(*open->journal, plan, answers, call, migrationEnvironment(plan.isPractice, services, scratch), services,
                context);
}

Result<void> giveUpVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto open = openMigration(call);
    if (!open) {
        return failure(open.error());
    }
    const MigrationPlan &plan = open->state.plan;
    ScratchServer scratch;
    const auto done =
        giveUpMigration(*open->journal, migrationEnvironment(plan.isPractice, services, scratch), context);
    if (done) {
        services.terminal.note(CliText::tr("The migration %1 is given up: %2 is as it was, and the backups stay.")
                                   .arg(plan.id, plan.source.name));
    }
    return done;
}

Result<QList<ListedMigration>> listed(const Invocation &call)
{
    QList<ListedMigration> all = listMigrations(Paths::migrations());
    if (call.arguments.isEmpty()) {
        return all;
    }
    const auto one = std::find_if(all.begin(), all.end(),
                                  [&](const ListedMigration &each) { return each.id == call.arguments.first(); });
    if (one == all.end()) {
        return failure(ErrorCode::NotFound, CliText::tr("There is no migration %1.").arg(call.arguments.first()));
    }
    return QList<ListedMigration>{*one};
}

Result<void> statusVerb(const Invocation &call, const CliServices &services, JobContext &)
{
    const auto all = listed(call);
    if (!all) {
        return failure(all.error());
    }
    if (!call.arguments.isEmpty() && all->first().problem.isEmpty()) {
        printMigration(all->first(), call.has(MigrateOption::json), services.terminal);
        return {};
    }
    if (all->isEmpty() && !call.has(MigrateOption::json)) {
        services.terminal.note(CliText::tr("No migration was begun yet. Look at one with: roost-cli migrate plan "
                                           "INSTANCE"));
        return {};
    }
    printMigrations(*all, call.has(MigrateOption::json), services.terminal);
    return {};
}

Result<void> reportVerb(const Invocation &call, const CliServices &services, JobContext &)
{
    const auto all = listed(call);
    if (!all) {
        return failure(all.error());
    }
    const auto newest =
        std::find_if(all->begin(), all->end(), [](const ListedMigration &each) { return each.problem.isEmpty(); });
    if (newest == all->end()) {
        return failure(ErrorCode::NotFound,
                       all->isEmpty() ? CliText::tr("No migration was begun yet.") : all->first().problem);
    }
    services.terminal.write(
        (call.has(htmlOption) ? reportAsHtml(newest->state) : reportAsMarkdown(newest->state)).toUtf8());
    return {};
}

QList<Verb::Option> planOptions()
{
    return {Accounts::option(),
            {MigrateOption::byHand, {}, CliText::tr("without an API key: you do at the dashboard what is done there")},
            {MigrateOption::path, QStringLiteral("WAY"), CliText::tr("in-place, one-slot or side-by-side")},
            {MigrateOption::backups, QStringLiteral("FOLDER"), CliText::tr("where the backups go")},
            {MigrateOption::secondCopy, QStringLiteral("FOLDER"),
             CliText::tr("where their second copies go; best on another disk")}};
}

const Verb::Argument &instanceArgument()
{
    static const Verb::Argument argument{QStringLiteral("INSTANCE"),
                                         CliText::tr("its name, its connection's name, or its id dpg-…")};
    return argument;
}

Verb::Argument idArgument()
{
    return {QStringLiteral("ID"), CliText::tr("as `migrate status` shows it"), true};
}

Verb planningVerb()
{
    Verb verb;
    verb.name = QStringLiteral("migrate plan");
    verb.summary = CliText::tr("Say how an instance that ends would be moved, and change nothing.");
    verb.arguments = {instanceArgument()};
    verb.options = planOptions() + QList<Verb::Option>{{saveOption, QStringLiteral("FILE"),
                                                        CliText::tr("as FILE.md or FILE.html, too")},
                                                       {MigrateOption::json, {}, CliText::tr("an object")}};
    verb.description = CliText::tr(
        "Finds out what the instance holds, who uses it and which ways there are, and prints the recipe: what each\n"
        "step does, what cannot be undone, how long it takes. Exit code 0: it can begin; 1: something is in the way,\n"
        "which is named.");
    verb.run = planVerb;
    verb.check = [](const Invocation &call) {
        const QString file = call.value(saveOption);
        return call.has(saveOption) && !file.endsWith(u".md") && !file.endsWith(u".html")
                   ? CliText::tr("--save takes a file that ends in .md or .html.")
                   : migrationWishProblem(call);
    };
    return verb;
}

Verb runningVerb()
{
    Verb verb;
    verb.name = QStringLiteral("migrate run");
    verb.summary = CliText::tr("Move an instance that ends, with everything in it, to a new one.");
    verb.arguments = {instanceArgument()};
    verb.options =
        planOptions() +
        QList<Verb::Option>{{MigrateOption::rehearse, {}, CliText::tr("in the practice account, with what it holds")},
                            {MigrateOption::confirmDelete, QStringLiteral("NAME"),
                             CliText::tr("the instance's name: it may go once everything is proven")},
                            {revealOption, {}, CliText::tr("show secret values that are to be copied")}};
    verb.description = CliText::tr(
        "Each step is written down before and after, so it can be interrupted at any point, by anything, and goes on\n"
        "with `migrate resume`. Without --confirm-delete it stops before the old instance is touched: everything is\n"
        "backed up and proven then, and you can go on days later.\n\n"
        "Exit code 0: moved, and equal; 5: it waits for you, and says for what; 1: something is not right, and the\n"
        "old instance is not touched before it is; 3: a connection failed; 4: cancelled.");
    verb.run = runVerb;
    verb.check = migrationWishProblem;
    return verb;
}

Verb resumingVerb()
{
    Verb verb;
    verb.name = QStringLiteral("migrate resume");
    verb.summary = CliText::tr("Go on with a migration that was interrupted, or that waits.");
    verb.arguments = {idArgument()};
    verb.options = {{MigrateOption::confirmDelete, QStringLiteral("NAME"),
                     CliText::tr("the instance's name: it may go once everything is proven")},
                    {MigrateOption::done, {}, CliText::tr("what was asked for is done; Roost checks it")},
                    {connectionOption, {}, CliText::tr("read the new instance's URL from standard input")},
                    {MigrateOption::secondCopy, QStringLiteral("FOLDER"), CliText::tr("where second copies go")},
                    {revealOption, {}, CliText::tr("show secret values that are to be copied")}};
    verb.description = CliText::tr(
        "Without ID the only one that is unfinished. Each step looks first what is already so, and does nothing\n"
        "twice. Without an answer it asks again what it waits for. Exit codes as of `migrate run`.");
    verb.run = resumeVerb;
    return verb;
}

} // namespace

QList<Verb> migrateVerbs()
{
    Verb status;
    status.name = QStringLiteral("migrate status");
    status.summary = CliText::tr("List the migrations, or the steps of one.");
    status.arguments = {idArgument()};
    status.options = {{MigrateOption::json, {}, CliText::tr("an array of objects, with all steps")}};
    status.run = statusVerb;

    Verb giveUp;
    giveUp.name = QStringLiteral("migrate give-up");
    giveUp.summary = CliText::tr("Go back: services run again, and the migration ends. The backups stay.");
    giveUp.arguments = {idArgument()};
    giveUp.description = CliText::tr("Only while the old instance has not been touched.");
    giveUp.run = giveUpVerb;

    Verb report;
    report.name = QStringLiteral("migrate report");
    report.summary = CliText::tr("Print what was moved, and how it was proven.");
    report.arguments = {idArgument()};
    report.options = {{htmlOption, {}, CliText::tr("as HTML instead of Markdown")}};
    report.description = CliText::tr("Without ID of the newest. Also of one that is not at its end.");
    report.run = reportVerb;
    return {planningVerb(), runningVerb(), resumingVerb(), status, giveUp, report};
}

} // namespace Roost

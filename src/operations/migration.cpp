#include "operations/migration.h"

#include "operations/migrationwork.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Migration)
};

using Perform = Result<StepOutcome> (*)(MigrationWork &);

Perform performerOf(MigrationStep step)
{
    switch (step) {
    case MigrationStep::Freeze:
        return freezeWriters;
    case MigrationStep::BackUp:
        return backUpAll;
    case MigrationStep::Prove:
        return proveBackups;
    case MigrationStep::CompareLive:
        return compareWithLive;
    case MigrationStep::SecondCopy:
        return makeSecondCopies;
    case MigrationStep::Gate:
        return passGate;
    case MigrationStep::Upgrade:
        return upgradeInPlace;
    case MigrationStep::RetireOld:
        return retireOld;
    case MigrationStep::CreateNew:
        return createNew;
    case MigrationStep::AwaitNew:
        return awaitNew;
    case MigrationStep::Restore:
        return restoreAll;
    case MigrationStep::Compare:
        return compareNew;
    case MigrationStep::Analyze:
        return analyzeNew;
    case MigrationStep::Variables:
        return rewriteVariables;
    case MigrationStep::Deploy:
        return deployServices;
    case MigrationStep::Call:
        return callServices;
    case MigrationStep::Resume:
        return resumeServices;
    case MigrationStep::Connections:
        return updateConnections;
    case MigrationStep::Report:
        return finishReport;
    }
    return nullptr;
}

} // namespace

QString keyOf(MigrationQuestion question)
{
    switch (question) {
    case MigrationQuestion::WritersStopped:
        return QStringLiteral("writers-stopped");
    case MigrationQuestion::SecondFolder:
        return QStringLiteral("second-folder");
    case MigrationQuestion::Gate:
        return QStringLiteral("gate");
    case MigrationQuestion::OldDeleted:
        return QStringLiteral("old-deleted");
    case MigrationQuestion::NewConnection:
        return QStringLiteral("new-connection");
    case MigrationQuestion::VariablesSet:
        return QStringLiteral("variables-set");
    case MigrationQuestion::ServicesLive:
        return QStringLiteral("services-live");
    case MigrationQuestion::StillWritten:
        return QStringLiteral("still-written");
    }
    return {};
}

Result<std::unique_ptr<MigrationJournal>> beginMigration(const QString &folder, const MigrationPlan &plan)
{
    if (!plan.blockers.isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("The migration cannot begin yet: %1").arg(plan.blockers.join(u' ')));
    }
    for (const ListedMigration &listed : listMigrations(folder)) {
        if (listed.problem.isEmpty() && listed.state.end == MigrationState::End::Open &&
            listed.state.plan.source.id == plan.source.id &&
            listed.state.plan.connection.host == plan.connection.host &&
            listed.state.plan.connection.port == plan.connection.port) {
            return failure(ErrorCode::Conflict,
                           Text::tr("A migration of %1 has been begun (%2) and is not finished. Go on "
                                    "with that one, or give it up first.")
                               .arg(plan.source.name, listed.id));
        }
    }
    return MigrationJournal::create(folder, plan.id, toJson(plan));
}

Result<std::optional<MigrationPause>> continueMigration(MigrationJournal &journal,
                                                        const MigrationEnvironment &environment,
                                                        const std::optional<MigrationAnswer> &answer,
                                                        JobContext &context)
{
    auto state = stateOf(journal.events());
    if (!state) {
        return failure(state.error());
    }
    MigrationWork work(journal, environment, answer, context, std::move(*state));
    if (work.state().end == MigrationState::End::GivenUp) {
        return failure(ErrorCode::Conflict, Text::tr("This migration was given up. Begin a new one."));
    }
    while (const auto step = work.state().next()) {
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
        work.m_summary.clear();
        if (const auto begun = work.write(*step, QStringLiteral("begin")); !begun) {
            return failure(begun.error());
        }
        context.report({nameOf(*step), 0, 0, {}, -1});
        const auto outcome = performerOf(*step)(work);
        if (!outcome) {
            const Error &error = outcome.error();
            if (!error.isCancelled()) {
                (void)work.write(
                    *step, QStringLiteral("failed"),
                    {{QStringLiteral("problem"), error.message}, {QStringLiteral("detail"), error.detail}});
            }
            return failure(error);
        }
        if (*outcome) {
            const auto asked =
                work.write(*step, QStringLiteral("ask"), {{QStringLiteral("question"), keyOf((*outcome)->question)}});
            return asked ? Result<std::optional<MigrationPause>>(*outcome) : failure(asked.error());
        }
        if (const auto done = work.write(*step, QStringLiteral("done"), {{QStringLiteral("summary"), work.m_summary}});
            !done) {
            return failure(done.error());
        }
    }
    if (work.state().end == MigrationState::End::Open) {
        if (const auto ended = journal.append(QStringLiteral("plan"), QStringLiteral("end"),
                                              {{QStringLiteral("how"), QStringLiteral("finished")}});
            !ended) {
            return failure(ended.error());
        }
    }
    return std::optional<MigrationPause>();
}

Result<void> giveUpMigration(MigrationJournal &journal, const MigrationEnvironment &environment, JobContext &context)
{
    auto state = stateOf(journal.events());
    if (!state) {
        return failure(state.error());
    }
    MigrationWork work(journal, environment, std::nullopt, context, std::move(*state));
    if (work.state().isPastGate()) {
        return failure(
            ErrorCode::NotAllowed,
            Text::tr("The old instance is suspended or gone, so there is no way back to it by giving up. The "
                     "backups are proven: go on, and everything is restored from them."));
    }
    if (const auto undone = undoFreeze(work); !undone) {
        return undone;
    }
    return journal.append(QStringLiteral("plan"), QStringLiteral("end"),
                          {{QStringLiteral("how"), QStringLiteral("given-up")}});
}

QList<ListedMigration> listMigrations(const QString &folder)
{
    QList<ListedMigration> listed;
    const QStringList ids = MigrationJournal::all(folder);
    for (const QString &id : ids) {
        ListedMigration one;
        one.id = id;
        one.holder = MigrationJournal::holder(folder, id);
        const auto events = MigrationJournal::read(folder, id);
        auto state = events ? stateOf(*events) : Result<MigrationState>(failure(events.error()));
        if (state) {
            one.state = std::move(*state);
        } else {
            one.problem = state.error().message;
        }
        listed += one;
    }
    return listed;
}

} // namespace Roost

#include "cli/migrateoutput.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/text.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace Roost {

namespace {

using Status = MigrationStepState::Status;

QString endWord(const MigrationState &state)
{
    switch (state.end) {
    case MigrationState::End::Finished:
        return QStringLiteral("finished");
    case MigrationState::End::GivenUp:
        return QStringLiteral("given up");
    case MigrationState::End::Open:
        break;
    }
    return QStringLiteral("unfinished");
}

QString statusWord(const MigrationStepState &step, bool isHeld)
{
    switch (step.status) {
    case Status::Waiting:
        return QStringLiteral("waiting");
    case Status::Begun:
        return isHeld ? QStringLiteral("running") : QStringLiteral("interrupted");
    case Status::Asked:
        return QStringLiteral("asked");
    case Status::Failed:
        return QStringLiteral("failed");
    case Status::Done:
        return QStringLiteral("done");
    }
    return {};
}

QString timeOf(const QDateTime &at)
{
    return at.isValid() ? at.toUTC().toString(Qt::ISODate) : QString();
}

QString localTimeOf(const QDateTime &at)
{
    return at.isValid() ? at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonObject jsonOf(const ListedMigration &one)
{
    if (!one.problem.isEmpty()) {
        return {{QStringLiteral("id"), one.id}, {QStringLiteral("problem"), one.problem}};
    }
    const MigrationState &state = one.state;
    QJsonArray steps;
    for (const MigrationStep each : stepsOf(state.plan.path)) {
        const MigrationStepState &step = state.step(each);
        steps += QJsonObject{{QStringLiteral("step"), keyOf(each)},
                             {QStringLiteral("name"), nameOf(each)},
                             {QStringLiteral("status"), statusWord(step, one.holder != 0)},
                             {QStringLiteral("attempts"), step.attempts},
                             {QStringLiteral("begun_at"), orNull(timeOf(step.begunAt))},
                             {QStringLiteral("ended_at"), orNull(timeOf(step.endedAt))},
                             {QStringLiteral("summary"), orNull(step.summary)},
                             {QStringLiteral("problem"), orNull(step.problem)},
                             {QStringLiteral("question"), orNull(step.question)}};
    }
    const auto next = state.next();
    return {{QStringLiteral("id"), one.id},
            {QStringLiteral("instance"), state.plan.source.name},
            {QStringLiteral("instance_id"), orNull(state.plan.source.id)},
            {QStringLiteral("new_instance_id"), orNull(state.newInstanceId())},
            {QStringLiteral("path"), keyOf(state.plan.path)},
            {QStringLiteral("is_by_hand"), state.plan.isByHand()},
            {QStringLiteral("is_practice"), state.plan.isPractice},
            {QStringLiteral("state"), endWord(state)},
            {QStringLiteral("next_step"), next ? QJsonValue(keyOf(*next)) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("is_past_gate"), state.isPastGate()},
            {QStringLiteral("fate_of_old"), orNull(state.fateOfOld())},
            {QStringLiteral("begun_at"), orNull(timeOf(state.plan.madeAt))},
            {QStringLiteral("last_at"), orNull(timeOf(state.lastAt))},
            {QStringLiteral("process_id"), one.holder == 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(one.holder)},
            {QStringLiteral("steps"), steps},
            {QStringLiteral("problem"), QJsonValue::Null}};
}

QString holderInWords(const ListedMigration &one)
{
    return one.holder == 0 ? QString() : CliText::tr("process %1").arg(one.holder);
}

} // namespace

void printMigrations(const QList<ListedMigration> &migrations, bool asJson, Terminal &terminal)
{
    if (asJson) {
        QJsonArray all;
        for (const ListedMigration &each : migrations) {
            all += jsonOf(each);
        }
        terminal.write(QJsonDocument(all).toJson());
        return;
    }
    RowOutput output(terminal, OutputFormat::Table,
                     {{CliText::tr("ID"), {}},
                      {CliText::tr("Instance"), {}},
                      {CliText::tr("Way"), {}},
                      {CliText::tr("State"), {}},
                      {CliText::tr("Step"), {}},
                      {CliText::tr("Last"), {}},
                      {CliText::tr("Open in"), {}}});
    for (const ListedMigration &each : migrations) {
        if (!each.problem.isEmpty()) {
            output.add({OutputCell::of(each.id), OutputCell::null(), OutputCell::null(),
                        OutputCell::of(QStringLiteral("damaged")), OutputCell::of(each.problem), OutputCell::null(),
                        OutputCell::orNull(holderInWords(each))});
            continue;
        }
        const auto next = each.state.next();
        output.add({OutputCell::of(each.id), OutputCell::of(each.state.plan.source.name),
                    OutputCell::of(keyOf(each.state.plan.path)), OutputCell::of(endWord(each.state)),
                    OutputCell::orNull(next ? QStringLiteral("%1 (%2)").arg(
                                                  keyOf(*next), statusWord(each.state.step(*next), each.holder != 0))
                                            : QString()),
                    OutputCell::orNull(localTimeOf(each.state.lastAt)), OutputCell::orNull(holderInWords(each))});
    }
    output.end();
}

void printMigration(const ListedMigration &migration, bool asJson, Terminal &terminal)
{
    if (asJson) {
        terminal.write(QJsonDocument(QJsonArray{jsonOf(migration)}).toJson());
        return;
    }
    const MigrationState &state = migration.state;
    RowOutput output(
        terminal, OutputFormat::Table,
        {{CliText::tr("Step"), {}}, {CliText::tr("State"), {}}, {CliText::tr("Ended"), {}}, {CliText::tr("What"), {}}});
    for (const MigrationStep each : stepsOf(state.plan.path)) {
        const MigrationStepState &step = state.step(each);
        output.add({OutputCell::of(nameOf(each)), OutputCell::of(statusWord(step, migration.holder != 0)),
                    OutputCell::orNull(localTimeOf(step.endedAt)),
                    OutputCell::orNull(step.problem.isEmpty() ? step.summary : step.problem)});
    }
    output.end();
    terminal.note(CliText::tr("%1 (%2), %3: %4.")
                      .arg(migration.id, state.plan.source.name, nameOf(state.plan.path), endWord(state)));
    if (migration.holder != 0) {
        terminal.note(CliText::tr("Process %1 is at work on it.").arg(migration.holder));
    } else if (state.end == MigrationState::End::Open) {
        terminal.note(CliText::tr("To go on: %1").arg(QStringLiteral("roost-cli migrate resume ") + migration.id));
    }
}

} // namespace Roost

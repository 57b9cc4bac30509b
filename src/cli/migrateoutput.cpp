#include "cli/migrateoutput.h"

#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/migrationreport.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QSaveFile>

namespace Roost {

namespace {

QString durationInWords(int seconds)
{
    constexpr int minute = 60;
    return seconds < 2 * minute ? CliText::tr("%Ln second(s)", nullptr, seconds)
                                : CliText::tr("%Ln minute(s)", nullptr, (seconds + minute - 1) / minute);
}

QJsonObject jsonOf(const PlannedMigration &planned)
{
    QJsonArray paths;
    for (const MigrationPathOffer &offer : planned.paths) {
        paths += QJsonObject{{QStringLiteral("path"), keyOf(offer.path)},
                             {QStringLiteral("is_possible"), offer.isPossible},
                             {QStringLiteral("is_proposed"), offer.isProposed},
                             {QStringLiteral("why"), offer.why}};
    }
    QJsonObject seconds;
    for (auto it = planned.seconds.begin(); it != planned.seconds.end(); ++it) {
        seconds.insert(keyOf(it.key()), it.value());
    }
    QJsonArray steps;
    for (const MigrationStep step : stepsOf(planned.plan.path)) {
        steps += keyOf(step);
    }
    return {{QStringLiteral("plan"), toJson(planned.plan)},
            {QStringLiteral("paths"), paths},
            {QStringLiteral("steps"), steps},
            {QStringLiteral("seconds"), seconds},
            {QStringLiteral("downtime_seconds"), planned.downtimeSeconds}};
}

} // namespace

void printPlan(const PlannedMigration &planned, bool asJson, Terminal &terminal)
{
    if (asJson) {
        terminal.write(QJsonDocument(jsonOf(planned)).toJson());
        return;
    }
    terminal.write(planAsMarkdown(planned.plan).toUtf8());
    for (const MigrationPathOffer &offer : planned.paths) {
        const QString verdict = offer.path == planned.plan.path ? CliText::tr("this plan")
                                : offer.isPossible              ? CliText::tr("possible")
                                                                : CliText::tr("not possible");
        terminal.note(QStringLiteral("--path %1 (%2): %3").arg(keyOf(offer.path), verdict, offer.why));
    }
    int total = 0;
    for (const int each : planned.seconds) {
        total += each;
    }
    terminal.note(CliText::tr("It takes about %1; the apps do not answer for about %2 of it.")
                      .arg(durationInWords(total), durationInWords(planned.downtimeSeconds)));
}

Result<void> savePlan(const MigrationPlan &plan, const QString &file)
{
    if (QFileInfo::exists(file)) {
        return failure(ErrorCode::AlreadyExists,
                       CliText::tr("There is a file %1 already; nothing is overwritten.").arg(file));
    }
    const QString text = file.endsWith(u".html") ? planAsHtml(plan) : planAsMarkdown(plan);
    QSaveFile to(file);
    if (!to.open(QIODevice::WriteOnly) || to.write(text.toUtf8()) < 0 || !to.commit()) {
        return failure(
            ErrorCode::FileFailed,
            CliText::tr("The plan could not be saved as %1. Check the folder and the space there.").arg(file),
            to.errorString());
    }
    return {};
}

StepLines::StepLines(MigrationPath path, Terminal &terminal)
    : m_steps(stepsOf(path))
    , m_terminal(terminal)
{
}

void StepLines::show(const MigrationEvent &event)
{
    const auto step = migrationStepOf(event.step);
    if (!step) {
        return;
    }
    if (event.kind == u"begin") {
        m_running.start();
        m_terminal.log(
            QStringLiteral("[%1/%2] %3").arg(m_steps.indexOf(*step) + 1, 2).arg(m_steps.size()).arg(nameOf(*step)));
    } else if (event.kind == u"done") {
        constexpr double second = 1000;
        const QString took = CliText::tr("%1 s").arg(
            QLocale().toString(m_running.isValid() ? double(m_running.elapsed()) / second : 0, 'f', 1));
        const QString summary = event.data[u"summary"].toString();
        m_terminal.log(QStringLiteral("        %1 (%2)").arg(summary.isEmpty() ? CliText::tr("done") : summary, took));
    }
}

void printPause(const MigrationPause &pause, bool reveals, Terminal &terminal)
{
    if (!pause.text.isEmpty()) {
        terminal.note(pause.text);
    }
    int number = 0;
    for (const QString &press : pause.doing) {
        terminal.log(QStringLiteral("  %1. %2").arg(++number).arg(press));
    }
    for (const MigrationValue &value : pause.values) {
        const QString text = reveals && !value.secret.isEmpty() ? value.secret.reveal() : value.text;
        const QString label =
            value.where.isEmpty() ? value.label : QStringLiteral("%1 (%2)").arg(value.label, value.where);
        terminal.writeLine(QStringLiteral("%1  %2").arg(shownInTerminal(label), shownInTerminal(text)));
    }
    for (const QString &problem : pause.problems) {
        terminal.note(problem);
    }
}

QString howToGoOn(const MigrationPause &pause, const MigrationPlan &plan)
{
    const QString resume = QStringLiteral("roost-cli migrate resume %1").arg(plan.id);
    switch (pause.question) {
    case MigrationQuestion::Gate:
        return CliText::tr("Everything is proven, and nothing is gone yet. To go on, type the instance's name: %1")
            .arg(QStringLiteral("%1 --confirm-delete %2").arg(resume, plan.source.name));
    case MigrationQuestion::SecondFolder:
        return CliText::tr("To go on: %1").arg(resume + QStringLiteral(" --second-copy FOLDER"));
    case MigrationQuestion::NewConnection:
        return CliText::tr("To go on: %1").arg(resume + QStringLiteral(" --new-connection"));
    case MigrationQuestion::WritersStopped:
    case MigrationQuestion::OldDeleted:
    case MigrationQuestion::VariablesSet:
    case MigrationQuestion::ServicesLive:
    case MigrationQuestion::StillWritten:
        break;
    }
    return CliText::tr("To go on when it is done: %1").arg(resume + QStringLiteral(" --done"));
}

} // namespace Roost

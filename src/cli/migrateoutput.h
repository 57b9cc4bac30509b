#pragma once

#include "operations/migrationplanning.h"

#include <QElapsedTimer>
#include <QJsonObject>

namespace Roost {

class Terminal;

/// The recipe on standard output, and how long it takes, which ways there are and what is in the way beside it.
void printPlan(const PlannedMigration &planned, bool asJson, Terminal &terminal);
/// As Markdown or HTML, by the name's ending. AlreadyExists, FileFailed, DiskFull.
[[nodiscard]] Result<void> savePlan(const MigrationPlan &plan, const QString &file);

/// A line for each step that begins or is done.
class StepLines
{
public:
    StepLines(MigrationPath path, Terminal &terminal);
    void show(const MigrationEvent &event);

private:
    QList<MigrationStep> m_steps;
    Terminal &m_terminal;
    QElapsedTimer m_running;
};

/// What the user is asked to do; the values to copy on standard output, with their secrets if `reveals`.
void printPause(const MigrationPause &pause, bool reveals, Terminal &terminal);
/// How to go on from there on this command line.
[[nodiscard]] QString howToGoOn(const MigrationPause &pause, const MigrationPlan &plan);

/// One line for each, or with all steps and facts.
void printMigrations(const QList<ListedMigration> &migrations, bool asJson, Terminal &terminal);
/// One, with a line for each of its steps.
void printMigration(const ListedMigration &migration, bool asJson, Terminal &terminal);

} // namespace Roost

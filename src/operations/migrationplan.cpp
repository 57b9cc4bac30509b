#include "operations/migrationplan.h"

#include <QCoreApplication>

#include <numeric>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationPlan)
};

struct StepWords
{
    MigrationStep step;
    const char *key;
    const char *name;
};

constexpr StepWords stepWords[] = {
    {MigrationStep::Freeze, "freeze", QT_TRANSLATE_NOOP("MigrationPlan", "Freeze writers")},
    {MigrationStep::BackUp, "backup", QT_TRANSLATE_NOOP("MigrationPlan", "Back up all databases")},
    {MigrationStep::Prove, "prove", QT_TRANSLATE_NOOP("MigrationPlan", "Prove the backups")},
    {MigrationStep::CompareLive, "compare-live", QT_TRANSLATE_NOOP("MigrationPlan", "Compare with the live databases")},
    {MigrationStep::SecondCopy, "second-copy", QT_TRANSLATE_NOOP("MigrationPlan", "Second copy")},
    {MigrationStep::Gate, "gate", QT_TRANSLATE_NOOP("MigrationPlan", "The gate")},
    {MigrationStep::Upgrade, "upgrade", QT_TRANSLATE_NOOP("MigrationPlan", "Change the plan")},
    {MigrationStep::RetireOld, "retire-old", QT_TRANSLATE_NOOP("MigrationPlan", "Suspend or delete the old instance")},
    {MigrationStep::CreateNew, "create-new", QT_TRANSLATE_NOOP("MigrationPlan", "Create the new instance")},
    {MigrationStep::AwaitNew, "await-new", QT_TRANSLATE_NOOP("MigrationPlan", "Wait until it is available")},
    {MigrationStep::Restore, "restore", QT_TRANSLATE_NOOP("MigrationPlan", "Restore all databases")},
    {MigrationStep::Compare, "compare", QT_TRANSLATE_NOOP("MigrationPlan", "Compare with the backups")},
    {MigrationStep::Analyze, "analyze", QT_TRANSLATE_NOOP("MigrationPlan", "Renew the statistics")},
    {MigrationStep::Variables, "variables", QT_TRANSLATE_NOOP("MigrationPlan", "Point services at it")},
    {MigrationStep::Deploy, "deploy", QT_TRANSLATE_NOOP("MigrationPlan", "Deploy the services")},
    {MigrationStep::Call, "call", QT_TRANSLATE_NOOP("MigrationPlan", "Check that they answer")},
    {MigrationStep::Resume, "resume", QT_TRANSLATE_NOOP("MigrationPlan", "Resume what was suspended")},
    {MigrationStep::Connections, "connections", QT_TRANSLATE_NOOP("MigrationPlan", "Update the saved connection")},
    {MigrationStep::Report, "report", QT_TRANSLATE_NOOP("MigrationPlan", "Report")},
};

const StepWords &wordsOf(MigrationStep step)
{
    return *std::find_if(std::begin(stepWords), std::end(stepWords),
                         [step](const StepWords &words) { return words.step == step; });
}

} // namespace

QString keyOf(MigrationStep step)
{
    return QLatin1String(wordsOf(step).key);
}

std::optional<MigrationStep> migrationStepOf(const QString &key)
{
    for (const StepWords &words : stepWords) {
        if (key == QLatin1String(words.key)) {
            return words.step;
        }
    }
    return std::nullopt;
}

QString nameOf(MigrationStep step)
{
    return Text::tr(wordsOf(step).name);
}

QString keyOf(MigrationPath path)
{
    switch (path) {
    case MigrationPath::UpgradeInPlace:
        return QStringLiteral("in-place");
    case MigrationPath::OneSlot:
        return QStringLiteral("one-slot");
    case MigrationPath::SideBySide:
        return QStringLiteral("side-by-side");
    }
    return {};
}

QString nameOf(MigrationPath path)
{
    switch (path) {
    case MigrationPath::UpgradeInPlace:
        return Text::tr("Upgrade in place");
    case MigrationPath::OneSlot:
        return Text::tr("One slot: the old one goes first");
    case MigrationPath::SideBySide:
        return Text::tr("Side by side");
    }
    return {};
}

QList<MigrationStep> stepsOf(MigrationPath path)
{
    using Step = MigrationStep;
    switch (path) {
    case MigrationPath::UpgradeInPlace:
        return {Step::BackUp,  Step::Prove,       Step::SecondCopy, Step::Upgrade,
                Step::Compare, Step::Connections, Step::Report};
    case MigrationPath::OneSlot:
        return {Step::Freeze,    Step::BackUp,    Step::Prove,    Step::CompareLive, Step::SecondCopy,  Step::Gate,
                Step::RetireOld, Step::CreateNew, Step::AwaitNew, Step::Restore,     Step::Compare,     Step::Analyze,
                Step::Variables, Step::Deploy,    Step::Call,     Step::Resume,      Step::Connections, Step::Report};
    case MigrationPath::SideBySide:
        return {Step::CreateNew,  Step::AwaitNew, Step::Freeze,  Step::BackUp,    Step::Prove,       Step::CompareLive,
                Step::SecondCopy, Step::Restore,  Step::Compare, Step::Analyze,   Step::Variables,   Step::Deploy,
                Step::Call,       Step::Resume,   Step::Gate,    Step::RetireOld, Step::Connections, Step::Report};
    }
    return {};
}

qint64 MigrationPlan::totalBytes() const
{
    return std::accumulate(databases.begin(), databases.end(), qint64(0),
                           [](qint64 sum, const MigrationDatabase &database) { return sum + database.sizeBytes; });
}

} // namespace Roost

#include "operations/migrationestimate.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationEstimate)
};

/// Megabytes a second, and seconds, guessed for a far link: nearby on loopback, far over a link of 50 Mbit/s to a free
/// instance, which has a tenth of a processor.
struct Pace
{
    double dump;
    double load;
    double fingerprint;
    int database; ///< connecting, reading the structure: whatever the size
    int request;  ///< to Render, read back
    int creation;
    int upgrade;
    int deploy;
    int call;
};
constexpr Pace nearby{40, 20, 80, 2, 1, 8, 8, 8, 2};
constexpr Pace far{6, 4, 20, 6, 4, 150, 120, 75, 30};
constexpr double localLoad = 20;
constexpr double localRead = 150;

double megabytes(qint64 bytes)
{
    constexpr double megabyte = 1024 * 1024;
    return double(bytes) / megabyte;
}

int variablesOf(const MigrationPlan &plan)
{
    int count = 0;
    for (const MigrationService &service : plan.services) {
        count += int(service.variables.size());
    }
    return count;
}

} // namespace

QMap<MigrationStep, int> estimatedSeconds(const MigrationPlan &plan)
{
    using Step = MigrationStep;
    const Pace &pace = plan.connection.isLoopback() ? nearby : far;
    const double size = megabytes(plan.totalBytes());
    const int databases = std::max(int(plan.databases.size()), 1);
    const int services = int(plan.services.size());
    const auto all = [&](double rate, int each) { return int(std::ceil(size / rate)) + each * databases; };
    const int running = int(std::count_if(plan.services.begin(), plan.services.end(), [](const MigrationService &one) {
        return one.isFrozen && !one.isSuspended;
    }));
    const QMap<Step, int> every{
        {Step::Freeze, 1 + running * pace.request},
        {Step::BackUp, all(pace.dump, pace.database)},
        {Step::Prove, plan.provesOnInstance ? all(pace.load, pace.database) : all(localLoad, nearby.database)},
        {Step::CompareLive, all(pace.fingerprint, pace.database)},
        {Step::SecondCopy, all(localRead, 1)},
        {Step::Gate, all(localRead, 1) + all(pace.fingerprint, pace.database)},
        {Step::Upgrade, pace.upgrade},
        {Step::RetireOld, 2 * pace.request + all(localRead, 1)},
        {Step::CreateNew, 2 * pace.request},
        {Step::AwaitNew, pace.creation},
        {Step::Restore, all(pace.load, pace.database)},
        {Step::Compare, all(pace.fingerprint, pace.database)},
        {Step::Analyze, all(pace.fingerprint, 1)},
        {Step::Variables, services * pace.request + 2 * variablesOf(plan) * pace.request},
        {Step::Deploy, services * pace.deploy},
        {Step::Call, services * pace.call},
        {Step::Resume, pace.request},
        {Step::Connections, 1},
        {Step::Report, 1},
    };
    QMap<Step, int> seconds;
    for (const Step step : stepsOf(plan.path)) {
        seconds.insert(step, every.value(step));
    }
    return seconds;
}

int estimatedDowntime(const MigrationPlan &plan, const QMap<MigrationStep, int> &seconds)
{
    using Step = MigrationStep;
    if (plan.path == MigrationPath::UpgradeInPlace) {
        return seconds.value(Step::Upgrade);
    }
    const bool freezes = std::any_of(plan.services.begin(), plan.services.end(),
                                     [](const MigrationService &one) { return one.isFrozen; });
    Step first = Step::Freeze;
    if (!freezes) {
        // Side by side the app only changes its server when it is deployed.
        first = plan.path == MigrationPath::OneSlot ? Step::RetireOld : Step::Deploy;
    }
    int sum = 0;
    bool isDown = false;
    for (const Step step : stepsOf(plan.path)) {
        isDown = isDown || step == first;
        sum += isDown ? seconds.value(step) : 0;
        if (step == Step::Deploy) {
            break;
        }
    }
    return sum;
}

QString durationInWords(int seconds)
{
    constexpr int minute = 60;
    constexpr int hour = 60 * minute;
    constexpr int tens = 10;
    if (seconds < tens) {
        return Text::tr("a few seconds");
    }
    if (seconds < 2 * minute) {
        return Text::tr("about %1 seconds").arg((seconds + tens - 1) / tens * tens);
    }
    if (seconds < 2 * hour) {
        return Text::tr("about %1 minutes").arg((seconds + minute - 1) / minute);
    }
    return Text::tr("about %1 hours").arg((seconds + hour - 1) / hour);
}

} // namespace Roost

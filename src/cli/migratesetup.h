#pragma once

#include "cli/verb.h"
#include "operations/migrationplanning.h"

namespace Roost {

struct CliServices;

/// Options of the migrate verbs that several of them read.
namespace MigrateOption {
inline const QString byHand = QStringLiteral("by-hand");
inline const QString path = QStringLiteral("path");
inline const QString backups = QStringLiteral("backups");
inline const QString secondCopy = QStringLiteral("second-copy");
inline const QString confirmDelete = QStringLiteral("confirm-delete");
inline const QString done = QStringLiteral("done");
inline const QString rehearse = QStringLiteral("rehearse");
inline const QString json = QStringLiteral("json");
} // namespace MigrateOption

/// Practice's server for scratch databases: started when it is first needed, and stopped again at the end if it was.
class ScratchServer
{
public:
    ScratchServer() = default;
    ~ScratchServer();
    Q_DISABLE_COPY_MOVE(ScratchServer)

    [[nodiscard]] Result<ConnectionSpec> connection(const JobContext &context);

private:
    bool m_isOurs = false;
};

/// What migrations work with here. Practice answers at once, so it is asked more often. Both outlive what is returned.
[[nodiscard]] MigrationEnvironment migrationEnvironment(bool isPractice, const CliServices &services,
                                                        ScratchServer &scratch);

/// What INSTANCE and the options ask for.
struct MigrationWish
{
    MigrationPlanRequest request;
    bool isPractice = false;
};
[[nodiscard]] Result<MigrationWish> migrationWish(const Invocation &call, const CliServices &services,
                                                  JobContext &context);
/// Why INSTANCE's options cannot be, translated; empty if fine.
[[nodiscard]] QString migrationWishProblem(const Invocation &call);
/// The same in the practice account, with what INSTANCE holds now: the one place where --rehearse is made.
[[nodiscard]] Result<MigrationWish> rehearsalOf(const MigrationWish &wish, const CliServices &services,
                                                JobContext &context);

/// The ID of a call; without one the only migration that is unfinished. NotFound, InvalidInput (several).
[[nodiscard]] Result<QString> unfinishedMigration(const Invocation &call);

} // namespace Roost

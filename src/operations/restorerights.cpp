#include "operations/restorerights.h"

#include "operations/archiveentry.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RestoreRights)
};

template <class Matches>
bool plansAny(const ArchiveToc &toc, const RestorePlan &plan, Matches matches)
{
    return std::any_of(toc.entries.begin(), toc.entries.end(), [&](const ArchiveToc::Entry &entry) {
        return plan.entries.contains(entry.number()) && matches(ArchiveEntry::of(entry.what));
    });
}

} // namespace

Result<void> checkRequest(const RestoreRequest &request)
{
    if (request.mode == RestoreMode::IntoExisting && request.chosen.isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("Choose what to restore: only chosen objects go into a database that holds others. "
                                "Nothing was changed."));
    }
    const bool isAllOrNothing = request.mode == RestoreMode::IntoEmpty || request.mode == RestoreMode::IntoExisting;
    if (request.jobs < 1 || request.jobs > 2 || (request.jobs == 2 && isAllOrNothing)) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("Two jobs cannot be undone as one: they restore only into a new database, or in place "
                                "of one, where what fails is dropped as a whole. Nothing was changed."));
    }
    return {};
}

Result<void> checkRights(const ArchiveToc &toc, const RestorePlan &plan, const TargetObjects &target,
                         const QString &user, const QString &database)
{
    const auto isInPublic = [](const ArchiveEntry &entry) {
        return entry.schema() == u"public" && (entry.isRelation() || entry.isSequence() || entry.isSupport());
    };
    if (target.hasPublicSchema && !target.mayCreateInPublic && plansAny(toc, plan, isInPublic)) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("The user “%1” may not make anything in the schema public of “%2”: since PostgreSQL 15 "
                                "only the database's owner may. Restore into a new database, which belongs to “%1”, or "
                                "have the owner run: GRANT CREATE ON SCHEMA public TO the user.")
                           .arg(user, database));
    }
    if (!target.mayCreateSchemas &&
        plansAny(toc, plan, [](const ArchiveEntry &entry) { return entry.type == u"SCHEMA"; })) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("The user “%1” may not make schemas in “%2”, and the backup has some. Restore into a "
                                "new database, which belongs to “%1”, or connect as the database's owner.")
                           .arg(user, database));
    }
    return {};
}

std::optional<RestoreMessage> remarkOnOwners(const ArchiveToc &toc, const RestorePlan &plan, const QString &user)
{
    QStringList owners;
    for (const ArchiveToc::Entry &entry : toc.entries) {
        const ArchiveEntry each = ArchiveEntry::of(entry.what);
        const QString owner = each.names.section(u' ', -1);
        if (plan.entries.contains(entry.number()) && each.isRelation() && !owner.isEmpty() && owner != user &&
            !owners.contains(owner)) {
            owners += owner;
        }
    }
    if (owners.isEmpty()) {
        return std::nullopt;
    }
    return RestoreMessage{RestoreMessage::Weight::Harmless,
                          Text::tr("In the source, tables belonged to %1. All that was restored belongs to %2.")
                              .arg(owners.join(QStringLiteral(", ")), user),
                          {}};
}

} // namespace Roost

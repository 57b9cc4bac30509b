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

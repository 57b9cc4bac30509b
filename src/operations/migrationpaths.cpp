#include "operations/instancecreation.h"
#include "operations/migrationfacts.h"

#include "operations/expiry.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationPaths)
};

/// The smallest plan that is paid.
const QString smallestPlan = QStringLiteral("basic_256mb");
/// What Render creates for everybody; older ones only where there are such already.
constexpr int oldestOffered = 13;
constexpr int newestOffered = 18;

/// NAME, or NAME-2 and so on where it is taken.
QString freeName(const QString &wanted, const QStringList &taken)
{
    static const QRegularExpression number(QStringLiteral("-(\\d{1,4})\\z"));
    if (!taken.contains(wanted)) {
        return wanted;
    }
    const auto match = number.match(wanted);
    const QString stem = match.hasMatch() ? wanted.left(match.capturedStart()) : wanted;
    for (int next = match.hasMatch() ? match.captured(1).toInt() + 1 : 2;; ++next) {
        const QString name = stem + u'-' + QString::number(next);
        if (!taken.contains(name)) {
            return name;
        }
    }
}

QStringList namesIn(const QList<PostgresInstance> &instances, const QString &ownerId, const QString &exceptId)
{
    QStringList names;
    for (const PostgresInstance &one : instances) {
        if (one.owner.id == ownerId && one.id != exceptId) {
            names += one.name;
        }
    }
    return names;
}

/// A workspace other than the instance's where a free one fits; empty when there is none.
QString otherFreeWorkspace(const MigrationFacts &facts, const PostgresInstance &source)
{
    for (const Owner &owner : facts.owners) {
        if (facts.instancesAreKnown && owner.id != source.owner.id &&
            activeFreeInstances(facts.instances, owner.id).isEmpty()) {
            return owner.id;
        }
    }
    return {};
}

/// The same version: the app's libraries know it, and nothing else changes on the day of the move. A version that is
/// too old for a new instance becomes the newest.
QString proposedVersion(const MigrationFacts &facts, const PostgresInstance &source)
{
    constexpr int perMajor = 10000;
    const int major = facts.wasAsked() ? facts.serverVersion / perMajor : source.version.toInt();
    return QString::number(major >= oldestOffered && major <= newestOffered ? major : newestOffered);
}

bool isOver(const MigrationFacts &facts, const PostgresInstance &source)
{
    const Expiry expiry = facts.isByHand ? expiryOf(facts.profile) : expiryOf(source);
    return expiry.isOver(facts.now) && facts.serverError.has_value();
}

MigrationPathOffer upgradeOffer(const MigrationFacts &facts, const PostgresInstance &source)
{
    MigrationPathOffer offer{MigrationPath::UpgradeInPlace, false, false, {}};
    if (facts.isByHand) {
        offer.why = Text::tr("Without an API key this is a press in Render's dashboard: open the instance and change "
                             "its plan. It keeps its address, its password and all that is in it, and there is "
                             "nothing to move. Render asks for a payment card.");
    } else if (!facts.instance) {
        offer.why = Text::tr("Render could not be asked about the instance.");
    } else if (!source.isFree()) {
        offer.why = Text::tr("%1 is on a paid plan (%2) already, and does not end.").arg(source.name, source.plan);
    } else {
        offer.isPossible = true;
        offer.why = Text::tr("The least work: the instance stays, with its address, its password and all that is in "
                             "it; it restarts once. It is paid for from then on, and Render asks for a payment card.");
        if (isOver(facts, source)) {
            offer.why = Text::tr("It has expired, so this is the only way to what is in it: Render keeps an expired "
                                 "instance for two weeks, and a paid plan brings it back. Do it in Render's dashboard, "
                                 "since nothing can be backed up before.");
        }
    }
    return offer;
}

MigrationPathOffer oneSlotOffer(const MigrationFacts &facts, const PostgresInstance &source)
{
    MigrationPathOffer offer{MigrationPath::OneSlot, true, false,
                             Text::tr("From free to free: Render allows one free instance a workspace, so the old one "
                                      "goes before the new one comes. Everything is backed up and proven before; the "
                                      "app stands still meanwhile.")};
    if (!facts.isByHand && facts.instance && !source.isFree()) {
        offer.isPossible = false;
        offer.why =
            Text::tr("%1 is on a paid plan: a new one can be there beside it, which is safer.").arg(source.name);
    }
    return offer;
}

MigrationPathOffer sideBySideOffer(const MigrationFacts &facts, const PostgresInstance &source)
{
    MigrationPathOffer offer{MigrationPath::SideBySide, true, false, {}};
    if (facts.isByHand) {
        offer.why = Text::tr("Where the new instance can be there first: on a paid plan, in another workspace or with "
                             "another provider. The old one stays until everything runs.");
    } else if (const QString other = otherFreeWorkspace(facts, source); !other.isEmpty()) {
        const auto owner = std::find_if(facts.owners.begin(), facts.owners.end(),
                                        [&other](const Owner &one) { return one.id == other; });
        offer.why = Text::tr("The workspace %1 has no free instance yet: the new one can be there first, and the old "
                             "one stays until everything runs. Services of the old workspace then use the external "
                             "address, which is slower.")
                        .arg(owner->name);
    } else {
        offer.why = Text::tr("The new instance is there first, and the old one stays until everything runs. For that "
                             "the new one has to be on a paid plan: Render allows one free instance a workspace.");
    }
    return offer;
}

} // namespace

PostgresDraft proposedDraft(const MigrationFacts &facts, const PostgresInstance &source, MigrationPath path)
{
    const auto word = [](const QString &wanted) { return databaseWordProblem(wanted).isEmpty() ? wanted : QString(); };
    PostgresDraft draft;
    draft.ownerId = source.owner.id;
    draft.region = source.region;
    draft.version = proposedVersion(facts, source);
    draft.databaseName = word(source.databaseName);
    draft.databaseUser = word(source.databaseUser);
    draft.environmentId = source.environmentId;
    if (!facts.isByHand) {
        draft.allowedAddresses = source.allowedAddresses;
    }
    if (path == MigrationPath::UpgradeInPlace) {
        draft.name = source.name;
        draft.plan = smallestPlan;
        return draft;
    }
    if (path == MigrationPath::SideBySide && !facts.isByHand) {
        const QString other = source.isFree() ? otherFreeWorkspace(facts, source) : QString();
        if (!other.isEmpty()) {
            draft.ownerId = other;
            draft.environmentId.clear(); // belongs to a workspace
        } else {
            draft.plan = source.isFree() ? smallestPlan : source.plan;
            draft.diskSizeGb = source.isFree() ? 0 : source.diskSizeGb;
        }
    }
    // On the way of one slot the new instance may have the old one's name: that one is suspended or gone by then, and
    // its id, noted before, tells the two apart where an answer was lost. Side by side both stay for days, so there the
    // new one gets a number. Nothing but the dashboard shows an instance's name: addresses are made of ids.
    const bool mayHaveIt = path == MigrationPath::OneSlot;
    draft.name = freeName(source.name, namesIn(facts.instances, draft.ownerId, mayHaveIt ? source.id : QString()));
    return draft;
}

QList<MigrationPathOffer> offeredPaths(const MigrationFacts &facts, const PostgresInstance &source)
{
    QList<MigrationPathOffer> offers{upgradeOffer(facts, source), oneSlotOffer(facts, source),
                                     sideBySideOffer(facts, source)};
    MigrationPath proposed = MigrationPath::OneSlot;
    if (offers[0].isPossible && isOver(facts, source)) {
        proposed = MigrationPath::UpgradeInPlace;
    } else if (!offers[1].isPossible) {
        proposed = MigrationPath::SideBySide;
    }
    for (MigrationPathOffer &offer : offers) {
        offer.isProposed = offer.path == proposed;
    }
    return offers;
}

} // namespace Roost

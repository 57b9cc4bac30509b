#include "operations/archiveselection.h"

#include "operations/archiveentry.h"
#include "operations/targetcontents.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype mostNamed = 8;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveSelection)
};

/// Grows the chosen entries until nothing belongs to them, and nothing is needed by them, that is not there.
class Selecting
{
public:
    Selecting(const ArchiveToc &toc, const EntryNeeds &needs, const QSet<QString> &existing)
        : m_existing(existing)
    {
        for (const ArchiveToc::Entry &entry : toc.entries) {
            const int number = entry.number();
            m_order += number;
            m_entries.insert(number, ArchiveEntry::of(entry.what));
            m_what.insert(number, entry.what);
        }
        for (const int number : std::as_const(m_order)) {
            const auto all = needs.value(number);
            std::copy_if(all.begin(), all.end(), std::back_inserter(m_needs[number]),
                         [this](int need) { return m_entries.contains(need); });
            m_owners.insert(number, ownerOf(number));
        }
    }

    Result<ArchiveSelection> run(const QStringList &chosen);

private:
    const ArchiveEntry &entry(int number) const { return *m_entries.constFind(number); }
    int ownerOf(int number) const;
    bool isThere(int number) const { return hasObject(m_existing, entry(number)); }
    bool isSettled(int number) const { return m_taken.contains(number) || m_dropped.contains(number); }
    void take(int number);
    void drop(int number);
    bool growParts();
    bool growPartitions(int attach);
    bool growNeeds();
    bool settleNeed(int number, int need);
    bool mayDoWithout(int number, int need) const;
    Result<ArchiveSelection> judged() const;
    QString namesOf(const QStringList &texts) const;

    const QSet<QString> &m_existing;
    QList<int> m_order;
    QHash<int, ArchiveEntry> m_entries;
    QHash<int, QString> m_what;
    QHash<int, QList<int>> m_needs;
    QHash<int, int> m_owners; ///< of what belongs to something
    QSet<int> m_taken;
    QSet<int> m_dropped; ///< belong to what is taken, but need what is not there
    QSet<int> m_reused;
    QStringList m_missing;
    QStringList m_notes;
};

/// What a part belongs to; 0 for what stands by itself. Names begin with the owner's where an entry needs several.
int Selecting::ownerOf(int number) const
{
    const ArchiveEntry &part = entry(number);
    const QList<int> needs = m_needs.value(number);
    if (part.isSequence()) {
        const auto table =
            std::find_if(needs.begin(), needs.end(), [this](int need) { return entry(need).isRelation(); });
        return table == needs.end() ? 0 : *table;
    }
    if (!part.isPart()) {
        return 0;
    }
    int owner = 0;
    for (const int need : needs) {
        const ArchiveEntry &each = entry(need);
        if ((each.isRelation() || each.isSequence()) && part.names.startsWith(each.withoutOwner() + u' ')) {
            return need;
        }
        if (each.isRelation() || owner == 0) {
            owner = need;
        }
    }
    return owner;
}

void Selecting::take(int number)
{
    m_taken += number;
    m_reused -= number;
}

/// With what belongs to it: comments.
void Selecting::drop(int number)
{
    m_taken -= number;
    m_dropped += number;
    for (const int other : std::as_const(m_order)) {
        if (m_owners.value(other) == number) {
            m_taken -= other;
            m_dropped += other;
        }
    }
}

bool Selecting::growParts()
{
    bool hasGrown = false;
    for (const int number : std::as_const(m_order)) {
        if (isSettled(number)) {
            continue;
        }
        const int owner = m_owners.value(number);
        if (owner != 0 && m_taken.contains(owner)) {
            take(number);
            hasGrown = true;
        } else if (entry(number).type == u"TABLE ATTACH") {
            hasGrown |= growPartitions(number);
        }
    }
    return hasGrown;
}

/// The rows of a partitioned table are in its partitions.
bool Selecting::growPartitions(int attach)
{
    const int child = m_owners.value(attach);
    const QList<int> needs = m_needs.value(attach);
    const bool hasParent =
        std::any_of(needs.begin(), needs.end(), [&](int need) { return need != child && m_taken.contains(need); });
    if (child == 0 || !hasParent || isSettled(child)) {
        return false;
    }
    take(child);
    return true;
}

/// Links between objects can be left out; what an object is made of cannot.
bool Selecting::mayDoWithout(int number, int need) const
{
    const ArchiveEntry &one = entry(number);
    if (one.type == u"TABLE") {
        // A partition is made by itself and attached later.
        return std::any_of(m_order.begin(), m_order.end(), [&](int other) {
            return entry(other).type == u"TABLE ATTACH" && m_owners.value(other) == number &&
                   m_needs.value(other).contains(need);
        });
    }
    return one.type == u"FK CONSTRAINT" || one.type == u"TABLE ATTACH" || one.type == u"INDEX ATTACH" ||
           one.type == u"TRIGGER" || one.type == u"POLICY" || one.type == u"STATISTICS" ||
           (one.type == u"RULE" && !one.names.contains(u" _RETURN "));
}

/// True when something was added.
bool Selecting::settleNeed(int number, int need)
{
    const ArchiveEntry &needed = entry(need);
    const int owner = m_owners.value(need);
    if (entry(number).type == u"INDEX ATTACH" && !m_taken.contains(need)) {
        drop(number); // attaching the table has attached them
        return false;
    }
    const bool standsAlone = needed.isSupport() || (needed.isSequence() && owner == 0);
    const int root = needed.isRelation() || standsAlone || owner == 0 ? need : owner;
    if (m_taken.contains(need) || m_taken.contains(root) || m_reused.contains(root)) {
        return false;
    }
    // An index of a partition is made by itself; the parent's finds it.
    const bool isOfPartition = (entry(number).type == u"INDEX" || entry(number).type == u"CONSTRAINT") &&
                               (needed.type == u"INDEX" || needed.type == u"CONSTRAINT");
    if (isOfPartition) {
        return false;
    }
    if (isThere(root)) {
        m_reused += root;
        return false;
    }
    if (standsAlone) {
        take(need);
        return true;
    }
    if (mayDoWithout(number, need)) {
        if (entry(number).type != u"TABLE") {
            drop(number);
            m_notes += Text::tr("Left out: %1. It needs %2, which is neither chosen nor there.")
                           .arg(entryText(m_what.value(number)), entryText(m_what.value(root)));
        }
        return false;
    }
    const QString missing = Text::tr("%1 needs %2").arg(entryText(m_what.value(number)), entryText(m_what.value(root)));
    if (!m_missing.contains(missing)) {
        m_missing += missing;
    }
    return false;
}

bool Selecting::growNeeds()
{
    bool hasGrown = false;
    for (const int number : std::as_const(m_order)) {
        const QList<int> needs = m_needs.value(number);
        for (const int need : needs) {
            if (m_taken.contains(number)) {
                hasGrown |= settleNeed(number, need);
            }
        }
    }
    return hasGrown;
}

Result<ArchiveSelection> Selecting::run(const QStringList &chosen)
{
    QStringList unknown;
    for (const QString &what : chosen) {
        const int number = m_what.key(what, 0);
        if (number == 0) {
            unknown += entryText(what);
        } else {
            take(number);
        }
    }
    if (!unknown.isEmpty()) {
        return failure(ErrorCode::NotFound,
                       Text::tr("The backup does not have %1. Nothing was changed.").arg(namesOf(unknown)));
    }
    // First all that belongs to what is chosen, so that nothing chosen counts as missing.
    do {
        while (growParts()) {
        }
    } while (growNeeds());
    return judged();
}

QString Selecting::namesOf(const QStringList &texts) const
{
    return texts.mid(0, mostNamed).join(QStringLiteral(", ")) +
           (texts.size() > mostNamed ? QStringLiteral(" …") : QString());
}

Result<ArchiveSelection> Selecting::judged() const
{
    if (!m_missing.isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("What you chose cannot stand by itself: %1. Nothing was changed. Choose these as well.")
                           .arg(namesOf(m_missing)));
    }
    QStringList there;
    QStringList reused;
    for (const int number : m_order) {
        if (m_taken.contains(number) && isThere(number)) {
            there += entryText(m_what.value(number));
        }
        if (m_reused.contains(number) && entry(number).isSupport() && entry(number).type != u"SCHEMA" &&
            entry(number).type != u"EXTENSION") {
            reused += entryText(m_what.value(number));
        }
    }
    if (!there.isEmpty()) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("The database already has %1. Restoring over it could double or damage what is there. "
                                "Nothing was changed. Rename or drop what is there first, or restore into a new "
                                "database.")
                           .arg(namesOf(there)));
    }
    ArchiveSelection selection{m_taken, m_reused, m_notes};
    if (!reused.isEmpty()) {
        selection.notes += Text::tr("Used as they are in the database already: %1.").arg(namesOf(reused));
    }
    return selection;
}

} // namespace

Result<ArchiveSelection> selectFrom(const ArchiveToc &toc, const EntryNeeds &needs, const QStringList &chosen,
                                    const QSet<QString> &existing)
{
    return Selecting(toc, needs, existing).run(chosen);
}

QSet<int> withDependents(const ArchiveToc &toc, const EntryNeeds &needs, const QSet<int> &roots)
{
    QSet<int> all = roots;
    for (bool hasGrown = true; hasGrown;) {
        hasGrown = false;
        for (const ArchiveToc::Entry &entry : toc.entries) {
            const int number = entry.number();
            const QList<int> needed = needs.value(number);
            if (!all.contains(number) &&
                std::any_of(needed.begin(), needed.end(), [&all](int need) { return all.contains(need); })) {
                all += number;
                hasGrown = true;
            }
        }
    }
    return all;
}

QString entryText(const QString &what)
{
    const ArchiveEntry entry = ArchiveEntry::of(what);
    const QString kind = entry.type == u"FK CONSTRAINT" ? QStringLiteral("foreign key") : entry.type.toLower();
    const QString names = entry.withoutOwner();
    const QString rest = names.section(u' ', 1);
    return kind + u' ' + (entry.schema() == u"-" ? rest : entry.schema() + u'.' + rest);
}

} // namespace Roost

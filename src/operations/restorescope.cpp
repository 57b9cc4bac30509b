#include "operations/restorescope.h"

#include "operations/archivecontents.h"
#include "operations/archiveentry.h"
#include "operations/archiveselection.h"
#include "operations/targetcontents.h"

#include <QCoreApplication>

namespace Roost {

namespace {

constexpr qsizetype mostNamed = 8;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RestoreScope)
};

/// What of the wanted entries cannot be made, because it needs an extension that the server lacks.
struct WithoutExtension
{
    QStringList extensions;
    QSet<int> entries; ///< the extensions, and all that needs them
    QStringList objects;
};

WithoutExtension withoutExtension(const RestoreSource &source, const TargetObjects &target,
                                  const std::optional<QSet<int>> &wanted)
{
    WithoutExtension without;
    QSet<int> roots;
    const auto isWanted = [&wanted](int entry) { return !wanted || wanted->contains(entry); };
    for (const ArchiveToc::Entry &entry : source.toc.entries) {
        const ArchiveEntry each = ArchiveEntry::of(entry.what);
        const QString name = each.names.section(u' ', 1).trimmed();
        if (each.type == u"EXTENSION" && isWanted(entry.number()) && !target.installedExtensions.contains(name) &&
            !target.availableExtensions.contains(name)) {
            roots += entry.number();
            without.extensions += name;
        }
    }
    if (roots.isEmpty()) {
        return without;
    }
    without.entries = withDependents(source.toc, source.needs, roots);
    for (const ArchiveToc::Entry &entry : source.toc.entries) {
        const ArchiveEntry each = ArchiveEntry::of(entry.what);
        const bool isNamed = each.isRelation() || each.isSupport() || each.type == u"INDEX";
        if (isNamed && isWanted(entry.number()) && without.entries.contains(entry.number()) &&
            !roots.contains(entry.number())) {
            without.objects += entryText(entry.what);
        }
    }
    return without;
}

QString namesOf(const QStringList &names)
{
    return names.mid(0, mostNamed).join(QStringLiteral(", ")) +
           (names.size() > mostNamed ? QStringLiteral(" …") : QString());
}

/// The names of what an archive's entries make, as far as a manifest knows them too.
class Naming
{
public:
    Naming(const ArchiveContents &contents, const QSet<int> &entries)
    {
        for (const ArchivedTableData &table : contents.tables) {
            if (entries.contains(table.entry)) {
                add(m_tables, table.id);
            }
        }
        for (const ArchivedObject &object : contents.objects) {
            if (!entries.contains(object.entry)) {
                continue;
            }
            const ArchiveEntry entry = ArchiveEntry::of(object.what);
            const TableId listed{entry.schema(), entry.withoutOwner().section(u' ', 1)};
            if (const auto exact = contents.definitions.tableOfEntry(object.entry)) {
                add(m_tables, *exact);
            } else if (entry.isRelation()) {
                add(m_tables, listed);
            } else if (entry.isSequence()) {
                add(m_sequences, listed);
            } else if (entry.type == u"TYPE" || entry.type == u"DOMAIN") {
                add(m_types, listed);
            }
        }
    }

    ManifestPart in(const std::optional<Manifest> &manifest) const
    {
        ManifestPart part{m_tables, {}, {}};
        if (!manifest) {
            return part;
        }
        for (auto sequence = manifest->sequences.cbegin(); sequence != manifest->sequences.cend(); ++sequence) {
            if (m_sequences.contains(Manifest::tableOf(sequence.key()))) {
                part.sequences += sequence.key();
            }
        }
        addObjects(part.objects, *manifest, QStringLiteral("sequence "), m_sequences);
        addObjects(part.objects, *manifest, QStringLiteral("type "), m_types);
        addObjects(part.objects, *manifest, QStringLiteral("view "), m_tables);
        addObjects(part.objects, *manifest, QStringLiteral("materialized view "), m_tables);
        return part;
    }

private:
    static void add(QList<TableId> &ids, const TableId &id)
    {
        if (!ids.contains(id)) {
            ids += id;
        }
    }
    static void addObjects(QSet<QString> &keys, const Manifest &manifest, const QString &kind,
                           const QList<TableId> &ids)
    {
        for (auto object = manifest.objects.cbegin(); object != manifest.objects.cend(); ++object) {
            if (object.key().startsWith(kind) && ids.contains(Manifest::tableOf(object.key().mid(kind.size())))) {
                keys += object.key();
            }
        }
    }

    QList<TableId> m_tables;
    QList<TableId> m_sequences;
    QList<TableId> m_types;
};

} // namespace

bool RestoreScope::has(const ArchivedTable &table) const
{
    return !isPart() || part.tables.contains(TableId{table.schema, table.name});
}

Result<RestoreScope> scopeOf(const RestoreRequest &request, const RestoreSource &source, const TargetObjects &target,
                             DatabaseConnection &connection, const JobContext &context)
{
    RestoreScope scope;
    QSet<int> reused;
    if (!request.chosen.isEmpty()) {
        const auto existing = existingNames(connection, context.stopToken());
        if (!existing) {
            return failure(existing.error());
        }
        auto selection = selectFrom(source.toc, source.needs, request.chosen, *existing);
        if (!selection) {
            return failure(selection.error());
        }
        scope.entries = std::move(selection->entries);
        scope.notes = std::move(selection->notes);
        reused = std::move(selection->reused);
    }
    const WithoutExtension without = withoutExtension(source, target, scope.entries);
    if (!without.objects.isEmpty() && !request.leavesOutMissingExtensions) {
        return failure(
            ErrorCode::NotAllowed,
            Text::tr("The server does not have the extension %1, and without it these cannot be made: %2. Restore on "
                     "a server that has it, or choose to leave them out, and start again.")
                .arg(without.extensions.join(QStringLiteral(", ")), namesOf(without.objects)));
    }
    if (!without.objects.isEmpty()) {
        QSet<int> rest;
        for (const ArchiveToc::Entry &entry : source.toc.entries) {
            if (!without.entries.contains(entry.number()) &&
                (!scope.entries || scope.entries->contains(entry.number()))) {
                rest += entry.number();
            }
        }
        scope.entries = rest;
        scope.notes += Text::tr("Left out, because the server does not have the extension %1: %2.")
                           .arg(without.extensions.join(QStringLiteral(", ")), namesOf(without.objects));
    }
    if (!scope.entries) {
        return scope;
    }
    const auto contents = readArchiveContents(source.archive, source.reader, context);
    if (!contents) {
        return failure(contents.error());
    }
    // What is used as it is there is compared as well: a type of the same name may be another type.
    scope.part = Naming(*contents, *scope.entries).in(source.manifest);
    scope.part.objects += Naming(*contents, reused).in(source.manifest).objects;
    return scope;
}

} // namespace Roost

#include "operations/restorescope.h"

#include "operations/archivecontents.h"
#include "operations/archiveentry.h"
#include "operations/archiveselection.h"
#include "operations/targetcontents.h"

namespace Roost {

namespace {

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

Result<RestoreScope> scopeOf(const RestoreRequest &request, const RestoreSource &source, DatabaseConnection &connection,
                             const JobContext &context)
{
    RestoreScope scope;
    if (request.chosen.isEmpty()) {
        return scope;
    }
    const auto existing = existingNames(connection, context.stopToken());
    if (!existing) {
        return failure(existing.error());
    }
    auto selection = selectFrom(source.toc, source.needs, request.chosen, *existing);
    if (!selection) {
        return failure(selection.error());
    }
    const auto contents = readArchiveContents(source.archive, source.reader, context);
    if (!contents) {
        return failure(contents.error());
    }
    // What is used as it is there is compared as well: a type of the same name may be another type.
    scope.part = Naming(*contents, selection->entries).in(source.manifest);
    scope.part.objects += Naming(*contents, selection->reused).in(source.manifest).objects;
    scope.entries = std::move(selection->entries);
    scope.notes = std::move(selection->notes);
    return scope;
}

} // namespace Roost

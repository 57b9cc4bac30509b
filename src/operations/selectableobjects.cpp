#include "operations/archiveentry.h"
#include "operations/archiveselection.h"
#include "operations/backup.h"
#include "postgres/manifest.h"

#include <QCoreApplication>
#include <QHash>

#include <optional>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(SelectableObjects)
};

std::optional<SelectableObject::Group> groupOf(const ArchiveEntry &entry)
{
    using Group = SelectableObject::Group;
    if (entry.type == u"TABLE" || entry.type == u"FOREIGN TABLE") {
        return Group::Tables;
    }
    if (entry.isRelation()) {
        return Group::Views;
    }
    if (entry.type == u"FUNCTION" || entry.type == u"PROCEDURE" || entry.type == u"AGGREGATE") {
        return Group::Functions;
    }
    if (entry.type == u"TYPE" || entry.type == u"DOMAIN") {
        return Group::Types;
    }
    return std::nullopt;
}

TableId idOf(const ArchiveContents &contents, const ArchivedObject &object)
{
    if (const auto exact = contents.definitions.tableOfEntry(object.entry)) {
        return *exact;
    }
    const QString names = ArchiveEntry::of(object.what).withoutOwner();
    return {names.section(u' ', 0, 0), names.section(u' ', 1)};
}

bool isMeant(const TableId &id, const QString &words)
{
    const QStringList parts = identifierParts(words);
    return id.name == words || id.schema + u'.' + id.name == words ||
           (parts.size() == 2 && id == TableId{parts.at(0), parts.at(1)}) ||
           (parts.size() == 1 && id.name == parts.first());
}

} // namespace

QList<SelectableObject> selectableObjects(const ArchiveContents &contents)
{
    QList<SelectableObject> objects;
    for (const ArchivedObject &object : contents.objects) {
        if (const auto group = groupOf(ArchiveEntry::of(object.what))) {
            objects += SelectableObject{*group, object.what, idOf(contents, object).shown(), -1};
            if (*group == SelectableObject::Group::Functions) {
                const QString names = ArchiveEntry::of(object.what).withoutOwner();
                objects.last().name = names.section(u' ', 0, 0) + u'.' + names.section(u' ', 1);
            }
        }
    }
    return objects;
}

Result<QList<SelectableObject>> readSelectable(const QString &file, const JobContext &context)
{
    const auto contents = readArchiveContents(file, context);
    if (!contents) {
        return failure(contents.error());
    }
    QHash<QString, qint64> rows;
    if (const auto manifest = manifestOf(file)) {
        for (auto table = manifest->tables.cbegin(); table != manifest->tables.cend(); ++table) {
            rows.insert(Manifest::tableOf(table.key()).shown(), table->rows);
        }
    }
    QList<SelectableObject> objects = selectableObjects(*contents);
    for (SelectableObject &object : objects) {
        if (object.group == SelectableObject::Group::Tables) {
            object.rows = rows.value(object.name, -1);
        }
    }
    return objects;
}

Result<QStringList> tablesNamed(const QString &file, const QStringList &words, const JobContext &context)
{
    const auto contents = readArchiveContents(file, context);
    if (!contents) {
        return failure(contents.error());
    }
    QStringList whats;
    for (const QString &word : words) {
        QStringList found;
        QStringList names;
        QStringList all;
        for (const ArchivedObject &object : contents->objects) {
            if (groupOf(ArchiveEntry::of(object.what)) != SelectableObject::Group::Tables) {
                continue;
            }
            const TableId id = idOf(*contents, object);
            all += id.shown();
            if (isMeant(id, word)) {
                found += object.what;
                names += id.shown();
            }
        }
        if (found.isEmpty()) {
            return failure(ErrorCode::NotFound, Text::tr("The backup has no table “%1”. It has: %2.")
                                                    .arg(word, all.mid(0, 20).join(QStringLiteral(", "))));
        }
        if (found.size() > 1) {
            return failure(ErrorCode::InvalidInput, Text::tr("“%1” can be several tables of the backup. Say which: %2.")
                                                        .arg(word, names.join(QStringLiteral(", "))));
        }
        whats += found.first();
    }
    return whats;
}

} // namespace Roost

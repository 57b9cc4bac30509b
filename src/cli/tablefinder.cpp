#include "cli/tablefinder.h"

#include "cli/services.h"
#include "cli/targets.h"
#include "cli/text.h"
#include "postgres/catalogreader.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype mostNames = 20;

QList<RelationInfo> named(const QList<RelationInfo> &relations, const QString &name)
{
    QList<RelationInfo> found;
    std::copy_if(relations.begin(), relations.end(), std::back_inserter(found),
                 [&name](const RelationInfo &each) { return each.id.name == name; });
    std::stable_partition(found.begin(), found.end(),
                          [](const RelationInfo &each) { return each.id.schema == u"public"; });
    return found;
}

QList<RelationInfo> withId(const QList<RelationInfo> &relations, const QString &words)
{
    QList<RelationInfo> found;
    std::copy_if(relations.begin(), relations.end(), std::back_inserter(found),
                 [&words](const RelationInfo &each) { return each.id.schema + u'.' + each.id.name == words; });
    return found;
}

QList<RelationInfo> meant(const QList<RelationInfo> &relations, const QString &words)
{
    if (auto exact = named(relations, words); !exact.isEmpty()) {
        return exact;
    }
    if (auto qualified = withId(relations, words); !qualified.isEmpty()) {
        return qualified;
    }
    const QStringList parts = identifierParts(words);
    return parts.size() == 1   ? named(relations, parts.first())
           : parts.size() == 2 ? withId(relations, parts.join(u'.'))
                               : QList<RelationInfo>();
}

QString namesOf(const QList<RelationInfo> &relations)
{
    QStringList names;
    for (const RelationInfo &each : relations) {
        if (each.kind != RelationKind::Sequence) {
            names += each.id.schema == u"public" ? each.id.name : each.id.schema + u'.' + each.id.name;
        }
    }
    const bool isShortened = names.size() > mostNames;
    return names.mid(0, mostNames).join(QStringLiteral(", ")) + (isShortened ? QStringLiteral(" …") : QString());
}

} // namespace

Result<RelationInfo> findTable(const QList<RelationInfo> &relations, const QString &words)
{
    const QList<RelationInfo> found = meant(relations, words);
    if (found.size() == 1 || (found.size() > 1 && found.first().id.schema == u"public")) {
        return found.first();
    }
    if (!found.isEmpty()) {
        return failure(ErrorCode::NotFound,
                       CliText::tr("Several schemas have a table \"%1\". Say which: %2.").arg(words, namesOf(found)));
    }
    const QString names = namesOf(relations);
    return failure(ErrorCode::NotFound,
                   names.isEmpty() ? CliText::tr("There is no table \"%1\": this database has none yet.").arg(words)
                                   : CliText::tr("There is no table \"%1\". There are: %2.").arg(words, names));
}

Result<NamedTable> openNamedTable(const QString &target, const QString &table, const CliServices &services,
                                  const JobContext &context)
{
    auto connection = services.targets.open(target, context);
    if (!connection) {
        return failure(connection.error());
    }
    const Result<QList<RelationInfo>> relations = CatalogReader::relations(**connection, context.stopToken());
    if (!relations) {
        return failure(relations.error());
    }
    const Result<RelationInfo> found = findTable(*relations, table);
    if (!found) {
        return failure(found.error());
    }
    return NamedTable{std::move(*connection), *found};
}

} // namespace Roost

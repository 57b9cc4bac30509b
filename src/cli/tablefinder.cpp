#include "cli/tablefinder.h"

#include "cli/services.h"
#include "cli/targets.h"
#include "cli/text.h"
#include "postgres/catalogreader.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype mostNames = 20;

/// `"My.Schema"."a""b"` and `birds` taken apart at the dots outside quotes; empty when the quotes do not fit.
QStringList sqlParts(const QString &words)
{
    QStringList parts{QString()};
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (words.at(i) == u'.') {
            parts += QString();
        } else if (words.at(i) != u'"') {
            parts.last() += words.at(i).toLower();
        } else {
            bool closed = false;
            for (++i; i < words.size() && !closed; ++i) {
                const bool isQuote = words.at(i) == u'"';
                if (isQuote && i + 1 < words.size() && words.at(i + 1) == u'"') {
                    parts.last() += words.at(i++);
                } else if (isQuote) {
                    closed = true;
                } else {
                    parts.last() += words.at(i);
                }
            }
            if (!closed) {
                return {};
            }
            --i;
        }
    }
    return parts;
}

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
    const QStringList parts = sqlParts(words);
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

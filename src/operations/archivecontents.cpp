#include "operations/archivecontents.h"

#include "operations/archivescript.h"
#include "operations/archivetoc.h"
#include "operations/archivetools.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype mostNames = 20;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveContents)
};

/// What `218; 1259 16482 TABLE public birds ada` says in numbers.
struct EntryNumbers
{
    int entry = 0;
    unsigned oid = 0; ///< of the object in the database that was dumped; the same for a table and its rows
};

EntryNumbers numbersOf(const ArchiveToc::Entry &entry)
{
    const QByteArray rest = entry.line.mid(entry.line.indexOf(';') + 1).trimmed();
    return {entry.line.first(entry.line.indexOf(';')).toInt(), rest.split(' ').value(1).toUInt()};
}

bool makesTable(const QString &what)
{
    return (what.startsWith(u"TABLE ") && !what.startsWith(u"TABLE DATA ") && !what.startsWith(u"TABLE ATTACH ")) ||
           what.startsWith(u"FOREIGN TABLE ");
}

/// Statements that say of which types a table's columns are.
Result<TableDefinitions> readDefinitions(const ArchiveFile &archive, const ArchiveToc &toc,
                                         const PgToolchain &toolchain, const JobContext &context)
{
    QList<int> entries;
    for (const ArchiveToc::Entry &entry : toc.entries) {
        if (makesTable(entry.what) || entry.what.startsWith(u"DOMAIN ") || entry.what.startsWith(u"TYPE ")) {
            entries += numbersOf(entry).entry;
        }
    }
    if (entries.isEmpty()) {
        return TableDefinitions();
    }
    QByteArray script;
    const Result<ScriptEnd> end = writeScript(
        archive, toolchain, entries,
        {QStringLiteral("--no-owner"), QStringLiteral("--no-acl"), QStringLiteral("--verbose")},
        [&script](QByteArrayView piece) { script += piece; }, context);
    if (!end) {
        return failure(end.error());
    }
    if (!end->succeeded()) {
        return failure(end->explain({}));
    }
    return TableDefinitions::fromScript(script);
}

/// `TABLE DATA public birds ada` quotes nothing: right unless the schema or the owner has a blank in it.
TableId listedName(const QString &what)
{
    const QString names = what.section(u' ', 2);
    return {names.section(u' ', 0, 0), names.section(u' ', 1, -2)};
}

QList<ArchivedTableData> tablesIn(const ArchiveToc &toc, const TableDefinitions &definitions)
{
    QHash<unsigned, int> makers; // the entry that makes a table, by the table's oid
    for (const ArchiveToc::Entry &entry : toc.entries) {
        if (makesTable(entry.what)) {
            const EntryNumbers numbers = numbersOf(entry);
            makers.insert(numbers.oid, numbers.entry);
        }
    }
    QList<ArchivedTableData> tables;
    for (const ArchiveToc::Entry &entry : toc.entries) {
        if (entry.what.startsWith(u"TABLE DATA ")) {
            const EntryNumbers numbers = numbersOf(entry);
            const auto exact = definitions.tableOfEntry(makers.value(numbers.oid));
            tables += ArchivedTableData{numbers.entry, exact ? *exact : listedName(entry.what)};
        }
    }
    return tables;
}

template <class Matches>
QList<ArchivedTableData> tablesThat(const ArchiveContents &contents, Matches matches)
{
    QList<ArchivedTableData> found;
    std::copy_if(contents.tables.begin(), contents.tables.end(), std::back_inserter(found),
                 [&matches](const ArchivedTableData &each) { return matches(each.id); });
    return found;
}

QList<ArchivedTableData> meant(const ArchiveContents &contents, const QString &words)
{
    const auto named = [&contents](const QString &name) {
        return tablesThat(contents, [&name](const TableId &id) { return id.name == name; });
    };
    if (auto exact = named(words); !exact.isEmpty()) {
        return exact;
    }
    if (auto full = tablesThat(contents, [&](const TableId &id) { return id.schema + u'.' + id.name == words; });
        !full.isEmpty()) {
        return full;
    }
    const QStringList parts = identifierParts(words);
    if (parts.size() == 2) {
        return tablesThat(contents,
                          [id = TableId{parts.at(0), parts.at(1)}](const TableId &each) { return each == id; });
    }
    return parts.size() == 1 ? named(parts.first()) : QList<ArchivedTableData>();
}

QString namesOf(const QList<ArchivedTableData> &tables)
{
    QStringList names;
    for (const ArchivedTableData &each : tables.mid(0, mostNames)) {
        names += each.id.shown();
    }
    return names.join(QStringLiteral(", ")) + (tables.size() > mostNames ? QStringLiteral(" …") : QString());
}

/// What the words name that has no rows of its own in an archive; "VIEW", "TABLE" or nothing.
QString kindWithoutRows(const ArchiveContents &contents, const QString &words)
{
    const QStringList parts = identifierParts(words);
    const QString name = parts.isEmpty() ? words : parts.last();
    static const QRegularExpression relation(
        QStringLiteral(R"(\A(VIEW|MATERIALIZED VIEW|FOREIGN TABLE|TABLE) (?!DATA |ATTACH )\S+ (.*) \S+\z)"));
    for (const ArchivedObject &object : contents.objects) {
        const auto match = relation.match(object.what);
        if (match.hasMatch() && (match.captured(2) == words || match.captured(2) == name)) {
            return match.captured(1);
        }
    }
    return {};
}

Error notFound(const ArchiveContents &contents, const QString &words)
{
    const QString others = contents.tables.isEmpty()
                               ? Text::tr("It has the rows of no table at all.")
                               : Text::tr("It has the rows of: %1.").arg(namesOf(contents.tables));
    const QString kind = kindWithoutRows(contents, words);
    const QString what =
        kind.endsWith(u"VIEW") ? Text::tr("“%1” is a view, and of those a backup has only the definition.").arg(words)
        : kind.isEmpty()
            ? Text::tr("The backup has no table “%1”.").arg(words)
            : Text::tr("The backup has the table “%1”, but no rows of its own: those of a partitioned table "
                       "are in its partitions, and others can be left out of a dump.")
                  .arg(words);
    return {ErrorCode::NotFound, what + u' ' + others, {}, {}};
}

} // namespace

Result<ArchiveContents> readArchiveContents(const ArchiveFile &archive, const PgToolchain &toolchain,
                                            const JobContext &context)
{
    const auto listing = archive.list(toolchain, context);
    if (!listing) {
        return failure(listing.error());
    }
    const ArchiveToc toc = parseToc(*listing);
    auto definitions = readDefinitions(archive, toc, toolchain, context);
    if (!definitions) {
        return failure(definitions.error());
    }
    ArchiveContents contents;
    contents.database = toc.database;
    contents.serverVersion = toc.serverVersion;
    contents.toolVersion = toc.toolVersion;
    contents.takenAt = toc.createdAt;
    contents.sizeBytes = archive.size();
    contents.tables = tablesIn(toc, *definitions);
    for (const ArchiveToc::Entry &entry : toc.entries) {
        contents.objects += ArchivedObject{numbersOf(entry).entry, entry.what};
    }
    contents.definitions = std::move(*definitions);
    return contents;
}

Result<ArchiveContents> readArchiveContents(const QString &file, const JobContext &context)
{
    const auto archive = ArchiveFile::open(file);
    if (!archive) {
        return failure(archive.error());
    }
    const auto toolchain = toolchainToRead(*archive, context);
    return toolchain ? readArchiveContents(*archive, *toolchain, context)
                     : Result<ArchiveContents>(failure(toolchain.error()));
}

Result<ArchivedTableData> findArchivedTable(const ArchiveContents &contents, const QString &words)
{
    const QList<ArchivedTableData> found = meant(contents, words);
    if (found.size() == 1) {
        return found.first();
    }
    if (found.isEmpty()) {
        return failure(notFound(contents, words));
    }
    return failure(ErrorCode::InvalidInput,
                   Text::tr("“%1” can be several tables of the backup. Say which: %2.").arg(words, namesOf(found)));
}

} // namespace Roost

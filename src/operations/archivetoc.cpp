#include "operations/archivetoc.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <functional>

namespace Roost {

namespace {

constexpr int mostRelationsInOneTransaction = 2000;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveToc)
};

QString versionOnly(const QString &text)
{
    return text.section(u' ', 0, 0);
}

bool isOneOf(const QString &what, std::initializer_list<QLatin1String> types)
{
    return std::any_of(types.begin(), types.end(), [&](QLatin1String type) { return what.startsWith(type); });
}

bool isRelation(const QString &what)
{
    return isOneOf(what, {QLatin1String("TABLE "), QLatin1String("SEQUENCE "), QLatin1String("INDEX "),
                          QLatin1String("CONSTRAINT "), QLatin1String("VIEW "), QLatin1String("MATERIALIZED VIEW ")}) &&
           !isOneOf(what, {QLatin1String("TABLE DATA "), QLatin1String("TABLE ATTACH "), QLatin1String("SEQUENCE SET "),
                           QLatin1String("SEQUENCE OWNED BY "), QLatin1String("INDEX ATTACH "),
                           QLatin1String("MATERIALIZED VIEW DATA ")});
}

bool isTable(const QString &what)
{
    return what.startsWith(u"TABLE ") && isRelation(what);
}

bool isFinishingStep(const QString &what)
{
    return isOneOf(what, {QLatin1String("INDEX "), QLatin1String("CONSTRAINT "), QLatin1String("FK CONSTRAINT "),
                          QLatin1String("TRIGGER "), QLatin1String("RULE "), QLatin1String("MATERIALIZED VIEW DATA ")});
}

/// Rows, states of sequences and large objects.
bool isContent(const QString &what)
{
    return isOneOf(what, {QLatin1String("TABLE DATA "), QLatin1String("SEQUENCE SET "), QLatin1String("BLOB"),
                          QLatin1String("LARGE OBJECT"), QLatin1String("STATISTICS DATA ")});
}

/// Whether an entry stays; if not, `reason` says why where the user should know.
bool stays(const QString &what, const TargetObjects &target, QString &reason)
{
    reason.clear();
    if (what.startsWith(u"COMMENT - EXTENSION ")) {
        return false; // only the extension's owner may set it, and it comes with the extension anyway
    }
    if (what.startsWith(u"EXTENSION - ")) {
        const QString name = what.section(u' ', 2).trimmed();
        if (target.installedExtensions.contains(name)) {
            return false;
        }
        if (!target.availableExtensions.contains(name)) {
            reason = Text::tr("The extension %1: the server does not have it.").arg(name);
            return false;
        }
        return true;
    }
    if (target.hasPublicSchema && what.startsWith(u"SCHEMA - public ")) {
        return false;
    }
    if (target.hasPublicSchema && what.startsWith(u"COMMENT - SCHEMA public ")) {
        reason = Text::tr("The comment on the schema public: it belongs to the server.");
        return false;
    }
    if (isOneOf(what, {QLatin1String("PUBLICATION "), QLatin1String("SUBSCRIPTION ")})) {
        reason = Text::tr("Replication to or from other servers (%1): it is set up for one server and is not moved.")
                     .arg(what);
        return false;
    }
    if (what.startsWith(u"EVENT TRIGGER ")) {
        reason = Text::tr("An event trigger (%1): only the server's administrator may create it.").arg(what);
        return false;
    }
    // With --no-acl these are skipped anyway; listed ones of other roles would fail.
    return !what.startsWith(u"DEFAULT ACL ");
}

} // namespace

ArchiveToc parseToc(const QByteArray &listing)
{
    static const QRegularExpression entryPattern(QStringLiteral(R"(\A\d+; \d+ \d+ (\S.*)\z)"));
    const auto field = [](const QString &line, QLatin1String name) {
        return line.startsWith(name) ? line.sliced(name.size()).trimmed() : QString();
    };
    ArchiveToc toc;
    const auto lines = listing.split('\n');
    for (const QByteArray &raw : lines) {
        const QString line = QString::fromUtf8(raw);
        if (const auto match = entryPattern.match(line); match.hasMatch()) {
            toc.entries += ArchiveToc::Entry{raw, match.captured(1)};
        } else if (const auto database = field(line, QLatin1String(";     dbname: ")); !database.isEmpty()) {
            toc.database = database;
        } else if (const auto server = field(line, QLatin1String(";     Dumped from database version: "));
                   !server.isEmpty()) {
            toc.serverVersion = versionOnly(server);
        } else if (const auto tool = field(line, QLatin1String(";     Dumped by pg_dump version: ")); !tool.isEmpty()) {
            toc.toolVersion = versionOnly(tool);
        } else if (const auto created = field(line, QLatin1String("; Archive created at ")); !created.isEmpty()) {
            toc.createdAt = QDateTime::fromString(created.left(19), QStringLiteral("yyyy-MM-dd HH:mm:ss")).toUTC();
        }
    }
    return toc;
}

EntryNeeds parseNeeds(const QByteArray &verboseListing)
{
    static const QByteArray mark = ";\tdepends on:";
    EntryNeeds needs;
    int entry = 0;
    const auto lines = verboseListing.split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith(mark)) {
            const auto numbers = line.mid(mark.size()).simplified().split(' ');
            for (const QByteArray &number : numbers) {
                if (!needs[entry].contains(number.toInt())) {
                    needs[entry] += number.toInt();
                }
            }
        } else if (!line.startsWith(';')) {
            entry = line.left(line.indexOf(';')).toInt();
        }
    }
    return needs;
}

namespace {

/// Of "schema name owner". The listing quotes nothing, so a schema or owner with a blank in it cannot be told.
QString schemaAndName(const QString &names)
{
    return names.section(u' ', 0, 0) + u'.' + names.section(u' ', 1, -2);
}

} // namespace

QString ArchiveToc::Entry::tableWithRows() const
{
    return what.startsWith(u"TABLE DATA ") ? schemaAndName(what.section(u' ', 2)) : QString();
}

QStringList ArchiveToc::tablesWithData() const
{
    QStringList tables;
    for (const Entry &entry : entries) {
        if (const QString table = entry.tableWithRows(); !table.isEmpty()) {
            tables += table;
        }
    }
    return tables;
}

int ArchiveToc::count(const QString &type) const
{
    return int(std::count_if(entries.begin(), entries.end(),
                             [&](const Entry &entry) { return entry.what.startsWith(type + u' '); }));
}

namespace {

bool canReorderRows(const ArchiveToc &toc)
{
    return toc.count(QStringLiteral("FUNCTION")) + toc.count(QStringLiteral("PROCEDURE")) == 0;
}

bool isIndex(const ArchiveToc::Entry &entry)
{
    return isOneOf(entry.what, {QLatin1String("INDEX "), QLatin1String("CONSTRAINT ")}) &&
           !entry.what.startsWith(u"INDEX ATTACH ");
}

/// Of the tables that an entry needs, the bytes of rows.
QHash<int, qint64> bytesNeeded(const ArchiveToc &toc, const RestoreWish &wish,
                               const std::function<qint64(const QString &table)> &bytesOf)
{
    QHash<int, qint64> ofTables;
    for (const ArchiveToc::Entry &entry : toc.entries) {
        if (isTable(entry.what)) {
            ofTables.insert(entry.number(), bytesOf(schemaAndName(entry.what.section(u' ', 1))));
        }
    }
    QHash<int, qint64> needed;
    for (auto it = wish.needs.cbegin(); it != wish.needs.cend(); ++it) {
        for (const int number : it.value()) {
            needed[it.key()] = std::max(needed.value(it.key()), ofTables.value(number));
        }
    }
    return needed;
}

/// The biggest come first, so that there is time to compare them.
void sortRows(QList<ArchiveToc::Entry> &entries, const RestoreWish &wish)
{
    const auto bytesOf = [&wish](const ArchiveToc::Entry &entry) {
        return wish.tableBytes.value(entry.tableWithRows());
    };
    QList<ArchiveToc::Entry> withRows;
    std::copy_if(entries.begin(), entries.end(), std::back_inserter(withRows),
                 [](const ArchiveToc::Entry &entry) { return !entry.tableWithRows().isEmpty(); });
    std::stable_sort(withRows.begin(), withRows.end(),
                     [&](const auto &first, const auto &second) { return bytesOf(first) > bytesOf(second); });
    auto next = withRows.cbegin();
    for (ArchiveToc::Entry &entry : entries) {
        if (!entry.tableWithRows().isEmpty()) {
            entry = *next++;
        }
    }
}

/// Indexes that follow each other: of tables that nobody looks at come first, then in the order in which the tables
/// were loaded. What stands between others, a comment or a view, may need those before it.
void sortIndexes(QList<ArchiveToc::Entry> &entries, const QHash<int, qint64> &bytesAhead)
{
    const auto isBefore = [&bytesAhead](const ArchiveToc::Entry &first, const ArchiveToc::Entry &second) {
        const qint64 one = bytesAhead.value(first.number());
        const qint64 other = bytesAhead.value(second.number());
        return (one == 0) == (other == 0) ? one > other : one == 0;
    };
    for (auto from = entries.begin(); from != entries.end();) {
        from = std::find_if(from, entries.end(), isIndex);
        const auto to = std::find_if_not(from, entries.end(), isIndex);
        std::stable_sort(from, to, isBefore);
        from = to;
    }
}

QList<ArchiveToc::Entry> inOrder(const ArchiveToc &toc, const RestoreWish &wish)
{
    QList<ArchiveToc::Entry> entries = toc.entries;
    if (!wish.comparedAhead.isEmpty() && canReorderRows(toc)) {
        sortRows(entries, wish);
        sortIndexes(entries, bytesNeeded(toc, wish, [&wish](const QString &table) {
                        return wish.comparedAhead.contains(table) ? wish.tableBytes.value(table) : 0;
                    }));
    }
    return entries;
}

} // namespace

RestorePlan planRestore(const ArchiveToc &toc, const TargetObjects &target, const RestoreWish &wish)
{
    RestorePlan plan;
    int relations = 0;
    const auto bytes = bytesNeeded(toc, wish, [&wish](const QString &table) { return wish.tableBytes.value(table); });
    const auto entries = inOrder(toc, wish);
    for (const ArchiveToc::Entry &entry : entries) {
        const bool isWanted =
            (!wish.entries || wish.entries->contains(entry.number())) && !(wish.structureOnly && isContent(entry.what));
        if (!isWanted) {
            continue; // what the list does not name is not restored
        }
        QString reason;
        if (!stays(entry.what, target, reason)) {
            plan.useList += ';' + entry.line + '\n';
            if (!reason.isEmpty()) {
                plan.leftOut += reason;
            }
            continue;
        }
        plan.useList += entry.line + '\n';
        plan.entries += entry.number();
        relations += isRelation(entry.what) ? 1 : 0;
        plan.tables += isTable(entry.what) ? 1 : 0;
        if (isFinishingStep(entry.what)) {
            plan.finishingSteps += bytes.value(entry.number());
        }
    }
    plan.fitsOneTransaction = relations < mostRelationsInOneTransaction;
    return plan;
}

} // namespace Roost

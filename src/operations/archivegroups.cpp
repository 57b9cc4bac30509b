#include "operations/archivegroups.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <map>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveGroups)
};

using Kind = ArchivedGroup::Kind;

/// What the first words of an entry say. The longer of two that begin alike stands first.
struct EntryType
{
    QLatin1String words;
    Kind kind;
    bool belongsToTable = false; ///< its name begins with that of a table, or is a part of one
};

const QList<EntryType> &entryTypes()
{
    static const QList<EntryType> types{
        {QLatin1String("TABLE DATA "), Kind::Tables, true},
        {QLatin1String("TABLE ATTACH "), Kind::Others},
        {QLatin1String("TABLE "), Kind::Tables},
        {QLatin1String("FOREIGN TABLE "), Kind::Tables},
        {QLatin1String("MATERIALIZED VIEW DATA "), Kind::Others},
        {QLatin1String("MATERIALIZED VIEW "), Kind::Views},
        {QLatin1String("VIEW "), Kind::Views},
        {QLatin1String("SEQUENCE OWNED BY "), Kind::Sequences, true},
        {QLatin1String("SEQUENCE SET "), Kind::Sequences, true},
        {QLatin1String("SEQUENCE "), Kind::Sequences},
        {QLatin1String("FUNCTION "), Kind::Functions},
        {QLatin1String("PROCEDURE "), Kind::Functions},
        {QLatin1String("AGGREGATE "), Kind::Functions},
        {QLatin1String("TYPE "), Kind::Types},
        {QLatin1String("DOMAIN "), Kind::Types},
        {QLatin1String("INDEX ATTACH "), Kind::Others},
        {QLatin1String("INDEX "), Kind::Indexes},
        {QLatin1String("CONSTRAINT "), Kind::Constraints, true},
        {QLatin1String("CHECK CONSTRAINT "), Kind::Constraints, true},
        {QLatin1String("FK CONSTRAINT "), Kind::Constraints, true},
        {QLatin1String("DEFAULT ACL "), Kind::Rights},
        {QLatin1String("DEFAULT "), Kind::Tables, true},
        {QLatin1String("TRIGGER "), Kind::Triggers, true},
        {QLatin1String("EVENT TRIGGER "), Kind::Triggers},
        {QLatin1String("RULE "), Kind::Triggers, true},
        {QLatin1String("POLICY "), Kind::Triggers, true},
        {QLatin1String("SCHEMA "), Kind::Schemas},
        {QLatin1String("EXTENSION "), Kind::Schemas},
        {QLatin1String("ACL "), Kind::Rights},
        {QLatin1String("COMMENT "), Kind::Comments},
    };
    return types;
}

/// An entry taken apart: `CONSTRAINT public birds birds_pkey ada`. Nothing is quoted there, so names with blanks in
/// them are right only as a whole.
struct ReadEntry
{
    Kind kind = Kind::Others;
    bool belongsToTable = false;
    QLatin1String words;
    QString schema;
    QString name; ///< the rest without the owner
};

ReadEntry readEntry(const QString &what)
{
    ReadEntry entry;
    QString rest = what;
    const auto type = std::find_if(entryTypes().begin(), entryTypes().end(),
                                   [&what](const EntryType &each) { return what.startsWith(each.words); });
    if (type == entryTypes().end()) {
        entry.name = what.section(u' ', 0, -2);
        return entry;
    }
    entry.kind = type->kind;
    entry.belongsToTable = type->belongsToTable;
    entry.words = type->words;
    rest = what.mid(type->words.size());
    entry.schema = rest.section(u' ', 0, 0);
    entry.name = rest.section(u' ', 1, -2);
    return entry;
}

QString shownName(const ReadEntry &entry)
{
    if (entry.kind == Kind::Others) {
        return entry.words.isEmpty() ? entry.name : QString(entry.words).trimmed() + u' ' + entry.name;
    }
    const bool isPlain = entry.schema == u"public" || entry.schema == u"-";
    return isPlain ? entry.name : entry.schema + u'.' + entry.name;
}

class Grouping
{
public:
    Grouping(const ArchiveContents &contents, const Manifest *manifest)
        : m_contents(contents)
    {
        if (manifest) {
            for (auto each = manifest->tables.cbegin(); each != manifest->tables.cend(); ++each) {
                m_rows.insert(Manifest::tableOf(each.key()).quoted(), each->rows);
            }
        }
    }

    QList<ArchivedGroup> run();

private:
    void add(const ArchivedObject &object);
    /// The thing that a key, default or state belongs to, by the beginning of its name; null when there is none.
    ArchivedThing *ownerOf(Kind kind, const QString &schema, const QString &name);
    void addRows();

    const ArchiveContents &m_contents;
    QHash<QString, qint64> m_rows;
    QHash<QString, qsizetype> m_places; ///< of tables and sequences, by kind, schema and name as listed
    std::map<Kind, QList<ArchivedThing>> m_groups;
};

QString placeKey(Kind kind, const QString &schema, const QString &name)
{
    return QString::number(int(kind)) + u' ' + schema + u' ' + name;
}

ArchivedThing *Grouping::ownerOf(Kind kind, const QString &schema, const QString &name)
{
    // The last words are the part's own name; how many, only the names that there are can tell.
    for (QString words = name; !words.isEmpty(); words = words.section(u' ', 0, -2)) {
        const auto place = m_places.constFind(placeKey(kind, schema, words));
        if (place != m_places.constEnd()) {
            return &m_groups[kind][*place];
        }
        if (!words.contains(u' ')) {
            break;
        }
    }
    return nullptr;
}

void Grouping::add(const ArchivedObject &object)
{
    const ReadEntry entry = readEntry(object.what);
    if (entry.words == QLatin1String("TABLE DATA ") || entry.words == QLatin1String("MATERIALIZED VIEW DATA ")) {
        return; // rows; those of tables are told by the contents, with exact names
    }
    if (entry.belongsToTable) {
        const Kind owner = entry.kind == Kind::Sequences ? Kind::Sequences : Kind::Tables;
        if (ArchivedThing *thing = ownerOf(owner, entry.schema, entry.name)) {
            thing->entries += object.entry;
            if (entry.kind == owner) {
                return; // a part, and nothing by itself
            }
        }
    }
    ArchivedThing thing{shownName(entry), {object.entry}, {}};
    if (entry.kind == Kind::Tables) {
        if (const auto exact = m_contents.definitions.tableOfEntry(object.entry)) {
            thing.name = exact->schema == u"public" ? exact->name : exact->shown();
            thing.table = *exact;
        }
    }
    m_places.insert(placeKey(entry.kind, entry.schema, entry.name), m_groups[entry.kind].size());
    m_groups[entry.kind] += thing;
}

void Grouping::addRows()
{
    QSet<QString> withRows;
    for (const ArchivedTableData &table : m_contents.tables) {
        withRows.insert(table.id.quoted());
    }
    for (ArchivedThing &thing : m_groups[Kind::Tables]) {
        thing.hasRows = withRows.remove(thing.table.quoted());
        if (thing.hasRows) {
            thing.rows = m_rows.value(thing.table.quoted(), -1);
        }
    }
    // A dump of data alone has rows and makes no table.
    for (const ArchivedTableData &table : m_contents.tables) {
        if (withRows.contains(table.id.quoted())) {
            const QString name = table.id.schema == u"public" ? table.id.name : table.id.shown();
            m_groups[Kind::Tables] += ArchivedThing{name, {}, table.id, true, m_rows.value(table.id.quoted(), -1)};
        }
    }
}

QList<ArchivedGroup> Grouping::run()
{
    for (const ArchivedObject &object : m_contents.objects) {
        add(object);
    }
    addRows();
    QList<ArchivedGroup> groups;
    for (auto &[kind, things] : m_groups) {
        if (!things.isEmpty()) {
            std::stable_sort(things.begin(), things.end(),
                             [](const ArchivedThing &a, const ArchivedThing &b) { return a.name < b.name; });
            groups += ArchivedGroup{kind, things};
        }
    }
    return groups;
}

} // namespace

QString ArchivedGroup::title() const
{
    switch (kind) {
    case Kind::Tables:
        return Text::tr("Tables");
    case Kind::Views:
        return Text::tr("Views");
    case Kind::Sequences:
        return Text::tr("Sequences");
    case Kind::Functions:
        return Text::tr("Functions");
    case Kind::Types:
        return Text::tr("Types");
    case Kind::Indexes:
        return Text::tr("Indexes");
    case Kind::Constraints:
        return Text::tr("Keys and constraints");
    case Kind::Triggers:
        return Text::tr("Triggers and rules");
    case Kind::Schemas:
        return Text::tr("Schemas and extensions");
    case Kind::Rights:
        return Text::tr("Rights");
    case Kind::Comments:
        return Text::tr("Comments");
    case Kind::Others:
        break;
    }
    return Text::tr("Others");
}

QList<ArchivedGroup> groupsOf(const ArchiveContents &contents, const Manifest *manifest)
{
    return Grouping(contents, manifest).run();
}

} // namespace Roost

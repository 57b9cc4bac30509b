#include "operations/archivegroups.h"

#include <QTest>

using namespace Roost;

namespace {

using Kind = ArchivedGroup::Kind;

/// As pg_restore lists them: nothing is quoted, and what nobody owns ends in a blank.
ArchiveContents listed(const QStringList &lines)
{
    ArchiveContents contents;
    for (const QString &line : lines) {
        contents.objects += ArchivedObject{int(contents.objects.size()) + 1, line};
    }
    return contents;
}

const ArchivedThing *find(const QList<ArchivedGroup> &groups, Kind kind, const QString &name)
{
    for (const ArchivedGroup &group : groups) {
        for (const ArchivedThing &thing : group.things) {
            if (group.kind == kind && thing.name == name) {
                return &thing;
            }
        }
    }
    return nullptr;
}

} // namespace

class TestArchiveGroups : public QObject
{
    Q_OBJECT

private slots:
    void partsBelongToTheirTable()
    {
        const auto groups =
            groupsOf(listed({"TABLE public birds ada", "TABLE public birds seen ada",
                             "SEQUENCE public birds_id_seq ada", "SEQUENCE OWNED BY public birds_id_seq ada",
                             "DEFAULT public birds id ada", "DEFAULT public birds seen a b ada",
                             "TABLE DATA public birds ada", "SEQUENCE SET public birds_id_seq ada",
                             "CONSTRAINT public birds birds_pkey ada", "TRIGGER nest other t ada"}),
                     nullptr);
        QCOMPARE(find(groups, Kind::Tables, "birds")->entries, (QList<int>{1, 5, 9}));
        QCOMPARE(find(groups, Kind::Tables, "birds seen")->entries, (QList<int>{2, 6}));
        QCOMPARE(find(groups, Kind::Sequences, "birds_id_seq")->entries, (QList<int>{3, 4, 8}));
        QCOMPARE(find(groups, Kind::Constraints, "birds birds_pkey")->entries, (QList<int>{9}));
        QVERIFY(find(groups, Kind::Triggers, "nest.other t")); // of a table that is not in the dump
    }
    void otherKinds()
    {
        const auto groups =
            groupsOf(listed({"EXTENSION - pg_trgm ", "COMMENT - EXTENSION pg_trgm ", "SCHEMA - nest ada",
                             "VIEW public v w ada", "MATERIALIZED VIEW nest totals ada",
                             "MATERIALIZED VIEW DATA nest totals ada", "FUNCTION nest shout() ada",
                             "TYPE public size ada", "INDEX public i x ada", "ACL public TABLE birds ada",
                             "DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES ada", "NEW THING public x ada"}),
                     nullptr);
        QVERIFY(find(groups, Kind::Schemas, "pg_trgm") && find(groups, Kind::Schemas, "nest"));
        QVERIFY(find(groups, Kind::Comments, "EXTENSION pg_trgm"));
        QVERIFY(find(groups, Kind::Views, "v w") && find(groups, Kind::Views, "nest.totals"));
        QVERIFY(find(groups, Kind::Functions, "nest.shout()"));
        QVERIFY(find(groups, Kind::Types, "size") && find(groups, Kind::Indexes, "i x"));
        QVERIFY(find(groups, Kind::Rights, "TABLE birds"));
        QVERIFY(find(groups, Kind::Others, "NEW THING public x")); // of a pg_dump to come
        QCOMPARE(groups.first().kind, Kind::Views);                // in their order, none without content
        QCOMPARE(groups.last().kind, Kind::Others);
    }
    void rowsWithoutTheirTable()
    {
        ArchiveContents contents = listed({"TABLE DATA public birds ada"});
        contents.tables = {{1, {"public", "birds"}}, {2, {"My.Schema", "x"}}};
        Manifest manifest;
        manifest.tables.insert("public.birds", {7, "1"});
        const auto groups = groupsOf(contents, &manifest);
        const ArchivedThing *birds = find(groups, Kind::Tables, "birds");
        QVERIFY(birds && birds->hasRows && birds->entries.isEmpty());
        QCOMPARE(birds->rows, 7);
        const ArchivedThing *other = find(groups, Kind::Tables, "\"My.Schema\".x");
        QVERIFY(other && other->rows == -1);
    }
};

QTEST_GUILESS_MAIN(TestArchiveGroups)
#include "tst_archivegroups.moc"

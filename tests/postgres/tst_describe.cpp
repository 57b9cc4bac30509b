#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "structuresample.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Connection = std::unique_ptr<DatabaseConnection>;
using Sections = QMap<QString, QStringList>;

const QString database = QStringLiteral("structure");

/// What psql's `\d+` prints: cells by the column's heading, and lists or words by the heading below.
struct PsqlTable
{
    QStringList headings;
    QList<QStringList> rows;
    Sections sections;
};

PsqlTable psqlDescribe(const TemporaryCluster &cluster, const TableId &table)
{
    const QString command =
        QStringLiteral("\\pset tuples_only off\n\\pset fieldsep '\x1f'\n\\pset recordsep '\x1e'\n\\d+ ");
    const QString out = cluster.psql(command + table.quoted(), database);
    PsqlTable result;
    const QStringList records = out.split(u'\x1e');
    QString section;
    static const QRegularExpression fact(QStringLiteral("^([A-Z][A-Za-z -]+): (.*)$"),
                                         QRegularExpression::DotMatchesEverythingOption);
    for (qsizetype i = 1; i < records.size(); ++i) {
        const QString &record = records.at(i);
        if (result.headings.isEmpty()) {
            result.headings = record.split(u'\x1f');
        } else if (section.isEmpty() && record.contains(u'\x1f')) {
            result.rows += record.split(u'\x1f');
        } else if (const auto match = fact.match(record); match.hasMatch()) {
            section = match.captured(1);
            result.sections[section] += match.captured(2);
        } else if (!record.startsWith(u' ') && record.endsWith(u':')) {
            section = record.chopped(1);
        } else {
            result.sections[section] += record.trimmed();
        }
    }
    return result;
}

QStringList psqlRow(const ColumnInfo &column, const QStringList &headings)
{
    QString value = column.defaultExpression;
    if (!column.identity.isEmpty()) {
        value = QStringLiteral("generated %1 as identity").arg(column.identity);
    } else if (column.generated) {
        value = QStringLiteral("generated always as (%1) stored").arg(value);
    }
    QString options = column.options.join(QStringLiteral(", "));
    if (!options.isEmpty()) { // psql quotes them
        options = QStringLiteral("(") + QString(options).replace(u"col=it's"_qs, u"col 'it''s'"_qs) + u')';
    }
    const QMap<QString, QString> cells{{u"Column"_qs, column.name},
                                       {u"Type"_qs, column.type},
                                       {u"Collation"_qs, column.collation},
                                       {u"Nullable"_qs, column.notNull ? u"not null"_qs : QString()},
                                       {u"Default"_qs, value},
                                       {u"FDW options"_qs, options},
                                       {u"Storage"_qs, column.storage},
                                       {u"Compression"_qs, column.compression},
                                       {u"Stats target"_qs, column.statisticsTarget},
                                       {u"Description"_qs, column.comment}};
    QStringList row;
    for (const QString &heading : headings) {
        row += cells.value(heading, u"unknown heading "_qs + heading);
    }
    return row;
}

QString psqlIndex(const TableDetail &index, const QList<TableDetail> &keys)
{
    QString line = u'"' + index.name + u'"';
    QString word = index.definition.startsWith(u"CREATE UNIQUE") ? u" UNIQUE,"_qs : QString();
    bool isExclusion = false;
    for (const TableDetail &key : keys) {
        if (key.name == index.name) {
            word = key.definition.startsWith(u"PRIMARY") ? u" PRIMARY KEY,"_qs : u" UNIQUE CONSTRAINT,"_qs;
            isExclusion = key.definition.startsWith(u"EXCLUDE");
            word = isExclusion ? u' ' + key.definition : word;
        }
    }
    line += word;
    if (!isExclusion) {
        line += u' ' + index.definition.mid(index.definition.indexOf(u" USING ") + 7);
        for (const TableDetail &key : keys) {
            line += key.name == index.name && key.definition.contains(u"DEFERRABLE") ? u" DEFERRABLE"_qs : QString();
        }
    }
    for (const auto &[note, psql] : {std::pair(u"clustered", u" CLUSTER"), std::pair(u"invalid", u" INVALID"),
                                     std::pair(u"replica identity", u" REPLICA IDENTITY")}) {
        line += index.note.contains(QStringView(note)) ? QStringView(psql).toString() : QString();
    }
    return line;
}

void addTriggersAndRules(const TableDescription &table, Sections &sections)
{
    for (const TableDetail &trigger : table.triggers) {
        const QString heading = trigger.note.contains(u"disabled")       ? u"Disabled user triggers"_qs
                                : trigger.note.contains(u"always")       ? u"Triggers firing always"_qs
                                : trigger.note.contains(u"replica only") ? u"Triggers firing on replica only"_qs
                                                                         : u"Triggers"_qs;
        const qsizetype parent = trigger.note.indexOf(u"on table ");
        sections[heading] += trigger.definition.mid(trigger.definition.indexOf(u" TRIGGER ") + 9) +
                             (parent < 0 ? QString() : u", ON TABLE "_qs + trigger.note.mid(parent + 9));
    }
    for (const TableDetail &rule : table.rules) {
        sections[rule.note == u"disabled" ? u"Disabled rules"_qs : u"Rules"_qs] += rule.definition.mid(12).chopped(1);
    }
}

void addParts(const TableDescription &table, Sections &sections)
{
    for (const TableDetail &part : table.partitioning) {
        const QString heading = part.name.left(1).toUpper() + part.name.mid(1);
        sections[heading] += part.definition;
    }
    for (const TableDetail &part : table.partitions) {
        const bool isPartition = !part.definition.isEmpty();
        const QString more = part.note == u"partitioned" ? u", PARTITIONED"_qs : QString();
        sections[isPartition ? u"Partitions"_qs : u"Child tables"_qs] +=
            (part.name + u' ' + part.definition).trimmed() + more;
    }
}

/// Names of parents and parts are listed with commas, a line each; policies over several lines.
Sections normalised(Sections sections)
{
    for (QString &heading : sections.keys()) {
        QStringList &lines = sections[heading];
        for (QString &line : lines) {
            line = line.trimmed();
            if (line.endsWith(u',')) {
                line.chop(1);
            }
            if (heading.startsWith(u"Policies")) {
                line.remove(QRegularExpression(QStringLiteral("[\\s\"]")));
            }
        }
        lines.sort();
    }
    return sections;
}

Sections sectionsOf(const TableDescription &table)
{
    Sections sections;
    for (const TableDetail &index : table.indexes) {
        sections[u"Indexes"_qs] += psqlIndex(index, table.keys);
    }
    for (const TableDetail &check : table.checks) {
        sections[u"Check constraints"_qs] += u'"' + check.name + u"\" "_qs + check.definition;
    }
    for (const TableDetail &policy : table.policies) {
        const QString state = table.rowSecurity == u"forced"    ? u"Policies (forced row security enabled)"_qs
                              : table.rowSecurity == u"enabled" ? u"Policies"_qs
                                                                : u"Policies (row security disabled)"_qs;
        sections[state] += u"POLICY "_qs + policy.name + policy.definition;
    }
    for (const TableDetail &statistics : table.statistics) {
        QString body = u'"' + statistics.definition.mid(18);
        body.insert(body.indexOf(statistics.name) + statistics.name.size(), u'"');
        sections[u"Statistics objects"_qs] +=
            body + (statistics.note.isEmpty() ? QString() : u"; STATISTICS "_qs + statistics.note.mid(7));
    }
    addTriggersAndRules(table, sections);
    addParts(table, sections);
    for (const QString &publication : table.publications) {
        sections[u"Publications"_qs] += u'"' + publication + u'"';
    }
    const auto fact = [&sections](const QString &heading, const QString &value) {
        if (!value.isEmpty()) {
            sections[heading] += value;
        }
    };
    fact(u"Options"_qs, table.options.join(u", "));
    fact(u"Access method"_qs, table.accessMethod);
    fact(u"Typed table of type"_qs, table.ofType);
    fact(u"Server"_qs, table.server);
    fact(u"Replica Identity"_qs, table.replicaIdentity == u"index" ? QString() : table.replicaIdentity.toUpper());
    fact(u"View definition"_qs, table.viewDefinition.trimmed());
    return sections;
}

} // namespace

class TestDescribe : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void saysWhatPsqlSays_data();
    void saysWhatPsqlSays();
    void foreignKeysBothWays();
    void linksOfPartitions();
    void knowsWhatEditingNeeds();
    void knowsRights();
    void knowsUpdatableViews();
    void sizesAddUp();
    void locksAreNotWaitedFor();
    void isOneRoundTrip();

private:
    Connection open(const ConnectionSpec &spec)
    {
        Result<Connection> connection = DatabaseConnection::open(spec);
        if (!connection) {
            qFatal("%s %s", qPrintable(connection.error().message), qPrintable(connection.error().detail));
        }
        return std::move(*connection);
    }
    TableDescription describe(const QString &name, const QString &schema = QStringLiteral("public"))
    {
        const auto description = CatalogReader::describe(*m_connection, {schema, name});
        if (!description) {
            qFatal("%s %s", qPrintable(description.error().message), qPrintable(description.error().detail));
        }
        return *description;
    }

    TemporaryCluster m_cluster;
    Connection m_connection; ///< as the superuser, who owns all of it
};

void TestDescribe::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    QVERIFY(m_cluster.createDatabase(database));
    m_cluster.psql(structureRoles() + structureSample(), database);
    m_connection = open(m_cluster.superuser(database));
}

void TestDescribe::saysWhatPsqlSays_data()
{
    QTest::addColumn<TableId>("table");
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    for (const RelationInfo &relation : *relations) {
        if (relation.kind != RelationKind::Sequence) {
            QTest::newRow(qPrintable(relation.id.name)) << relation.id;
        }
    }
}

void TestDescribe::saysWhatPsqlSays()
{
    QFETCH(TableId, table);
    const TableDescription ours = describe(table.name, table.schema);
    const PsqlTable theirs = psqlDescribe(m_cluster, table);
    QList<QStringList> rows;
    for (const ColumnInfo &column : ours.columns) {
        rows += psqlRow(column, theirs.headings);
    }
    QCOMPARE(rows, theirs.rows);
    Sections expected = normalised(theirs.sections);
    Sections found = normalised(sectionsOf(ours));
    // A partition's psql shows the keys of what it is a part of; those are compared by name and ends elsewhere.
    const bool isPartition = expected.contains(QStringLiteral("Partition of"));
    if (!isPartition) {
        for (const TableDetail &key : ours.foreignKeys) {
            found[u"Foreign-key constraints"_qs] += u'"' + key.name + u"\" "_qs + key.definition;
        }
        for (const TableDetail &key : ours.referencedBy) {
            const qsizetype end = key.definition.indexOf(u" FOREIGN KEY");
            found[u"Referenced by"_qs] += u"TABLE \""_qs + key.definition.mid(6, end - 6) + u"\" CONSTRAINT \""_qs +
                                          key.name + u'"' + key.definition.mid(end);
        }
        found = normalised(found);
    } else {
        QCOMPARE(expected.take(u"Foreign-key constraints"_qs).size(), ours.foreignKeys.size());
        QCOMPARE(expected.take(u"Referenced by"_qs).size(), ours.referencedBy.size());
    }
    if (!ours.serverOptions.isEmpty()) {
        QCOMPARE(expected.take(u"FDW options"_qs), QStringList{u"(tab 'odd \"one\"', other '')"_qs});
        QCOMPARE(ours.serverOptions, (QStringList{u"tab=odd \"one\""_qs, u"other="_qs}));
    }
    for (const QString &heading : expected.keys() + found.keys()) {
        QCOMPARE(found.value(heading), expected.value(heading));
    }
}

void TestDescribe::foreignKeysBothWays()
{
    const TableDescription birds = describe(QStringLiteral("birds"));
    const TableId birdsId{QStringLiteral("public"), QStringLiteral("birds")};
    const TableId speciesId{QStringLiteral("public"), QStringLiteral("species")};
    const ForeignKey mother{u"mother of"_qs, birdsId, {u"mother"_qs}, birdsId, {u"id"_qs}};
    const ForeignKey species{u"birds_species_id_fkey"_qs, birdsId, {u"species_id"_qs}, speciesId, {u"id"_qs}};
    QCOMPARE(birds.links.size(), 3);
    QCOMPARE(birds.links.at(0), species);
    QCOMPARE(birds.links.at(2), mother);
    QCOMPARE(birds.incomingLinks, QList<ForeignKey>{mother}); // its own too
    QCOMPARE(birds.foreignKeys.at(2).table, birdsId);
    QCOMPARE(birds.foreignKeys.at(2).comment, QStringLiteral("who laid the egg"));
    // In the order of the key, not of the columns; in another schema.
    const TableDescription refers = describe(QStringLiteral("refers"), QStringLiteral("App Schema"));
    QCOMPARE(refers.incomingLinks.size(), 1);
    QCOMPARE(refers.incomingLinks.at(0).from.name, QStringLiteral("two_columns"));
    QCOMPARE(refers.incomingLinks.at(0).columns, (QStringList{u"y"_qs, u"x"_qs}));
    QCOMPARE(refers.incomingLinks.at(0).toColumns, (QStringList{u"b"_qs, u"a"_qs}));
    QCOMPARE(refers.links.at(0).to, (TableId{u"App Schema"_qs, u"Select \"from\""_qs}));
}

void TestDescribe::linksOfPartitions()
{
    // parts refers to species, of_parts to parts: each once, though every partition has its copies.
    const TableDescription species = describe(QStringLiteral("species"));
    QStringList from;
    for (const ForeignKey &key : species.incomingLinks) {
        from += key.from.name;
    }
    from.sort();
    QCOMPARE(from, (QStringList{u"birds"_qs, u"birds"_qs, u"parts"_qs}));
    const TableDescription ofParts = describe(QStringLiteral("of_parts"));
    QCOMPARE(ofParts.links.size(), 1);
    QCOMPARE(ofParts.links.at(0).to.name, QStringLiteral("parts"));
    for (const QString &name : {u"parts"_qs, u"parts_old"_qs, u"parts_new"_qs, u"parts_new_one"_qs}) {
        const TableDescription part = describe(name);
        QCOMPARE(part.links.size(), 1);
        QCOMPARE(part.links.at(0).from.name, name);
        QCOMPARE(part.links.at(0).to.name, QStringLiteral("species"));
        QCOMPARE(part.incomingLinks.size(), 1);
        QCOMPARE(part.incomingLinks.at(0).from.name, QStringLiteral("of_parts"));
        QCOMPARE(part.incomingLinks.at(0).to.name, name);
    }
    const TableDescription parts = describe(QStringLiteral("parts"));
    QCOMPARE(parts.partitions.size(), 3);
    QCOMPARE(parts.partitions.at(0).table, (TableId{u"public"_qs, u"parts_new"_qs}));
    QCOMPARE(parts.partitions.at(2).definition, QStringLiteral("DEFAULT")); // the last one
    QVERIFY(parts.relation.sizeBytes > 0);
    QCOMPARE(describe(QStringLiteral("parent")).partitions.at(0).table.name, QStringLiteral("child"));
}

void TestDescribe::knowsWhatEditingNeeds()
{
    const TableDescription birds = describe(QStringLiteral("birds"));
    const auto column = [&birds](const QString &name) {
        for (const ColumnInfo &one : birds.columns) {
            if (one.name == name) {
                return one;
            }
        }
        return ColumnInfo{};
    };
    QCOMPARE(column(u"id"_qs).typeOid, 23U);
    QVERIFY(!column(u"id"_qs).isEditable); // identity always
    QVERIFY(column(u"other"_qs).isEditable);
    QVERIFY(!column(u"doubled"_qs).isEditable); // computed
    QVERIFY(column(u"name"_qs).isEditable);
    const QStringList labels{u"sad"_qs, u"so so"_qs, u"it's fine"_qs, u"Glück"_qs};
    QCOMPARE(column(u"now_feels"_qs).enumLabels, labels);
    QCOMPARE(column(u"now_feels"_qs).domain, QString());
    QCOMPARE(column(u"tag"_qs).type, QStringLiteral("shorter"));
    QCOMPARE(column(u"tag"_qs).domain, QStringLiteral("character varying(20)"));
    QCOMPARE(column(u"tag"_qs).maxLength, 20);
    QCOMPARE(column(u"weight"_qs).maxLength, -1);
    const TableDescription species = describe(QStringLiteral("species"));
    QCOMPARE(species.columns.at(1).maxLength, 160);
    QCOMPARE(species.columns.at(2).maxLength, 3);
    QCOMPARE(species.keys.size(), 2);
    QCOMPARE(species.keys.at(0).definition, QStringLiteral("PRIMARY KEY (id)"));
    m_cluster.psql(QStringLiteral("CREATE TABLE felt (f feeling, s shorter[])"), database);
    const TableDescription felt = describe(QStringLiteral("felt"));
    QCOMPARE(felt.columns.at(0).domain, QStringLiteral("mood"));
    QCOMPARE(felt.columns.at(0).enumLabels, labels);
    QCOMPARE(felt.columns.at(1).maxLength, -1); // of the elements, not of the value
    QCOMPARE(describe(QStringLiteral("fast")).persistence, QStringLiteral("unlogged"));
    m_cluster.psql(QStringLiteral("DROP TABLE felt"), database);
}

void TestDescribe::knowsRights()
{
    m_cluster.psql(QStringLiteral("ALTER ROLE reader LOGIN PASSWORD 'reader-password'"), database);
    ConnectionSpec spec = m_cluster.spec(database);
    spec.parameters.user = QStringLiteral("reader");
    spec.password = Secret(QStringLiteral("reader-password"));
    const Connection reader = open(spec);
    const auto granted = CatalogReader::describe(*reader, {u"public"_qs, u"granted"_qs});
    QVERIFY2(granted, granted ? "" : qPrintable(granted.error().detail));
    QVERIFY(granted->mayInsert);
    QVERIFY(granted->mayUpdate); // of one column
    QVERIFY(!granted->mayDelete);
    QVERIFY(granted->columns.at(0).isEditable);
    QVERIFY(!granted->columns.at(1).isEditable);
    // Every relation can be described without a right to anything.
    const auto relations = CatalogReader::relations(*reader);
    QVERIFY(relations);
    for (const RelationInfo &relation : *relations) {
        const auto described = CatalogReader::describe(*reader, relation.id);
        QVERIFY2(described, qPrintable(relation.id.name));
        if (relation.id.schema == u"App Schema") { // no USAGE
            QVERIFY(!described->mayInsert && !described->mayUpdate && !described->mayDelete);
        }
    }
    const TableDescription all = describe(QStringLiteral("birds"));
    QVERIFY(all.mayInsert && all.mayUpdate && all.mayDelete);
    const TableDescription frozen = describe(QStringLiteral("frozen"));
    QVERIFY(!frozen.mayInsert && !frozen.mayUpdate && !frozen.mayDelete);
}

void TestDescribe::knowsUpdatableViews()
{
    const TableDescription light = describe(QStringLiteral("light"));
    QVERIFY(light.isUpdatableView && light.mayInsert && light.mayUpdate && light.mayDelete);
    const TableDescription heavy = describe(QStringLiteral("heavy"));
    QVERIFY(!heavy.isUpdatableView && !heavy.mayInsert && !heavy.mayUpdate);
    const TableDescription joined = describe(QStringLiteral("joined")); // by its trigger
    QVERIFY(joined.isUpdatableView && joined.mayInsert && !joined.mayUpdate && !joined.mayDelete);
}

void TestDescribe::sizesAddUp()
{
    m_cluster.psql(QStringLiteral("CREATE TABLE big AS SELECT g AS id, repeat(md5(g::text), 200) AS t "
                                  "FROM generate_series(1, 300) g;\n"
                                  "ALTER TABLE big ALTER t SET STORAGE EXTERNAL; UPDATE big SET t = t || 'x';\n"
                                  "CREATE INDEX ON big (id)"),
                   database);
    const TableDescription big = describe(QStringLiteral("big"));
    QVERIFY(big.tableBytes > 0 && big.indexBytes > 0 && big.toastBytes > 1000000);
    QCOMPARE(big.tableBytes + big.indexBytes + big.toastBytes, big.relation.sizeBytes);
    QCOMPARE(QString::number(big.indexBytes),
             m_cluster.psql(QStringLiteral("SELECT pg_indexes_size('big')"), database));
    QCOMPARE(describe(QStringLiteral("heavy")).tableBytes, -1);
    m_cluster.psql(QStringLiteral("DROP TABLE big"), database);
}

void TestDescribe::locksAreNotWaitedFor()
{
    const Connection other = open(m_cluster.superuser(database));
    QVERIFY(other->execute(QStringLiteral("BEGIN")));
    QVERIFY(other->execute(QStringLiteral("LOCK TABLE plain, parts, species IN ACCESS EXCLUSIVE MODE")));
    QElapsedTimer timer;
    timer.start();
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    int locked = 0;
    for (const RelationInfo &relation : *relations) {
        const TableDescription one = describe(relation.id.name, relation.id.schema);
        locked += one.isLocked ? 1 : 0;
        QCOMPARE(one.columns.isEmpty(), relation.id.name == u"no_columns"); // columns are known at any rate
    }
    // They and what is made from them: views over plain and species, a policy that looks into plain, partitions.
    QVERIFY2(locked >= 9, qPrintable(QString::number(locked)));
    QVERIFY(describe(QStringLiteral("light")).isLocked);
    QVERIFY(describe(QStringLiteral("guarded")).isLocked);
    QVERIFY(describe(QStringLiteral("parts_new_one")).isLocked);
    QVERIFY(!describe(QStringLiteral("granted")).isLocked);
    QVERIFY2(timer.elapsed() < 4000, "waited for a lock"); // the lock timeout of a connection is 5 s
    QVERIFY(other->execute(QStringLiteral("ROLLBACK")));
    QVERIFY(!describe(QStringLiteral("light")).isLocked);
}

void TestDescribe::isOneRoundTrip()
{
    ConnectionSpec spec = m_cluster.spec(database);
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const Connection connection = open(spec);
    for (const QString &name : {u"birds"_qs, u"heavy"_qs, u"parts"_qs}) {
        proxy.resetCount();
        QVERIFY(CatalogReader::describe(*connection, {u"public"_qs, name}));
        QCOMPARE(proxy.roundTrips(), 1);
    }
}

QTEST_GUILESS_MAIN(TestDescribe)
#include "tst_describe.moc"

// Values of every type are changed and come back exactly; what the server refuses is shown at the right column.

#include "changetargets.h"
#include "support/temporarycluster.h"
#include "support/typevalues.h"

using namespace Roost;
using namespace Roost::Testing;

class TestChangeValues : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void everyTypeIsEdited_data();
    void everyTypeIsEdited();
    void everyTypeInTheScript_data() { everyTypeIsEdited_data(); }
    void everyTypeInTheScript();
    void whatPrintsDifferentlyIsAnotherValue_data();
    void whatPrintsDifferentlyIsAnotherValue();
    void refusalsNameTheColumn_data();
    void refusalsNameTheColumn();
    void refusedBeforeItIsSent();
    void shortenedValues();

private:
    void execute(const QString &sql);
    Result<ApplyOutcome> apply(const ChangeTarget &target, const RowChange &change)
    {
        return applyChanges(*m_connection, target, {change});
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    ChangeTarget m_kinds;   ///< a column for each of the values
    CellValues m_values;    ///< of its row 1
    ChangeTarget m_pickies; ///< what has many constraints
};

void TestChangeValues::execute(const QString &sql)
{
    const auto done = m_connection->execute(sql);
    QVERIFY2(done, qPrintable(done ? QString() : done.error().detail + sql));
}

void TestChangeValues::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    const ConnectionSpec spec = m_cluster.spec();
    m_cluster.psql(QStringLiteral("CREATE EXTENSION citext"), QStringLiteral("test"));
    auto connection = DatabaseConnection::open(spec);
    QVERIFY2(connection, qPrintable(connection ? QString() : connection.error().message));
    m_connection = std::move(*connection);
    for (const char *sql : valueTypes) {
        execute(QLatin1String(sql));
    }
    QStringList columns;
    QStringList expressions;
    for (size_t i = 0; i < std::size(values); ++i) {
        columns += QStringLiteral("c%1 %2").arg(i).arg(QLatin1String(values[i].type));
        expressions += QString::fromUtf8(values[i].expression);
    }
    execute(QStringLiteral("CREATE TABLE kinds (id integer PRIMARY KEY, %1)").arg(columns.join(u',')));
    execute(QStringLiteral("INSERT INTO kinds VALUES (1, %1)").arg(expressions.join(u',')));
    m_kinds = targetOf(*m_connection, QStringLiteral("kinds"));
    QCOMPARE(m_kinds.columns.size(), qsizetype(std::size(values)) + 1);
    m_values = rowsOf(*m_connection, QStringLiteral("SELECT * FROM kinds")).value(QStringLiteral("1"));

    execute(QStringLiteral("CREATE DOMAIN short AS character varying(3)"));
    execute(QStringLiteral("CREATE TABLE parents (id integer PRIMARY KEY)"));
    execute(QStringLiteral("INSERT INTO parents VALUES (1)"));
    execute(QStringLiteral(
        "CREATE TABLE pickies (id integer PRIMARY KEY, code varchar(3) UNIQUE, fixed char(2), price numeric(4,1), "
        "count smallint CHECK (count < 100), mood mood, amount posint, named text NOT NULL DEFAULT 'x', doc jsonb, "
        "born date, tags text[], bits bit(3), place addr, s short, low int, high int, parent int REFERENCES parents, "
        "twice int GENERATED ALWAYS AS (low * 2) STORED, serial int GENERATED ALWAYS AS IDENTITY, "
        "CONSTRAINT in_order CHECK (low <= high), UNIQUE (low, high))"));
    execute(QStringLiteral("CREATE UNIQUE INDEX folded ON pickies (lower(code))"));
    execute(QStringLiteral("INSERT INTO pickies (id, code, low, high) VALUES (1, 'a', 1, 2), (2, 'b', 3, 4)"));
    m_pickies = targetOf(*m_connection, QStringLiteral("pickies"));
    QCOMPARE(m_pickies.readOnlyColumns.size(), 2);
}

void TestChangeValues::cleanupTestCase()
{
    m_connection.reset();
}

void TestChangeValues::everyTypeIsEdited_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(std::size(values)); ++i) {
        QTest::newRow(values[i].name) << i;
    }
}

/// From NULL to the value, which must come back as it was; its old value is known again in a further edit and in a
/// deletion, and it goes in with a new row.
void TestChangeValues::everyTypeIsEdited()
{
    QFETCH(int, index);
    const QString column = QStringLiteral("c%1").arg(index);
    const CellValue value = m_values.value(column);
    const RowKey key = {QStringLiteral("2")};
    execute(QStringLiteral("DELETE FROM kinds WHERE id = 2"));

    auto outcome = apply(m_kinds, insert({{QStringLiteral("id"), QStringLiteral("2")}, {column, value}}));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.constFirst().value(column), value);
    if (value) {
        outcome = apply(m_kinds, update(key, {{column, value}}, {{column, std::nullopt}}));
        QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
        QCOMPARE(outcome->stored.constFirst().value(column), CellValue());
        // What is there is not what was read any more.
        outcome = apply(m_kinds, update(key, {{column, value}}, {{column, value}}));
        QVERIFY2(isConflict(outcome, ChangeConflict::Kind::Changed), qPrintable(wordsOf(outcome)));
        outcome = apply(m_kinds, update(key, {{column, std::nullopt}}, {{column, value}}));
        QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
        QCOMPARE(outcome->stored.constFirst().value(column), value);
        outcome = apply(m_kinds, update(key, {{column, std::nullopt}}, {{column, std::nullopt}}));
        QVERIFY2(isConflict(outcome, ChangeConflict::Kind::Changed), qPrintable(wordsOf(outcome)));
        QCOMPARE(outcome->conflicts.constFirst().theirs.value(column), value);
    }
    const QString read = QStringLiteral("SELECT * FROM kinds WHERE id = 2");
    const CellValues all = rowsOf(*m_connection, read).value(QStringLiteral("2"));
    QCOMPARE(all.value(column), value);
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT a.%1::text IS NOT DISTINCT FROM b.%1::text FROM kinds a, kinds b "
                                           "WHERE a.id = 1 AND b.id = 2")
                                .arg(column),
                            QStringLiteral("test")),
             QStringLiteral("t"));
    outcome = apply(m_kinds, remove(key, all));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QVERIFY(rowsOf(*m_connection, read).isEmpty());
}

/// The script that is shown does the same when psql runs it.
void TestChangeValues::everyTypeInTheScript()
{
    QFETCH(int, index);
    const QString column = QStringLiteral("c%1").arg(index);
    const CellValue value = m_values.value(column);
    const RowKey key = {QStringLiteral("3")};
    execute(QStringLiteral("DELETE FROM kinds WHERE id IN (2, 3)"));
    const CellValues two = {{QStringLiteral("id"), QStringLiteral("2")}, {column, value}};
    CellValues three = two;
    three[QStringLiteral("id")] = QStringLiteral("3");
    m_cluster.psql(previewSql(m_kinds, {insert(two), insert(three)}), QStringLiteral("test"));
    m_cluster.psql(previewSql(m_kinds, {update(key, {{column, value}}, {{column, std::nullopt}})}),
                   QStringLiteral("test"));
    QCOMPARE(rowsOf(*m_connection, QStringLiteral("SELECT * FROM kinds")).value(QStringLiteral("3")).value(column),
             CellValue());
    m_cluster.psql(previewSql(m_kinds, {update(key, {{column, std::nullopt}}, {{column, value}})}),
                   QStringLiteral("test"));
    const CellValues all = rowsOf(*m_connection, QStringLiteral("SELECT * FROM kinds")).value(QStringLiteral("3"));
    QCOMPARE(all.value(column), value);
    m_cluster.psql(previewSql(m_kinds, {remove(key, all)}), QStringLiteral("test"));
    const auto rows = rowsOf(*m_connection, QStringLiteral("SELECT * FROM kinds"));
    QVERIFY(!rows.contains(QStringLiteral("3")));
    QCOMPARE(rows.value(QStringLiteral("2")).value(column), value);
}

void TestChangeValues::whatPrintsDifferentlyIsAnotherValue_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("read");
    QTest::addColumn<QString>("theirs");
    const auto row = [](const char *name, const char *type, const char *read, const char *theirs) {
        QTest::newRow(name) << QString::fromUtf8(type) << QString::fromUtf8(read) << QString::fromUtf8(theirs);
    };
    row("scale", "numeric", "1.0", "1.00");
    row("minus zero", "float8", "0", "-0");
    row("month", "interval", "1 mon", "30 days");
    row("json number", "jsonb", "{\"a\": 1.0}", "{\"a\": 1.00}");
    row("json blanks", "json", "{\"a\":1}", "{\"a\": 1}");
    row("array of numerics", "numeric[]", "{1.0}", "{1.00}");
    row("array bounds", "int[]", "{1}", "[2:2]={1}");
    row("range of numerics", "numrange", "[1.0,2)", "[1.00,2)");
    row("case, in a collation that does not see it", "text COLLATE public.folding", "a", "A");
    row("citext", "citext", "a", "A");
    row("array of citext", "citext[]", "{a}", "{A}");
    row("domain", "public.price", "1.0", "1.00");
    row("composite", "public.pair", "(1.0,a)", "(1.00,a)");
    row("composite of nulls and null", "public.pair", "", "(,)");
    row("blanks at the end", "bpchar", "a", "a ");
    row("case, fixed width", "character(3) COLLATE public.folding", "a  ", "A  ");
    row("xml declaration", "xml", "<a/>", "<a></a>");
    row("bits", "bit varying", "01", "010");
    row("empty and null", "text", "", "NULL");
}

void TestChangeValues::whatPrintsDifferentlyIsAnotherValue()
{
    QFETCH(QString, type);
    QFETCH(QString, read);
    QFETCH(QString, theirs);
    static bool isMade = false;
    if (!std::exchange(isMade, true)) {
        execute(QStringLiteral("CREATE COLLATION public.folding (provider = icu, locale = 'und-u-ks-level2', "
                               "deterministic = false)"));
        execute(QStringLiteral("CREATE DOMAIN public.price AS numeric"));
        execute(QStringLiteral("CREATE TYPE public.pair AS (n numeric, t text)"));
    }
    const CellValue before = QTest::currentDataTag() == QByteArray("composite of nulls and null") ? CellValue() : read;
    const CellValue now = theirs == QLatin1String("NULL") ? CellValue() : theirs;
    execute(QStringLiteral("DROP TABLE IF EXISTS likes"));
    execute(QStringLiteral("CREATE TABLE likes (id int PRIMARY KEY, v %1)").arg(type));
    const ChangeTarget target = targetOf(*m_connection, QStringLiteral("likes"));
    const QString v = QStringLiteral("v");
    const RowKey key = {QStringLiteral("1")};
    auto outcome = apply(target, insert({{QStringLiteral("id"), key.constFirst()}, {v, before}}));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.constFirst().value(v), before);
    // That it has not changed is seen …
    outcome = apply(target, update(key, {{v, before}}, {{v, now}}));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.constFirst().value(v), now);
    // … and that it has, too.
    outcome = apply(target, update(key, {{v, before}}, {{v, std::nullopt}}));
    QVERIFY2(isConflict(outcome, ChangeConflict::Kind::Changed), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->conflicts.constFirst().theirs.value(v), now);
    outcome = apply(target, remove(key, {{QStringLiteral("id"), key.constFirst()}, {v, before}}));
    QVERIFY2(isConflict(outcome, ChangeConflict::Kind::Changed), qPrintable(wordsOf(outcome)));
}

void TestChangeValues::refusalsNameTheColumn_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<CellValue>("value");
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QStringList>("columns");
    const auto row = [](const char *name, const char *column, const CellValue &value, const char *state,
                        const QStringList &columns = {}) {
        const QString place = QString::fromUtf8(column);
        QTest::newRow(name) << place << value << QByteArray(state)
                            << (columns.isEmpty() ? QStringList{place} : columns);
    };
    const auto text = [](const char *value) { return CellValue(QString::fromUtf8(value)); };
    row("too long", "code", text("abcd"), "22001");
    row("too long, fixed", "fixed", text("abc"), "22001");
    row("too long, domain", "s", text("abcd"), "22001");
    row("too large", "price", text("1234.5"), "22003");
    row("out of range", "count", text("40000"), "22003");
    row("check", "count", text("100"), "23514");
    row("no such label", "mood", text("angry"), "22P02");
    row("domain's check", "amount", text("-1"), "23514");
    row("not null", "named", std::nullopt, "23502");
    row("bad json", "doc", text("{"), "22P02");
    row("bad date", "born", text("2026-02-30"), "22008");
    row("bad array", "tags", text("{a"), "22P02");
    row("bits", "bits", text("1011"), "22026");
    row("composite", "place", text("(a"), "22P02");
    row("check of two columns", "low", text("9"), "23514", {QStringLiteral("low"), QStringLiteral("high")});
    row("unique", "code", text("b"), "23505");
    row("primary key", "id", text("2"), "23505");
    row("foreign key", "parent", text("7"), "23503");
}

void TestChangeValues::refusalsNameTheColumn()
{
    QFETCH(QString, column);
    QFETCH(CellValue, value);
    QFETCH(QByteArray, state);
    QFETCH(QStringList, columns);
    const QString all = QStringLiteral("SELECT * FROM pickies");
    const auto before = rowsOf(*m_connection, all);
    const CellValues row = before.value(QStringLiteral("1"));
    // A harmless change before it and another one in the same row: both are rolled back, neither is blamed.
    const QString doc = column == QLatin1String("doc") ? QStringLiteral("born") : QStringLiteral("doc");
    const CellValue harmless = column == QLatin1String("doc") ? QStringLiteral("2026-01-01") : QStringLiteral("{}");
    const RowChange other = update({QStringLiteral("2")}, {{doc, std::nullopt}}, {{doc, harmless}});
    const RowChange wrong = update({QStringLiteral("1")}, {{doc, std::nullopt}, {column, row.value(column)}},
                                   {{doc, harmless}, {column, value}});
    auto outcome = applyChanges(*m_connection, m_pickies, {other, wrong});
    QVERIFY2(outcome && outcome->state == ApplyOutcome::State::Refused, qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->error.sqlState, state);
    QCOMPARE(outcome->refusal->column, column);
    QCOMPARE(outcome->refusal->columns, columns);
    QVERIFY(outcome->refusal->change == wrong);
    QVERIFY(rowsOf(*m_connection, all) == before);

    // The same in a new row.
    CellValues fresh = {{QStringLiteral("id"), QStringLiteral("9")}, {QStringLiteral("high"), QStringLiteral("0")}};
    fresh[column] = value;
    outcome = applyChanges(*m_connection, m_pickies, {other, insert(fresh)});
    QVERIFY2(outcome && outcome->state == ApplyOutcome::State::Refused, qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->error.sqlState, state);
    QCOMPARE(outcome->refusal->column, column);
    QCOMPARE(outcome->refusal->change.kind, RowChange::Kind::Insert);
    QVERIFY(rowsOf(*m_connection, all) == before);
}

void TestChangeValues::refusedBeforeItIsSent()
{
    const QString code = QStringLiteral("code");
    const auto refusedText = [&](const QString &text) {
        const auto outcome = apply(m_pickies, update({QStringLiteral("1")}, {{code, std::nullopt}}, {{code, text}}));
        return outcome && outcome->state == ApplyOutcome::State::Refused && outcome->refusal->column == code &&
               outcome->refusal->error.code == ErrorCode::InvalidInput && outcome->refusal->error.sqlState.isEmpty();
    };
    QVERIFY(refusedText(QStringLiteral("a") + QChar(u'\0')));
    QVERIFY(refusedText(QString(QChar(0xd800))));
    const QString twice = QStringLiteral("twice");
    auto outcome = apply(m_pickies, update({QStringLiteral("1")}, {{twice, QStringLiteral("2")}}, {{twice, code}}));
    QVERIFY2(outcome && outcome->state == ApplyOutcome::State::Refused, qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, twice);
    // A copy of a row has values there, which the server makes anew.
    outcome = apply(m_pickies, insert({{QStringLiteral("id"), QStringLiteral("5")},
                                       {QStringLiteral("low"), QStringLiteral("4")},
                                       {twice, QStringLiteral("2")},
                                       {QStringLiteral("serial"), QStringLiteral("1")}}));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.constFirst().value(twice), CellValue(QStringLiteral("8")));
    QVERIFY(outcome->stored.constFirst().value(QStringLiteral("serial")) != CellValue(QStringLiteral("1")));
    QCOMPARE(outcome->stored.constFirst().value(QStringLiteral("named")), CellValue(QStringLiteral("x")));
    // A key of another length names nothing.
    outcome = apply(m_pickies, remove({}, {}));
    QVERIFY2(outcome && outcome->state == ApplyOutcome::State::Refused, qPrintable(wordsOf(outcome)));
}

/// Of a value that came shortened, as much is compared as was read.
void TestChangeValues::shortenedValues()
{
    execute(QStringLiteral("CREATE TABLE longs (id int PRIMARY KEY, t text, b bytea, j jsonb, a text[])"));
    execute(QStringLiteral("INSERT INTO longs VALUES (1, repeat('🐦ab', 10000), decode(repeat('00ff', 9000), 'hex'), "
                           "jsonb_build_object('a', repeat('x', 9000)), array_fill('é'::text, ARRAY[5000]))"));
    const ChangeTarget target = targetOf(*m_connection, QStringLiteral("longs"));
    const RowKey key = {QStringLiteral("1")};
    const CellValues whole = rowsOf(*m_connection, QStringLiteral("SELECT * FROM longs")).first();
    const CellValues sizes = rowsOf(*m_connection, QStringLiteral("SELECT octet_length(t) AS t, octet_length(b) AS b, "
                                                                  "pg_column_size(j) AS j, pg_column_size(a) AS a "
                                                                  "FROM longs"))
                                 .first();
    const QSet<QString> shortened = {QStringLiteral("t"), QStringLiteral("b"), QStringLiteral("j"),
                                     QStringLiteral("a")};
    CellValues beginning = whole;
    for (const QString &column : shortened) {
        beginning[column] = whole.value(column)->left(600);
    }
    for (const QString &column : shortened) {
        RowChange change = update(key, {{column, beginning.value(column)}}, {{column, std::nullopt}});
        change.shortened = {column};
        auto outcome = apply(target, change);
        QVERIFY2(isApplied(outcome), qPrintable(column + wordsOf(outcome)));
        outcome = apply(target, change);
        QVERIFY2(isConflict(outcome, ChangeConflict::Kind::Changed), qPrintable(column + wordsOf(outcome)));
        outcome = apply(target, update(key, {{column, std::nullopt}}, {{column, whole.value(column)}}));
        QVERIFY2(isApplied(outcome), qPrintable(column + wordsOf(outcome)));
        const qint64 bytes = sizes.value(column)->toLongLong();
        change.storedBytes = {{column, bytes + 1}};
        outcome = apply(target, change);
        QVERIFY2(isConflict(outcome, ChangeConflict::Kind::Changed), qPrintable(column + wordsOf(outcome)));
        change.storedBytes = {{column, bytes}};
        outcome = apply(target, change);
        QVERIFY2(isApplied(outcome), qPrintable(column + wordsOf(outcome)));
        outcome = apply(target, update(key, {{column, std::nullopt}}, {{column, whole.value(column)}}));
        QVERIFY2(isApplied(outcome), qPrintable(column + wordsOf(outcome)));
        change.before[column] = u'-' + *beginning.value(column);
        outcome = apply(target, change);
        QVERIFY2(isConflict(outcome, ChangeConflict::Kind::Changed), qPrintable(column + wordsOf(outcome)));
        QCOMPARE(outcome->conflicts.constFirst().theirs, whole);
    }
    RowChange removal = remove(key, beginning);
    removal.shortened = shortened;
    m_cluster.psql(previewSql(target, {removal}), QStringLiteral("test"));
    QVERIFY(rowsOf(*m_connection, QStringLiteral("SELECT * FROM longs")).isEmpty());
}

QTEST_GUILESS_MAIN(TestChangeValues)
#include "tst_changevalues.moc"

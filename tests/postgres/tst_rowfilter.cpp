#include "postgres/rowfilter.h"

#include <QTest>

using namespace Roost;
using Operator = FilterCondition::Operator;

Q_DECLARE_METATYPE(Roost::FilterCondition::Operator)

/// What is typed into the filter row and the WHERE box, without a server.
class TestRowFilter : public QObject
{
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void comesBack_data();
    void comesBack();
    void hostileWhere_data();
    void hostileWhere();
    void honestWhere_data();
    void honestWhere();
    void saysWhere();
    void takesHugeText();

private:
    static RowColumn column(const QString &kind)
    {
        static const QHash<QString, std::pair<unsigned, char>> kinds{
            {QStringLiteral("int"), {23, 'N'}},    {QStringLiteral("numeric"), {1700, 'N'}},
            {QStringLiteral("text"), {25, 'S'}},   {QStringLiteral("date"), {1082, 'D'}},
            {QStringLiteral("bool"), {16, 'B'}},   {QStringLiteral("uuid"), {2950, 'U'}},
            {QStringLiteral("mood"), {90000, 'E'}}};
        RowColumn column;
        column.name = QStringLiteral("c");
        column.type = column.castType = kind;
        column.baseOid = column.typeOid = kinds.value(kind).first;
        column.category = kinds.value(kind).second;
        return column;
    }
};

void TestRowFilter::parses_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<Operator>("op");
    QTest::addColumn<QStringList>("values");
    const auto row = [](const char *kind, const char *typed, Operator op, const QStringList &values = {}) {
        QTest::addRow("%s: %s", kind, typed) << QString::fromUtf8(kind) << QString::fromUtf8(typed) << op << values;
    };
    const auto list = [](std::initializer_list<const char *> texts) {
        QStringList values;
        for (const char *text : texts) {
            values += QString::fromUtf8(text);
        }
        return values;
    };
    row("int", "= 3", Operator::Equal, list({"3"}));
    row("int", "=3", Operator::Equal, list({"3"}));
    row("int", " == 3 ", Operator::Equal, list({"3"}));
    row("int", "3", Operator::Equal, list({"3"}));
    row("int", "-3", Operator::Equal, list({"-3"}));
    row("int", "<> 3", Operator::NotEqual, list({"3"}));
    row("int", "!=3", Operator::NotEqual, list({"3"}));
    row("int", "< 10", Operator::Less, list({"10"}));
    row("int", "<=10", Operator::LessOrEqual, list({"10"}));
    row("int", ">10", Operator::Greater, list({"10"}));
    row("int", ">= 10", Operator::GreaterOrEqual, list({"10"}));
    row("int", "1..10", Operator::Between, list({"1", "10"}));
    row("int", "1 .. 10", Operator::Between, list({"1", "10"}));
    row("int", "5..", Operator::GreaterOrEqual, list({"5"}));
    row("int", "..5", Operator::LessOrEqual, list({"5"}));
    row("int", "between 1 and 10", Operator::Between, list({"1", "10"}));
    row("int", "in (1, 2,3)", Operator::In, list({"1", "2", "3"}));
    row("int", "IN 1,2", Operator::In, list({"1", "2"}));
    row("int", "contains 12", Operator::Contains, list({"12"}));
    row("numeric", "> .5", Operator::Greater, list({".5"}));
    row("numeric", "1.5...7", Operator::Between, list({"1.5", ".7"}));
    row("numeric", "NaN", Operator::Equal, list({"NaN"}));
    row("numeric", "1e-3", Operator::Equal, list({"1e-3"}));
    row("date", ">= 2026-01-01", Operator::GreaterOrEqual, list({"2026-01-01"}));
    row("date", "2026-01-01..2026-02-01", Operator::Between, list({"2026-01-01", "2026-02-01"}));
    row("date", "> yesterday", Operator::Greater, list({"yesterday"}));
    row("bool", "true", Operator::Equal, list({"true"}));
    row("bool", "not null", Operator::IsNotNull);
    row("uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", Operator::Equal,
        list({"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"}));
    row("mood", "sad", Operator::Equal, list({"sad"}));
    row("mood", "'it''s'", Operator::Equal, list({"it's"}));
    row("text", "abc", Operator::Contains, list({"abc"}));
    row("text", "= abc", Operator::Equal, list({"abc"}));
    row("text", "''", Operator::Contains, list({""}));
    row("text", "= ''", Operator::Equal, list({""}));
    row("text", "<>''", Operator::NotEqual, list({""}));
    row("text", "' x '", Operator::Contains, list({" x "}));
    row("text", "'= 3'", Operator::Contains, list({"= 3"}));
    row("text", "'null'", Operator::Contains, list({"null"}));
    row("text", "= 'null'", Operator::Equal, list({"null"}));
    row("text", "null", Operator::IsNull);
    row("text", "NULL", Operator::IsNull);
    row("text", "is null", Operator::IsNull);
    row("text", "= null", Operator::IsNull);
    row("text", "<> null", Operator::IsNotNull);
    row("text", "is not null", Operator::IsNotNull);
    row("text", "!null", Operator::IsNotNull);
    row("text", "null and void", Operator::Contains, list({"null and void"}));
    row("text", "^abc", Operator::StartsWith, list({"abc"}));
    row("text", "~ ^a.*z$", Operator::Regex, list({"^a.*z$"}));
    row("text", "~* ^a", Operator::Regex, list({"(?i)^a"}));
    row("text", "in (a, 'b, c', 'd''e')", Operator::In, list({"a", "b, c", "d'e"}));
    row("text", "in the woods", Operator::Contains, list({"in the woods"}));
    row("text", "between trees", Operator::Contains, list({"between trees"}));
    row("text", "between a and c", Operator::Between, list({"a", "c"}));
    row("text", "between 'x and y' and z", Operator::Between, list({"x and y", "z"}));
    row("text", "wait...", Operator::Contains, list({"wait..."}));
    row("text", "1..2", Operator::Contains, list({"1..2"}));
    row("text", "it's", Operator::Contains, list({"it's"}));
    row("text", "'a' or 'b'", Operator::Contains, list({"'a' or 'b'"}));
    row("text", "100%", Operator::Contains, list({"100%"}));
    row("text", "🐦", Operator::Contains, list({"🐦"}));
    row("text", "contains = 3", Operator::Contains, list({"= 3"}));
}

void TestRowFilter::parses()
{
    QFETCH(QString, kind);
    QFETCH(QString, typed);
    const auto condition = parseCondition(column(kind), typed);
    QVERIFY2(condition, condition ? "" : qPrintable(condition.error().message));
    QCOMPARE(condition->column, QStringLiteral("c"));
    QTEST(condition->op, "op");
    QTEST(condition->values, "values");
    // And back, both ways of writing it.
    for (const RowColumn &known : {RowColumn(), column(kind)}) {
        const QString text = conditionText(*condition, known);
        const auto again = parseCondition(column(kind), text);
        QVERIFY2(again, qPrintable(text));
        QVERIFY2(*again == *condition, qPrintable(text));
    }
}

void TestRowFilter::refuses_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *kind, const char *typed, const char *says) {
        QTest::addRow("%s: %s", kind, typed)
            << QString::fromUtf8(kind) << QString::fromUtf8(typed) << QString::fromUtf8(says);
    };
    row("int", "abc", "“abc” is no whole number");
    row("int", "1.5", "“1.5” is no whole number");
    row("int", "in (1, x)", "“x” is no whole number");
    row("int", "1..x", "“x” is no whole number");
    row("int", "..", "needs at least one end");
    row("int", "in ()", "list is empty");
    row("int", "not in (1)", "WHERE box");
    row("int", "=", "value is missing");
    row("int", ">=", "value is missing behind “>=”");
    row("numeric", "1,5", "with a point");
    row("numeric", "12 kg", "no number");
    row("uuid", "a0ee", "“contains …”");
    row("text", "", "Nothing is typed");
    row("text", "   ", "Nothing is typed");
    row("text", "~", "value is missing");
    row("text", "~*", "value is missing behind “~*”");
}

void TestRowFilter::refuses()
{
    QFETCH(QString, kind);
    QFETCH(QString, typed);
    QFETCH(QString, says);
    const auto condition = parseCondition(column(kind), typed);
    QVERIFY(!condition);
    QCOMPARE(int(condition.error().code), int(ErrorCode::InvalidInput));
    QVERIFY2(condition.error().message.contains(says), qPrintable(condition.error().message));
    QVERIFY(condition.error().message.contains(QStringLiteral("For example: ")));
}

void TestRowFilter::comesBack_data()
{
    QTest::addColumn<QString>("value");
    const QStringList values{QString(),
                             QStringLiteral(" "),
                             QStringLiteral("null"),
                             QStringLiteral("NOT NULL"),
                             QStringLiteral("in (a)"),
                             QStringLiteral("= x"),
                             QStringLiteral("^x"),
                             QStringLiteral("~x"),
                             QStringLiteral("*x"),
                             QStringLiteral("'x'"),
                             QStringLiteral("'"),
                             QStringLiteral("a'b"),
                             QStringLiteral("a..b"),
                             QStringLiteral("a, b"),
                             QStringLiteral("(a)"),
                             QStringLiteral("a and b"),
                             QStringLiteral("contains x"),
                             QStringLiteral("between a and b"),
                             QStringLiteral("is null"),
                             QStringLiteral("%_\\"),
                             QStringLiteral("tab\there"),
                             QStringLiteral("line\nend"),
                             QStringLiteral("ÄÖÜ 🐦"),
                             QStringLiteral("2026-01-02 03:04:05+00"),
                             QStringLiteral("{1,2}")};
    for (const QString &value : values) {
        QTest::newRow(qPrintable(u'[' + value + u']')) << value;
    }
}

/// Whatever the value, a field that shows the condition gives it again.
void TestRowFilter::comesBack()
{
    QFETCH(QString, value);
    const QString other = QStringLiteral("other");
    const QList<std::pair<Operator, QStringList>> forms{
        {Operator::Equal, {value}},         {Operator::NotEqual, {value}},   {Operator::Less, {value}},
        {Operator::LessOrEqual, {value}},   {Operator::Greater, {value}},    {Operator::GreaterOrEqual, {value}},
        {Operator::Contains, {value}},      {Operator::StartsWith, {value}}, {Operator::Regex, {value}},
        {Operator::In, {value, other}},     {Operator::In, {other, value}},  {Operator::Between, {value, other}},
        {Operator::Between, {other, value}}};
    for (const QString &kind : {QStringLiteral("text"), QStringLiteral("date"), QStringLiteral("mood")}) {
        for (const auto &[op, values] : forms) {
            const FilterCondition condition{QStringLiteral("c"), op, values};
            for (const RowColumn &known : {RowColumn(), column(kind)}) {
                const QString text = conditionText(condition, known);
                const auto again = parseCondition(column(kind), text);
                QVERIFY2(again, qPrintable(text));
                QVERIFY2(*again == condition, qPrintable(kind + u' ' + QString::number(int(op)) + u' ' + text));
            }
        }
    }
}

void TestRowFilter::hostileWhere_data()
{
    QTest::addColumn<QString>("where");
    const char *texts[] = {
        "1=1) OR (1=1",
        "1=1) OR (1=1) --",
        "1=1) --",
        "1=1) /*",
        "1=1 /*",
        "1=1 /* ) */ ) OR (true",
        "1=1; DROP TABLE t",
        "1=1;",
        ";",
        "1=1); DROP TABLE t; SELECT 1 WHERE (1=1",
        "1=1 UNION SELECT 2",
        "1=1) UNION SELECT 2 FROM t WHERE (1=1",
        "1=1 UNION ALL (SELECT 2)",
        "1=1 INTERSECT SELECT 1",
        "1=1 LIMIT 1",
        "1=1) LIMIT ALL OFFSET (0",
        "1=1 OFFSET 5",
        "1=1 ORDER BY a",
        "1=1 GROUP BY a",
        "1=1 GROUP BY a HAVING count(*) > 1",
        "1=1 FOR UPDATE",
        "1=1) FOR UPDATE OF t NOWAIT --",
        "1=1 FETCH FIRST 1 ROW ONLY",
        "1=1 WINDOW w AS (ORDER BY a)",
        "WHERE 1=1",
        "SELECT 1",
        "DELETE FROM t",
        "a = $1",
        "a = ANY ($2)",
        "a = 'x",
        "a = \"x",
        "a = $$x",
        "a = E'x\\'",
        "(1=1",
        "1=1)",
        ")(",
        "-- nothing",
        "/* nothing */",
        "a = 1, b = 2",
        "a b c",
        "a =",
        "= 1",
        "AND a = 1",
        "a = 1 AND",
        "1=1 INTO x",
        "x' OR 'x'='x",
        "\\",
        "\\i file",
        "CASE WHEN 1=1 THEN 2",
    };
    for (const char *text : texts) {
        QTest::newRow(text) << QString::fromUtf8(text);
    }
}

void TestRowFilter::hostileWhere()
{
    QFETCH(QString, where);
    const Result<void> checked = checkWhere(where);
    QVERIFY2(!checked, qPrintable(where));
    QCOMPARE(int(checked.error().code), int(ErrorCode::InvalidInput));
    QVERIFY(checked.error().message.size() > 60);
}

void TestRowFilter::honestWhere_data()
{
    QTest::addColumn<QString>("where");
    const char *texts[] = {
        "",
        "  ",
        "true",
        "a",
        "NOT a",
        "a = 1",
        "a=1 AND b='x' OR NOT c",
        "(a = 1 OR b = 2) AND (c = 3)",
        "((((a))))",
        "a = 1 -- a remark",
        "a = 1 -- a remark with a )",
        "a /* a remark with ( and ; */ = 1",
        "a\n = 1\n",
        "name LIKE 'A%'",
        "name ILIKE '%;%--%'",
        "name ~ '^a.*z$' COLLATE \"C\"",
        "name = ')'",
        "name = $$it's ) -- here$$",
        "name = E'it\\'s'",
        "name IN ('a', 'b') AND a NOT IN (1, 2)",
        "a BETWEEN 1 AND 10",
        "a IS NULL OR b IS NOT DISTINCT FROM 3",
        "\"Odd \"\"name\"\"\" > 3",
        "t.a = 1 AND public.t.b = 2",
        "j ->> 'key' = 'x' AND j @> '{\"a\": 1}' AND j ? 'b'",
        "tags && ARRAY['a', 'b']::text[] AND 'x' = ANY (tags)",
        "seen_at >= now() - interval '1 day'",
        "date '2026-01-01' <= seen_at::date",
        "EXISTS (SELECT 1 FROM other o WHERE o.id = a UNION SELECT 2 LIMIT 1)",
        "a = (SELECT max(b) FROM t ORDER BY 1 LIMIT 1)",
        "CASE WHEN a > 1 THEN true ELSE b END",
        "(a, b) > (1, 2)",
        "length(name) > 10 AND lower(name) = 'x'",
        "(pair).a = 1",
        "'$1' = name",
        "note LIKE '%\"ParamRef\": {}%'",
        "U&'\\0061' = name",
        "bird = 'Ä🐦'",
        "a OPERATOR(pg_catalog.=) 1",
        "extract(year from seen_at) = 2026",
    };
    for (const char *text : texts) {
        QTest::newRow(text) << QString::fromUtf8(text);
    }
}

void TestRowFilter::honestWhere()
{
    QFETCH(QString, where);
    const Result<void> checked = checkWhere(where);
    QVERIFY2(checked, checked ? "" : qPrintable(checked.error().message));
}

void TestRowFilter::saysWhere()
{
    const auto message = [](const char *where) { return checkWhere(QString::fromUtf8(where)).error().message; };
    QVERIFY2(message("a = 1 LIMIT 5").contains(QStringLiteral("at or near \"LIMIT\", at character 7")),
             qPrintable(message("a = 1 LIMIT 5")));
    QVERIFY2(message("bird = '🐦' x y").contains(QStringLiteral("\"x\", at character 12")),
             qPrintable(message("bird = '🐦' x y")));
    QVERIFY2(message("a =").contains(QStringLiteral("at its end")), qPrintable(message("a =")));
    QVERIFY2(message("a = 'x").contains(QStringLiteral("unterminated quoted string")), qPrintable(message("a = 'x")));
    QVERIFY2(message("a = $1").contains(QStringLiteral("$1")), qPrintable(message("a = $1")));
}

/// A pasted list of keys is fine; nesting without end is refused and does not take the program along.
void TestRowFilter::takesHugeText()
{
    QStringList keys;
    for (int i = 0; i < 10'000; ++i) {
        keys += QString::number(i);
    }
    QVERIFY(checkWhere(QStringLiteral("id IN (%1)").arg(keys.join(u','))));
    QVERIFY(checkWhere(QStringLiteral("a OR ").repeated(50'000) + QStringLiteral("a")));
    QVERIFY(!checkWhere(QStringLiteral("1") + QStringLiteral("+1").repeated(4'000) + QStringLiteral(" > 1")));
    QVERIFY(!checkWhere(QStringLiteral("NOT ").repeated(50'000) + QStringLiteral("true")));
    QVERIFY(!checkWhere(QStringLiteral("(").repeated(100'000) + QStringLiteral("1") +
                        QStringLiteral(")").repeated(100'000)));
    QVERIFY(!checkWhere(QStringLiteral("1") + QStringLiteral("+1").repeated(240'000) + QStringLiteral(" > 1")));
    QVERIFY(!checkWhere(QStringLiteral("a OR ").repeated(2'000'000) + QStringLiteral("a")));
}

QTEST_APPLESS_MAIN(TestRowFilter)
#include "tst_rowfilter.moc"

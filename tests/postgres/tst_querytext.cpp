// Two servers' texts of one query: what may differ, and what may not.

#include "postgres/querytext.h"

#include <QTest>

using namespace Roost;

class TestQueryText : public QObject
{
    Q_OBJECT

private slots:
    void same_data();
    void same();
};

void TestQueryText::same_data()
{
    QTest::addColumn<QString>("older");
    QTest::addColumn<QString>("newer");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const char *name, const char *older, const char *newer, bool isSame) {
        QTest::newRow(name) << QString::fromUtf8(older) << QString::fromUtf8(newer) << isSame;
    };
    row("equal", "SELECT a FROM t", "SELECT a FROM t", true);
    row("blanks", "SELECT a\n   FROM t", "SELECT a FROM\tt", true);
    row("table's name left out", "SELECT t.a, t.b FROM t WHERE (t.c > 3)", "SELECT a, b FROM t WHERE (c > 3)", true);
    row("column named as its table", "SELECT t.t FROM t", "SELECT t FROM t", true);
    row("names that need quotes", "SELECT \"a.b\".\"c d\" FROM \"a.b\"", "SELECT \"c d\" FROM \"a.b\"", true);
    row("part of a composite", "SELECT (t.p).b FROM t", "SELECT (p).b FROM t", true);
    row("left out in one place only", "SELECT x.id, (SELECT k.n FROM k WHERE k.id = x.c) FROM x",
        "SELECT id, (SELECT k.n FROM k WHERE k.id = x.c) FROM x", true);
    row("another column", "SELECT t.a FROM t", "SELECT b FROM t", false);
    row("another table's column", "SELECT a.id FROM a JOIN b ON a.x = b.x", "SELECT b.id FROM a JOIN b ON a.x = b.x",
        false);
    row("only the older may have more", "SELECT a FROM t", "SELECT t.a FROM t", false);
    row("another table", "SELECT t.a FROM t", "SELECT a FROM u", false);
    row("another schema's table", "SELECT t.a FROM one.t", "SELECT a FROM two.t", false);
    row("text with a point", "SELECT 'a.b'::text", "SELECT 'b'::text", false);
    row("blank in a text", "SELECT 'a b'::text", "SELECT 'ab'::text", false);
    row("quote in a text", "SELECT 'it''s t.a'::text, t.a FROM t", "SELECT 'it''s a'::text, a FROM t", false);
    row("a number's point", "SELECT 1.5", "SELECT 5", false);
    row("cut off", "SELECT t.a FROM t", "SELECT a FROM", false);
    row("goes on", "SELECT t.a FROM t", "SELECT a FROM t LIMIT 1", false);
    row("ends in a point", "SELECT t.", "SELECT", false);
}

void TestQueryText::same()
{
    QFETCH(QString, older);
    QFETCH(QString, newer);
    QFETCH(bool, isSame);
    QCOMPARE(isSameQuery(older, newer), isSame);
}

QTEST_GUILESS_MAIN(TestQueryText)
#include "tst_querytext.moc"

#include "pagesdatabase.h"

#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

using From = TableQuery::From;

/// Pages of a table in every order and from every place in it, against the server's own ORDER BY.
class TestTablePages : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void orders_data();
    void orders();
    void withFilter();
    void shortBounds();
    void nullsInTheBound();
    void oddNames();
    void usesTheIndex_data();
    void usesTheIndex();

private:
    PagesDatabase m_pages;
};

void TestTablePages::initTestCase()
{
    QVERIFY2(m_pages.start(), qPrintable(m_pages.cluster().problem()));
}

void TestTablePages::orders_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("sort");
    for (const char *sort : {"",
                             "-id",
                             "dup",
                             "-dup",
                             "maybe",
                             "-maybe",
                             "dup -id",
                             "-dup id",
                             "maybe -dup",
                             "-maybe dup",
                             "maybe word",
                             "-maybe -word",
                             "word",
                             "-word",
                             "c_word",
                             "-c_word",
                             "icu_word",
                             "-icu_word",
                             "word -icu_word maybe",
                             "key",
                             "-key",
                             "m",
                             "-m",
                             "m maybe -n",
                             "n",
                             "-n",
                             "f",
                             "-f",
                             "ts",
                             "-ts",
                             "-ts -n f",
                             "d",
                             "-d -maybe",
                             "flag",
                             "-flag ch",
                             "ch",
                             "-ch",
                             "pr",
                             "-pr",
                             "bits -arr",
                             "arr",
                             "-arr maybe",
                             "ci",
                             "-ci -id",
                             "flag m -maybe ts"}) {
        QTest::addRow("many: %s", sort) << QStringLiteral("many") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"", "b", "-b", "-a", "a -b", "-a b", "v", "-v", "v -a", "-v b"}) {
        QTest::addRow("two: %s", sort) << QStringLiteral("two") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"", "-k"}) {
        QTest::addRow("texts: %s", sort) << QStringLiteral("texts") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"a", "-a", "t -a", "-t"}) {
        QTest::addRow("keyless: %s", sort) << QStringLiteral("keyless") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"word", "-maybe"}) {
        QTest::addRow("stored: %s", sort) << QStringLiteral("stored") << QString::fromLatin1(sort);
    }
}

void TestTablePages::orders()
{
    QFETCH(QString, table);
    QFETCH(QString, sort);
    TableQuery pages = m_pages.query(table, sort);
    QVERIFY(!pages.columns.isEmpty());
    QStringList order;
    for (const SortColumn &column : pages.order()) {
        order += quoteIdentifier(column.column) + (column.descending ? QStringLiteral(" DESC") : QString());
    }
    const QStringList expected = m_pages.psqlLines(
        QStringLiteral("SELECT * FROM %1 ORDER BY %2").arg(pages.table.quoted(), order.join(QStringLiteral(", "))));
    QVERIFY(expected.size() >= 50);
    QCOMPARE(m_pages.walk(pages, false), expected);
    QCOMPARE(m_pages.walk(pages, true), expected);
    // From each row at once: itself and what follows, what is behind it, what is before it.
    pages.limit = 1000;
    const RowPage all = m_pages.fetch(pages);
    QCOMPARE(m_pages.lines(all), expected);
    QVERIFY(!all.hasMore);
    pages.limit = 3;
    for (qsizetype row = 0; row < all.rowCount(); row += 7) {
        pages.bound = all.bound(row);
        pages.from = From::At;
        RowPage page = m_pages.fetch(pages);
        QCOMPARE(m_pages.lines(page), expected.mid(row, 3));
        QCOMPARE(page.hasMore, row + 3 < expected.size());
        pages.from = From::After;
        page = m_pages.fetch(pages);
        QCOMPARE(m_pages.lines(page), expected.mid(row + 1, 3));
        QCOMPARE(page.hasMore, row + 4 < expected.size());
        pages.from = From::Before;
        page = m_pages.fetch(pages);
        QCOMPARE(m_pages.lines(page), expected.mid(qMax<qsizetype>(0, row - 3), qMin<qsizetype>(3, row)));
        QCOMPARE(page.hasMore, row > 3);
        pages.from = From::Offset;
        pages.offset = row;
        QCOMPARE(m_pages.lines(m_pages.fetch(pages)), expected.mid(row, 3));
    }
}

void TestTablePages::withFilter()
{
    TableQuery pages = m_pages.query(QStringLiteral("many"), QStringLiteral("-maybe word"));
    pages.filter.conditions = {
        FilterCondition{QStringLiteral("dup"), FilterCondition::Operator::NotEqual, {QStringLiteral("3")}}};
    pages.filter.where = QStringLiteral("id % 2 = 1 OR many.word = 'ä' -- and no more");
    const QStringList expected =
        m_pages.psqlLines(QStringLiteral("SELECT * FROM many WHERE dup <> 3 AND (id % 2 = 1 OR word = "
                                         "'ä') ORDER BY maybe DESC, word, id"));
    QVERIFY(expected.size() > 20);
    QCOMPARE(m_pages.walk(pages, false), expected);
    QCOMPARE(m_pages.walk(pages, true), expected);
    const auto count = countRows(m_pages.connection(), pages);
    QVERIFY(count);
    QCOMPARE(*count, expected.size());
    pages.filter.where = QStringLiteral("true) OR (true");
    const auto refused = fetchPage(m_pages.connection(), pages);
    QVERIFY(!refused);
    QCOMPARE(int(refused.error().code), int(ErrorCode::InvalidInput));
    QVERIFY(!countRows(m_pages.connection(), pages));
}

/// A jump knows only the first column.
void TestTablePages::shortBounds()
{
    TableQuery pages = m_pages.query(QStringLiteral("two"));
    pages.bound = {QStringLiteral("4")};
    pages.from = From::At;
    QCOMPARE(m_pages.lines(m_pages.fetch(pages)),
             m_pages.psqlLines(QStringLiteral("SELECT * FROM two WHERE a >= 4 ORDER BY a, b LIMIT 7")));
    pages.from = From::After;
    QCOMPARE(m_pages.lines(m_pages.fetch(pages)),
             m_pages.psqlLines(QStringLiteral("SELECT * FROM two WHERE a > 4 ORDER BY a, b LIMIT 7")));
    pages.from = From::Before;
    QCOMPARE(m_pages.lines(m_pages.fetch(pages)),
             m_pages.psqlLines(QStringLiteral("SELECT * FROM (SELECT * FROM two WHERE a < 4 ORDER BY a "
                                              "DESC, b DESC LIMIT 7) x ORDER BY a, b")));
    pages = m_pages.query(QStringLiteral("many"), QStringLiteral("-maybe dup"));
    pages.from = From::At;
    pages.bound = {QStringLiteral("4")};
    QCOMPARE(
        m_pages.lines(m_pages.fetch(pages)),
        m_pages.psqlLines(QStringLiteral("SELECT * FROM many WHERE maybe <= 4 ORDER BY maybe DESC, dup, id LIMIT 7")));
}

void TestTablePages::nullsInTheBound()
{
    TableQuery pages = m_pages.query(QStringLiteral("many"), QStringLiteral("maybe"));
    pages.bound = {std::nullopt};
    pages.from = From::At;
    QCOMPARE(m_pages.lines(m_pages.fetch(pages)),
             m_pages.psqlLines(QStringLiteral("SELECT * FROM many WHERE maybe IS NULL ORDER BY id LIMIT 7")));
    pages.from = From::After;
    QCOMPARE(m_pages.fetch(pages).rowCount(), 0);
    pages.sort = {SortColumn{QStringLiteral("maybe"), true}};
    QCOMPARE(m_pages.lines(m_pages.fetch(pages)),
             m_pages.psqlLines(
                 QStringLiteral("SELECT * FROM many WHERE maybe IS NOT NULL ORDER BY maybe DESC, id DESC LIMIT 7")));
}

void TestTablePages::oddNames()
{
    const TableQuery pages = m_pages.query(QStringLiteral("Odd \"%1\""), QStringLiteral("-select"));
    QCOMPARE(pages.keyColumns.size(), 2);
    const QStringList expected = m_pages.psqlLines(
        QStringLiteral(R"(SELECT * FROM "Odd ""%1""" ORDER BY "select" DESC, "Odd ""%1""" DESC, "%2 ""x""" DESC)"));
    QCOMPARE(expected.size(), 40);
    QCOMPARE(m_pages.walk(pages, false), expected);
    QCOMPARE(m_pages.walk(pages, true), expected);
}

void TestTablePages::usesTheIndex_data()
{
    QTest::addColumn<QString>("sort");
    QTest::addColumn<QVariantList>("bound");
    QTest::newRow("key") << "" << QVariantList{"15000"};
    QTest::newRow("key down") << "-id" << QVariantList{"15000"};
    QTest::newRow("not null, then the key") << "a" << QVariantList{"500", "15500"};
    QTest::newRow("down") << "-a" << QVariantList{"500", "15500"};
    QTest::newRow("nullable") << "n" << QVariantList{"500", "15500"};
    QTest::newRow("nullable down") << "-n" << QVariantList{"500", "15500"};
    QTest::newRow("among the nulls") << "n" << QVariantList{QVariant(), "15000"};
    QTest::newRow("among the nulls, down") << "-n" << QVariantList{QVariant(), "15000"};
    QTest::newRow("directions differ") << "a -id" << QVariantList{"500", "15500"};
}

/// The index leads to the place: nothing before it is read, and not the table to its end.
void TestTablePages::usesTheIndex()
{
    QFETCH(QString, sort);
    QFETCH(QVariantList, bound);
    TableQuery pages = m_pages.query(QStringLiteral("big"), sort);
    for (const QVariant &value : bound) {
        pages.bound += value.isNull() ? CellValue() : CellValue(value.toString());
    }
    for (const From from : {From::First, From::Last, From::After, From::Before, From::At}) {
        pages.from = from;
        const SqlStatement statement = pages.statement();
        auto rows = m_pages.connection().query(QStringLiteral("EXPLAIN (ANALYZE, BUFFERS) ") + statement.sql,
                                               statement.parameters);
        QVERIFY2(rows, rows ? "" : qPrintable(rows.error().detail + statement.sql));
        QString plan;
        while (rows->next()) {
            plan += rows->value(0).toString() + u'\n';
        }
        static const QRegularExpression buffers(QStringLiteral("Buffers: shared (?:hit=(\\d+))?(?: ?read=(\\d+))?"));
        const QRegularExpressionMatch match = buffers.match(plan);
        QVERIFY2(match.hasMatch(), qPrintable(plan));
        const int read = match.captured(1).toInt() + match.captured(2).toInt();
        QVERIFY2(plan.contains(QStringLiteral("Index")) && read < 120, qPrintable(statement.sql + u'\n' + plan));
    }
}

QTEST_GUILESS_MAIN(TestTablePages)
#include "tst_tablepages.moc"

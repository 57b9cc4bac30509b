#include "postgres/identifier.h"

#include <QTest>

using namespace Roost;

class TestIdentifier : public QObject
{
    Q_OBJECT

private slots:
    void quotesEveryName_data();
    void quotesEveryName();
    void quotesLiterals_data();
    void quotesLiterals();
    void saysWhyANameIsUnfit();
    void qualifiesTables();
};

void TestIdentifier::quotesEveryName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("plain") << "birds"
                           << "\"birds\"";
    QTest::newRow("upper case") << "Birds"
                                << "\"Birds\"";
    QTest::newRow("reserved") << "select"
                              << "\"select\"";
    QTest::newRow("quote") << "a\"b"
                           << "\"a\"\"b\"";
    QTest::newRow("only quotes") << "\"\""
                                 << "\"\"\"\"\"\"";
    QTest::newRow("closing") << "\"); DROP TABLE birds; --"
                             << "\"\"\"); DROP TABLE birds; --\"";
    QTest::newRow("backslash") << "a\\"
                               << "\"a\\\"";
    QTest::newRow("newline") << "a\nb"
                             << "\"a\nb\"";
    QTest::newRow("dot") << "a.b"
                         << "\"a.b\"";
}

void TestIdentifier::quotesEveryName()
{
    QFETCH(QString, name);
    QTEST(quoteIdentifier(name), "quoted");
}

void TestIdentifier::quotesLiterals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("empty") << ""
                           << "''";
    QTest::newRow("plain") << "en_US.UTF-8"
                           << "'en_US.UTF-8'";
    QTest::newRow("quote") << "it's"
                           << "'it''s'";
    QTest::newRow("backslash") << "a\\'b"
                               << " E'a\\\\''b'";
}

void TestIdentifier::quotesLiterals()
{
    QFETCH(QString, text);
    QTEST(quoteLiteral(text), "quoted");
}

void TestIdentifier::saysWhyANameIsUnfit()
{
    QCOMPARE(identifierProblem(QStringLiteral("birds")), QString());
    QCOMPARE(identifierProblem(QString(63, u'x')), QString());
    QVERIFY(identifierProblem(QString()).contains(u"needed"));
    QVERIFY(identifierProblem(QString(64, u'x')).contains(u"64 bytes"));
    QVERIFY(identifierProblem(QString(32, u'ü')).contains(u"64 bytes")); // bytes, not characters
    QCOMPARE(identifierProblem(QString(31, u'ü')), QString());
    QVERIFY(identifierProblem(QStringLiteral("a") + QChar::Null).contains(u"zero character"));
    QVERIFY(identifierProblem(QStringLiteral("a") + QChar(0xD800)).contains(u"half of a character"));
}

void TestIdentifier::qualifiesTables()
{
    QCOMPARE((TableId{QStringLiteral("public"), QStringLiteral("a\"b")}.quoted()),
             QStringLiteral("\"public\".\"a\"\"b\""));
    QCOMPARE((TableId{QString(), QStringLiteral("birds")}.quoted()), QStringLiteral("\"birds\""));
}

QTEST_GUILESS_MAIN(TestIdentifier)
#include "tst_identifier.moc"

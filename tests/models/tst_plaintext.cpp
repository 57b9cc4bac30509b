#include "models/plaintext.h"

#include <QLocale>
#include <QTest>

using namespace Roost;

/// Numbers as people read them, and the days that a free instance has.
class TestPlainText : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void sizes_data();
    void sizes();
    void estimates_data();
    void estimates();
    void counts();
};

void TestPlainText::sizes_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("unknown") << qint64(-1) << QString();
    QTest::newRow("none") << qint64(0) << "0 bytes";
    QTest::newRow("just under a kilobyte") << qint64(1023) << "1023 bytes";
    QTest::newRow("a kilobyte") << qint64(1024) << "1 kB";
    QTest::newRow("one decimal below ten") << qint64(8'283'750) << "7.9 MB";
    QTest::newRow("none above") << qint64(50'331'648) << "48 MB";
    QTest::newRow("never 1000 MB") << qint64(1'073'700'000) << "1 GB";
    QTest::newRow("a terabyte") << qint64(1'099'511'627'776) << "1 TB";
}

void TestPlainText::sizes()
{
    QFETCH(qint64, bytes);
    QTEST(sizeText(bytes), "text");
}

void TestPlainText::estimates_data()
{
    QTest::addColumn<qint64>("count");
    QTest::addColumn<QString>("text");
    QTest::newRow("unknown") << qint64(-1) << QString();
    QTest::newRow("few") << qint64(820) << "~ 820";
    QTest::newRow("thousands") << qint64(120'000) << "~ 120 k";
    QTest::newRow("never 1000 k") << qint64(999'700) << "~ 1 M";
    QTest::newRow("millions") << qint64(1'204'118) << "~ 1.2 M";
    QTest::newRow("thousands of millions") << qint64(7'500'000'000) << "~ 7.5 G";
}

void TestPlainText::estimates()
{
    QFETCH(qint64, count);
    QTEST(estimateText(count), "text");
}

void TestPlainText::counts()
{
    QCOMPARE(countText(1'204'118), QStringLiteral("1,204,118"));
    QCOMPARE(countText(-1), QString());
}

QTEST_GUILESS_MAIN(TestPlainText)
#include "tst_plaintext.moc"

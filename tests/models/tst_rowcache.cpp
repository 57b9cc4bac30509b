#include "models/foldedtext.h"
#include "models/rowcache.h"

#include <QTest>

using namespace Roost;

namespace {

/// Rows "first" to "last" of a key and a text.
RowPage pageOf(int first, int last, const QByteArray &body = QByteArrayLiteral("body"))
{
    RowPage page;
    page.columns = {ResultColumn{QStringLiteral("id"), QStringLiteral("int4"), 23, true},
                    ResultColumn{QStringLiteral("body"), QStringLiteral("text"), 25, false}};
    page.setBoundColumns({0}, {0});
    for (int row = first; row <= last; ++row) {
        page.append(QByteArray::number(row));
        page.append(row % 5 == 0 ? std::nullopt : std::optional<QByteArrayView>(body));
    }
    return page;
}

QString key(const RowCache &cache, int row)
{
    return cache.key(row).constFirst();
}

} // namespace

/// Pages in memory, found by number.
class TestRowCache : public QObject
{
    Q_OBJECT

private slots:
    void growsAtBothEnds();
    void rowsAreTakenOut();
    void trimsWhatIsFar();
    void bytesAreCounted();
    void putCovers();
    void textIsCutBetweenCharacters();
    void foldedText_data();
    void foldedText();
};

void TestRowCache::growsAtBothEnds()
{
    RowCache cache;
    QVERIFY(cache.isEmpty() && !cache.contains(0));
    cache.start(100, pageOf(100, 149), {QStringLiteral("id")});
    cache.append(pageOf(150, 299));
    cache.prepend(pageOf(60, 99));
    cache.append(pageOf(300, 299)); // no row at all
    QCOMPARE(cache.begin(), 60);
    QCOMPARE(cache.end(), 300);
    for (int row = 60; row < 300; ++row) {
        QCOMPARE(key(cache, row), QString::number(row));
        QCOMPARE(cache.isNull(row, 1), row % 5 == 0);
    }
    cache.shift(-60);
    cache.prepend(pageOf(0, 59)); // numbers below zero are no harm, for a moment
    QCOMPARE(cache.begin(), -60);
    cache.shift(60);
    for (int row = 0; row < 300; ++row) {
        QCOMPARE(key(cache, row), QString::number(row));
    }
    QCOMPARE(cache.bound(7), QList<CellValue>{QStringLiteral("7")});
}

void TestRowCache::rowsAreTakenOut()
{
    RowCache cache;
    cache.start(0, pageOf(0, 9), {QStringLiteral("id")});
    cache.append(pageOf(10, 19));
    QStringList left;
    for (int row = 0; row < 20; ++row) {
        left += QString::number(row);
    }
    for (const int row : {4, 0, 17, 8, 8, 0, 13}) { // within, at the edges, across a page
        cache.removeRow(row);
        left.removeAt(row);
        QCOMPARE(cache.end() - cache.begin(), int(left.size()));
        for (int at = 0; at < left.size(); ++at) {
            QCOMPARE(key(cache, at), left.at(at));
        }
    }
    while (!left.isEmpty()) {
        cache.removeRow(0);
        left.removeFirst();
    }
    QVERIFY(cache.isEmpty());
    QCOMPARE(cache.byteCount(), 0);
}

void TestRowCache::trimsWhatIsFar()
{
    RowCache cache;
    cache.start(0, pageOf(0, 99), {QStringLiteral("id")});
    for (int page = 1; page < 20; ++page) {
        cache.append(pageOf(page * 100, page * 100 + 99));
    }
    cache.trim(450, 490, 1000, qsizetype(1) << 30);
    QCOMPARE(cache.end() - cache.begin(), 1000);
    QVERIFY(cache.begin() <= 400 && cache.begin() > 0 - 1 && cache.contains(450) && cache.contains(490));
    QCOMPARE(key(cache, 450), QStringLiteral("450"));
    cache.trim(450, 490, 1, 1); // what is looked at stays, whatever the limits
    QVERIFY(cache.contains(450) && cache.contains(490));
    QCOMPARE(cache.end() - cache.begin(), 100);
}

void TestRowCache::bytesAreCounted()
{
    RowCache cache;
    cache.start(0, pageOf(1, 4, QByteArray(100'000, 'x')), {QStringLiteral("id")});
    QVERIFY(cache.byteCount() >= 400'000 && cache.byteCount() < 402'000);
    cache.append(pageOf(6, 9, QByteArray(100'000, 'y')));
    QVERIFY(cache.byteCount() >= 800'000 && cache.byteCount() < 804'000);
    cache.put(0, 1, QString(50'000, u'z'));
    QVERIFY(cache.byteCount() >= 900'000);
    cache.put(0, 1, std::nullopt);
    QVERIFY(cache.byteCount() < 804'000);
    cache.trim(5, 6, 1000, 500'000);
    QCOMPARE(cache.begin(), 4);
    QVERIFY(cache.byteCount() < 402'000);
}

void TestRowCache::putCovers()
{
    RowCache cache;
    cache.start(0, pageOf(1, 3), {QStringLiteral("id")});
    cache.put(1, 1, QStringLiteral("other"));
    cache.put(2, 0, QStringLiteral("77")); // its key was changed, and saved
    cache.put(0, 1, std::nullopt);
    QCOMPARE(cache.value(1, 1), CellValue(QStringLiteral("other")));
    QCOMPARE(key(cache, 2), QStringLiteral("77"));
    QVERIFY(cache.isNull(0, 1));
    QCOMPARE(cache.value(2, 1), CellValue(QStringLiteral("body")));
    QVERIFY(cache.holds(1, 1, FoldedText(QStringLiteral("OTH"))) &&
            !cache.holds(1, 1, FoldedText(QStringLiteral("body"))));
    cache.removeRow(0);
    QCOMPARE(cache.value(0, 1), CellValue(QStringLiteral("other")));
    QCOMPARE(key(cache, 1), QStringLiteral("77"));
}

void TestRowCache::textIsCutBetweenCharacters()
{
    RowCache cache;
    const QString text = QStringLiteral("aä€𝄞");
    cache.start(0, pageOf(1, 2, text.toUtf8()), {QStringLiteral("id")});
    cache.put(1, 1, text);
    for (int bytes = 1; bytes <= 12; ++bytes) {
        for (const int row : {0, 1}) {
            bool isCut = false;
            const QString head = cache.head(row, 1, bytes, &isCut);
            QVERIFY(text.startsWith(head));
            QVERIFY(!head.contains(QChar::ReplacementCharacter));
            QVERIFY(head.isEmpty() || !head.back().isHighSurrogate());
            QCOMPARE(isCut, head != text);
        }
    }
}

void TestRowCache::foldedText_data()
{
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isIn");
    QTest::newRow("as it stands") << "row 5"
                                  << "a row 57" << true;
    QTest::newRow("other case") << "ROW"
                                << "narrow" << true;
    QTest::newRow("not there") << "rows"
                               << "a row" << false;
    QTest::newRow("again from within") << "aab"
                                       << "aaab" << true;
    QTest::newRow("umlauts") << "GRÖSSE"
                             << "die größe, die grösse" << true;
    QTest::newRow("greek") << "ΣΟΦΙΑ"
                           << "σοφια" << true;
    QTest::newRow("beyond the first plane") << "𐐀x"
                                            << "y𐐨X" << true;
    QTest::newRow("longer than the text") << "abc"
                                          << "ab" << false;
    QTest::newRow("no text") << "a"
                             << "" << false;
}

void TestRowCache::foldedText()
{
    QFETCH(QString, wanted);
    QFETCH(QString, text);
    QFETCH(bool, isIn);
    const FoldedText folded(wanted);
    QCOMPARE(folded.isIn(QByteArrayView(text.toUtf8())), isIn);
    QCOMPARE(folded.isIn(text), isIn); // by Qt: an independent witness
}

QTEST_APPLESS_MAIN(TestRowCache)
#include "tst_rowcache.moc"

// What two tables differ in, by the digests of their rows: against a plain model, in memory and through the file; and
// that a digest is of the value, not of the way in which it is printed.

#include "operations/rowdigester.h"
#include "operations/rowdigests.h"

#include <QMap>
#include <QRandomGenerator>
#include <QTest>

using namespace Roost;

class TestRowDigests : public QObject
{
    Q_OBJECT

private slots:
    void againstAModel_data();
    void againstAModel();
    void withoutKey_data() { againstAModel_data(); }
    void withoutKey();
    void valuesAreMeant_data();
    void valuesAreMeant();
    void rowsDoNotRunTogether();

private:
    static RowDigest digestOf(const QByteArrayList &values, qsizetype keyColumns, qint64 ordinal)
    {
        std::vector<CopyTextLine::Cell> cells;
        for (const QByteArray &value : values) {
            cells.push_back({value, false});
        }
        return RowDigester(QList<unsigned>(values.size(), 25), keyColumns).digest(cells, ordinal);
    }
};

void TestRowDigests::againstAModel_data()
{
    QTest::addColumn<qsizetype>("kept");
    QTest::newRow("in memory") << qsizetype(1'000'000);
    QTest::newRow("through the file") << qsizetype(100);
}

void TestRowDigests::againstAModel()
{
    QFETCH(const qsizetype, kept);
    for (quint32 seed = 1; seed <= 20; ++seed) {
        QRandomGenerator random(seed);
        RowDigests digests(kept);
        QMap<int, std::pair<int, qint64>> first; // key → value, place
        QMap<int, std::pair<int, qint64>> second;
        const auto fill = [&](QMap<int, std::pair<int, qint64>> &map, RowDigests::Side side) {
            for (qint64 place = 0; place < 3000; ++place) {
                const int key = random.bounded(4000);
                if (!map.contains(key)) {
                    map.insert(key, {random.bounded(3), map.size()});
                    const QByteArrayList values{QByteArray::number(key), QByteArray::number(map.value(key).first)};
                    QVERIFY(digests.add(side, digestOf(values, 1, map.value(key).second)));
                }
            }
        };
        fill(first, RowDigests::Side::First);
        fill(second, RowDigests::Side::Second);
        QSet<std::pair<qint64, qint64>> expected;
        for (auto it = first.cbegin(); it != first.cend(); ++it) {
            if (!second.contains(it.key())) {
                expected.insert({it->second, -1});
            } else if (second.value(it.key()).first != it->first) {
                expected.insert({it->second, second.value(it.key()).second});
            }
        }
        for (auto it = second.cbegin(); it != second.cend(); ++it) {
            if (!first.contains(it.key())) {
                expected.insert({-1, it->second});
            }
        }
        QSet<std::pair<qint64, qint64>> found;
        QVERIFY(digests.compare(true, [&found](const DigestDifference &one) {
            QVERIFY(!found.contains({one.before, one.after}));
            found.insert({one.before, one.after});
        }));
        QCOMPARE(found, expected);
    }
}

void TestRowDigests::withoutKey()
{
    QFETCH(const qsizetype, kept);
    QRandomGenerator random(7);
    RowDigests digests(kept);
    QMap<int, int> balance;
    for (qint64 place = 0; place < 5000; ++place) {
        for (const auto side : {RowDigests::Side::First, RowDigests::Side::Second}) {
            const int value = random.bounded(50);
            balance[value] += side == RowDigests::Side::First ? -1 : 1;
            QVERIFY(digests.add(side, digestOf({QByteArray::number(value)}, 0, place)));
        }
    }
    qint64 removed = 0;
    qint64 added = 0;
    for (const int one : std::as_const(balance)) {
        (one < 0 ? removed : added) += qAbs(one);
    }
    qint64 foundRemoved = 0;
    qint64 foundAdded = 0;
    QVERIFY(digests.compare(false, [&](const DigestDifference &one) {
        QVERIFY(one.before < 0 || one.after < 0);
        ++(one.before < 0 ? foundAdded : foundRemoved);
    }));
    QCOMPARE(foundRemoved, removed);
    QCOMPARE(foundAdded, added);
    QVERIFY(removed > 0 && added > 0);
}

void TestRowDigests::valuesAreMeant_data()
{
    QTest::addColumn<unsigned>("type");
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::addColumn<bool>("isSame");
    constexpr unsigned timestamptz = 1184;
    constexpr unsigned timestamp = 1114;
    constexpr unsigned float8 = 701;
    constexpr unsigned float4 = 700;
    const auto row = [](const char *name, unsigned type, const char *one, const char *other, bool isSame) {
        QTest::newRow(name) << type << QByteArray(one) << QByteArray(other) << isSame;
    };
    row("zones", timestamptz, "2026-01-02 03:04:05.123456+00", "2026-01-02 08:34:05.123456+05:30", true);
    row("zones to the west, over midnight", timestamptz, "2025-12-31 22:00:00-05", "2026-01-01 03:00:00+00", true);
    row("old local times", timestamptz, "1880-01-01 00:00:00+00", "1880-01-01 00:53:28+00:53:28", true);
    row("before Christ", timestamptz, "0044-03-15 23:30:00+00 BC", "0044-03-16 00:30:00+01 BC", true);
    row("the year before 1", timestamptz, "0001-12-31 23:30:00+00 BC", "0001-01-01 00:30:00+01", true);
    row("leap days", timestamptz, "2024-02-29 23:00:00-02", "2024-03-01 01:00:00+00", true);
    row("far away", timestamptz, "294276-12-31 23:59:59+00", "294277-01-01 00:59:59+01", true);
    row("a microsecond", timestamptz, "2026-01-02 03:04:05.1+00", "2026-01-02 03:04:05.100001+00", false);
    row("trailing zeros", timestamptz, "2026-01-02 03:04:05.1+00", "2026-01-02 03:04:05.100000+00", true);
    row("infinity", timestamptz, "infinity", "-infinity", false);
    row("without zone", timestamp, "2026-01-02 03:04:05", "2026-01-02 03:04:05.0", false);
    row("floats of old servers", float8, "0.10000000000000001", "0.1", true);
    row("floats", float8, "0.30000000000000004", "0.3", false);
    row("minus zero", float8, "-0", "0", false);
    row("powers", float8, "1e+20", "100000000000000000000", true);
    row("short floats", float4, "0.100000001", "0.1", true);
    row("infinite", float8, "Infinity", "-Infinity", false);
    row("no number", float8, "NaN", "NaN", true);
    row("texts of floats", 25, "0.10000000000000001", "0.1", false);
}

void TestRowDigests::valuesAreMeant()
{
    QFETCH(const unsigned, type);
    QFETCH(const QByteArray, one);
    QFETCH(const QByteArray, other);
    QFETCH(const bool, isSame);
    RowDigester digester({type}, 0);
    QCOMPARE(digester.digest({{one, false}}, 0).row == digester.digest({{other, false}}, 0).row, isSame);
    QCOMPARE(digester.digest(CopyTextLine::Cell{one, false}, 0) == digester.digest(CopyTextLine::Cell{other, false}, 0),
             isSame);
    QVERIFY(digester.digest({{one, false}}, 0).row != digester.digest({{{}, true}}, 0).row);
}

void TestRowDigests::rowsDoNotRunTogether()
{
    QVERIFY(digestOf({"ab", "c"}, 0, 0).row != digestOf({"a", "bc"}, 0, 0).row);
    QVERIFY(digestOf({"", "a"}, 0, 0).row != digestOf({"a", ""}, 0, 0).row);
    RowDigester digester({25}, 0);
    QVERIFY(digester.digest({{{}, true}}, 0).row != digester.digest({{QByteArrayView(""), false}}, 0).row);
    QCOMPARE(digestOf({"a", "b"}, 1, 0).key, digestOf({"a", "c"}, 1, 5).key);
    QVERIFY(digestOf({"a", "b"}, 2, 0).key != digestOf({"a", "c"}, 2, 0).key);
}

QTEST_GUILESS_MAIN(TestRowDigests)

#include "tst_rowdigests.moc"

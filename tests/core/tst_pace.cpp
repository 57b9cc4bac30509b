#include "core/pace.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace Roost;

namespace {

constexpr qint64 total = 1'000'000;

Progress at(double fraction, qint64 bytes = -1)
{
    return {QStringLiteral("Copying"), qint64(fraction * total), total, {}, bytes};
}

} // namespace

class TestPace : public QObject
{
    Q_OBJECT

private slots:
    void silentAtTheStart();
    void steady();
    void neverJumps();
    void standingStill();
    void fromSlowToFast();
    void anotherStepHasARateOfItsOwn();
    void unknownTotal();
    void durations_data();
    void durations();
    void text();
};

void TestPace::silentAtTheStart()
{
    Pace pace;
    for (qint64 now = 0; now < 3000; now += 50) {
        pace.add(at(double(now) / 20'000, now * 1000), now);
        QVERIFY(pace.text().isEmpty());
    }
}

void TestPace::steady()
{
    Pace pace;
    for (qint64 now = 0; now <= 99'000; now += 200) {
        pace.add(at(double(now) / 100'000, now * 2000), now);
        if (now >= 4000) {
            QVERIFY2(std::abs(*pace.bytesPerSecond() - 2e6) < 2e4, qPrintable(QString::number(now)));
            QVERIFY(pace.leftMs() || now > 98'000);
            if (pace.leftMs()) {
                QVERIFY(std::abs(*pace.leftMs() - (100'000 - now)) <= 3500);
            }
        }
    }
}

/// A link whose speed changes by half and back: what is said moves by a few seconds, each second.
void TestPace::neverJumps()
{
    Pace pace;
    double done = 0;
    std::optional<qint64> before;
    for (qint64 now = 0; done < 0.95; now += 200) {
        const bool isSlow = now / 5000 % 2 == 1;
        done += (isSlow ? 0.5 : 1.0) * 200 / 60'000;
        pace.add(at(done), now);
        const auto left = pace.leftMs();
        if (before && left) {
            QVERIFY2(std::abs(*left - *before) <= 6000, qPrintable(QString::number(now)));
        }
        before = left;
    }
}

void TestPace::standingStill()
{
    Pace pace;
    qint64 now = 0;
    for (; now <= 10'000; now += 200) {
        pace.add(at(double(now) / 40'000, now * 1000), now);
    }
    QVERIFY(pace.leftMs() && pace.bytesPerSecond());
    for (; now <= 30'000; now += 200) {
        pace.add(at(0.25, 10'000'000), now);
    }
    QVERIFY(!pace.leftMs());
    QVERIFY(pace.text().isEmpty());
}

/// Ten times as fast all of a sudden: no forecast until the average has come nearer.
void TestPace::fromSlowToFast()
{
    Pace pace;
    double done = 0;
    qint64 now = 0;
    for (; now <= 20'000; now += 200) {
        done += 200.0 / 400'000;
        pace.add(at(done), now);
    }
    QVERIFY(pace.leftMs());
    bool wasSilent = false;
    for (; done < 0.9; now += 200) {
        done += 200.0 / 40'000;
        pace.add(at(done), now);
        wasSilent = wasSilent || !pace.leftMs();
    }
    QVERIFY(wasSilent);
    QVERIFY(pace.leftMs());
    QVERIFY(*pace.leftMs() < 15'000);
}

void TestPace::anotherStepHasARateOfItsOwn()
{
    Pace pace;
    qint64 now = 0;
    for (; now <= 10'000; now += 200) {
        pace.add(at(double(now) / 40'000, now * 1000), now);
    }
    pace.add(at(0.26), now); // indexes: nothing is moved
    QVERIFY(!pace.bytesPerSecond());
    for (qint64 moved = 0; moved <= 3000; moved += 200) {
        now += 200;
        pace.add(at(0.26 + double(moved) / 40'000, moved * 5000), now);
    }
    QVERIFY(std::abs(*pace.bytesPerSecond() - 5e6) < 5e4);
}

void TestPace::unknownTotal()
{
    Pace pace;
    for (qint64 now = 0; now <= 10'000; now += 200) {
        pace.add({QStringLiteral("Reading"), 0, 0, {}}, now);
    }
    QVERIFY(pace.text().isEmpty());
}

void TestPace::durations_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("seconds") << qint64(40'400) << QStringLiteral("40 s");
    QTest::newRow("minutes") << qint64(185'000) << QStringLiteral("3 min 5 s");
    QTest::newRow("whole minutes") << qint64(180'000) << QStringLiteral("3 min");
    QTest::newRow("hours") << qint64(4'200'000) << QStringLiteral("1 h 10 min");
}

void TestPace::durations()
{
    QFETCH(const qint64, ms);
    QTEST(Pace::durationText(ms), "text");
}

void TestPace::text()
{
    QLocale::setDefault(QLocale::c());
    Pace pace;
    for (qint64 now = 0; now <= 10'000; now += 200) {
        pace.add(at(double(now) / 50'000, now * 12'897), now);
    }
    QCOMPARE(pace.text(), QStringLiteral("12.3 MB/s, about 40 s left"));
}

QTEST_GUILESS_MAIN(TestPace)
#include "tst_pace.moc"

#include "storage/keptvariables.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace Roost;

class TestKeptVariables : public QObject
{
    Q_OBJECT

private slots:
    void keepsAndForgets()
    {
        QTemporaryDir folder;
        const KeptVariables kept(folder.filePath("roost.db"));
        QVERIFY(kept.all("a"));
        QVERIFY(kept.all("a")->isEmpty());
        const QDateTime first = QDateTime::fromString("2026-11-28T04:00:00.001Z", Qt::ISODateWithMs);
        const QDateTime second = first.addMSecs(1);
        QVERIFY(kept.add(
            {{"1", "a", "srv-1", "DATABASE_URI", true, first}, {"2", "a", "srv-1", "DATABASE_URL", false, first}}));
        QVERIFY(kept.add({{"3", "a", "evg-1", "DATABASE_URI", true, second}, {"4", "b", "srv-1", "X", true, second}}));

        const auto newest = kept.newest("a", {"srv-1", "evg-1"});
        QVERIFY(newest);
        QCOMPARE(newest->size(), 1);
        QCOMPARE(newest->first().id, "3");
        const auto ofService = kept.newest("a", {"srv-1"});
        QVERIFY(ofService);
        QCOMPARE(ofService->size(), 2);
        QCOMPARE(ofService->at(0).replacedAt, first);
        QVERIFY(ofService->at(0).existed);
        QVERIFY(!ofService->at(1).existed);

        QVERIFY(kept.remove({"1", "2"}));
        QVERIFY(kept.newest("a", {"srv-1"})->isEmpty());
        QCOMPARE(kept.all("b")->size(), 1);
    }

    void addsAllOrNone()
    {
        QTemporaryDir folder;
        const KeptVariables kept(folder.filePath("roost.db"));
        const QDateTime now = QDateTime::currentDateTimeUtc();
        QVERIFY(!kept.add({{"1", "a", "srv-1", "A", true, now}, {"1", "a", "srv-1", "B", true, now}}));
        QVERIFY(kept.all("a")->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestKeptVariables)
#include "tst_keptvariables.moc"

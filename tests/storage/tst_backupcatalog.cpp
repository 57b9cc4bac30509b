// The list of backups: what is put in comes back, numbers only go up, and an older file is brought up to date.

#include "storage/backupcatalog.h"
#include "storage/profilestore.h"

#include <QDir>
#include <QFileInfo>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace Roost;

namespace {

BackupRecord record(const QString &file)
{
    BackupRecord made;
    made.origin = BackupRecord::Origin::Scheduled;
    made.file = file;
    made.instanceId = QStringLiteral("id'1");
    made.instanceName = QStringLiteral("birds ä");
    made.host = QStringLiteral("dpg-x-a");
    made.database = QStringLiteral("bird_app_db");
    made.takenAt = QDateTime(QDate(2026, 11, 28), QTime(1, 2, 3, 45), Qt::UTC);
    made.sizeBytes = qint64(5) << 32;
    made.sha256 = "abc";
    made.serverVersion = QStringLiteral("15.20");
    made.toolVersion = QStringLiteral("15.20");
    made.tables = 3;
    made.rows = 54;
    made.proof = BackupRecord::Proof::Read;
    made.provenAt = made.takenAt.addSecs(5);
    made.note = QStringLiteral("before the \"migration\"");
    return made;
}

/// All that a record says, in one text.
QString told(const BackupRecord &r)
{
    return QStringList{QString::number(int(r.origin)),
                       r.file,
                       r.instanceId,
                       r.instanceName,
                       r.host,
                       r.database,
                       r.takenAt.toString(Qt::ISODateWithMs),
                       QString::number(r.sizeBytes),
                       QString::fromLatin1(r.sha256),
                       r.serverVersion,
                       r.toolVersion,
                       QString::number(r.tables),
                       QString::number(r.rows),
                       QString::number(int(r.proof)),
                       r.provenAt.toString(Qt::ISODateWithMs),
                       r.note,
                       r.secondCopy,
                       r.problem,
                       r.log}
        .join(u'|');
}

} // namespace

class TestBackupCatalog : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath("home/roost.sqlite");
    }

    void aRecordComesBackAsItWas()
    {
        const BackupCatalog catalog(m_file);
        const BackupRecord first = record(QStringLiteral("/b/1.dump"));
        const auto number = catalog.add(first);
        QVERIFY(number.has_value());
        const auto back = catalog.byNumber(*number);
        QVERIFY(back.has_value());
        QCOMPARE(told(*back), told(first));
        QCOMPARE(back->takenAt, first.takenAt);
        QCOMPARE(back->id(), QStringLiteral("b1"));
        BackupRecord none;
        none.problem = QStringLiteral("refused");
        QVERIFY(catalog.add(none).has_value());
        const auto all = catalog.all();
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 2);
        QVERIFY(all->first().isFailure()); // the latest first
        QCOMPARE(told(all->first()), told(none));
    }

    void nothingIsMadeByReading()
    {
        const BackupCatalog catalog(m_file);
        QVERIFY(catalog.all()->isEmpty());
        QCOMPARE(catalog.byNumber(1).error().code, ErrorCode::NotFound);
        QVERIFY(catalog.remove(1).has_value());
        QVERIFY(!QFileInfo::exists(m_file));
    }

    void numbersAreNeverGivenTwice()
    {
        const BackupCatalog catalog(m_file);
        QCOMPARE(*catalog.add(record(QStringLiteral("/b/1.dump"))), 1);
        QCOMPARE(*catalog.add(record(QStringLiteral("/b/2.dump"))), 2);
        QVERIFY(catalog.remove(2).has_value());
        QCOMPARE(*catalog.add(record(QStringLiteral("/b/3.dump"))), 3);
        // A name is used again when the file is gone: the old record goes with it.
        QCOMPARE(*catalog.add(record(QStringLiteral("/b/1.dump"))), 4);
        QCOMPARE(catalog.all()->size(), 2);
    }

    void changed()
    {
        const BackupCatalog catalog(m_file);
        BackupRecord one = record(QStringLiteral("/b/1.dump"));
        one.number = *catalog.add(one);
        one.file = QStringLiteral("/b/renamed.dump");
        one.proof = BackupRecord::Proof::Restored;
        one.note.clear();
        one.secondCopy = QStringLiteral("/usb/1.dump");
        QVERIFY(catalog.update(one).has_value());
        QCOMPARE(told(*catalog.byNumber(one.number)), told(one));
        one.number = 99;
        QCOMPARE(catalog.update(one).error().code, ErrorCode::NotFound);
    }

    void failuresDoNotPileUp()
    {
        const BackupCatalog catalog(m_file);
        QVERIFY(catalog.add(record(QStringLiteral("/b/1.dump"))).has_value());
        BackupRecord failed;
        failed.log = QString(100'000, u'x') + QStringLiteral("the end");
        for (int i = 0; i < 205; ++i) {
            QVERIFY(catalog.add(failed).has_value());
        }
        const auto all = catalog.all();
        QCOMPARE(all->size(), 201);
        QVERIFY(all->first().log.endsWith(QStringLiteral("the end")));
        QVERIFY(all->first().log.size() <= 64 * 1024);
        QCOMPARE(all->last().file, QStringLiteral("/b/1.dump"));
    }

    void anOlderFileIsBroughtUpToDate()
    {
        {
            // As it was before there was a list of backups, or anything else but connections.
            QVERIFY(QDir().mkpath(QFileInfo(m_file).path()));
            QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "test");
            database.setDatabaseName(m_file);
            QVERIFY(database.open());
            for (const char *statement :
                 {"CREATE TABLE profile (id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE, host TEXT NOT NULL, "
                  "port INTEGER NOT NULL, user TEXT NOT NULL, database TEXT NOT NULL, tls TEXT NOT NULL, "
                  "root_certificate_file TEXT NOT NULL, secret_is_stored INTEGER NOT NULL, created_on TEXT)",
                  "INSERT INTO profile VALUES ('1', 'birds', 'localhost', 5432, 'u', 'd', 'optional', '', 0, "
                  "'2026-11-01')",
                  "PRAGMA user_version = 1"}) {
                QVERIFY(QSqlQuery(database).exec(QString::fromLatin1(statement)));
            }
        }
        QSqlDatabase::removeDatabase("test");
        QCOMPARE(*BackupCatalog(m_file).add(record(QStringLiteral("/b/1.dump"))), 1);
        const auto profiles = ProfileStore(m_file).all();
        QCOMPARE(profiles->size(), 1);
        QCOMPARE(profiles->first().createdOn, QDate(2026, 11, 1));
        QCOMPARE(profiles->first().accountId, QString());
    }

    void ids()
    {
        QCOMPARE(BackupRecord::numberOf(QStringLiteral("b12")), 12);
        for (const QString &no :
             {QStringLiteral("12"), QStringLiteral("b"), QStringLiteral("b0"), QStringLiteral("b-1"),
              QStringLiteral("b1x"), QStringLiteral("b 1"), QStringLiteral("b01"), QString()}) {
            QCOMPARE(BackupRecord::numberOf(no), 0);
        }
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

QTEST_GUILESS_MAIN(TestBackupCatalog)
#include "tst_backupcatalog.moc"

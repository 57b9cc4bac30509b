// What is kept of backups, what may be removed, and what can be done with their files.

#include "operations/backup.h"
#include "operations/backupfileverbs.h"
#include "operations/backuplist.h"
#include "operations/listedbackup.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace Roost;
using namespace Roost::Testing;

using Origin = BackupRecord::Origin;
using Proof = BackupRecord::Proof;

class TestBackupList : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void whatRetentionRemoves_data();
    void whatRetentionRemoves();
    void retentionNeverRemovesTheLastProven();
    void listed();
    void failureIsListedWithItsLog();
    void cancelledIsNotListed();
    void wholeInstance();
    void oneOfTheInstanceFails();
    void keepsTheLastN();
    void renamed();
    void removed();
    void secondCopy();
    void changedDumpIsNotCopied();
    void takenIn();
    void importedWithAndWithoutProof();
    void verificationIsRecorded();

private:
    Result<Backup> take(const QString &name, Origin origin = Origin::Made)
    {
        JobContext context;
        const ListedBackupRequest request{
            {m_cluster.spec(QStringLiteral("birds")), m_folder->filePath(name)}, origin, m_instance, m_instance, {}};
        return backUpListed(request, *m_catalog, context);
    }
    QList<ListedBackup> list() const { return *listBackups(*m_catalog, m_folder->path()); }
    BackupRecord latest() const { return list().first().record; }

    TemporaryCluster m_cluster;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QTemporaryDir> m_elsewhere;
    std::unique_ptr<BackupCatalog> m_catalog;
    const QString m_instance = QStringLiteral("instance");
};

namespace {

ListedBackup listedBackup(Origin origin, Proof proof, bool isThere = true, const QString &note = {})
{
    ListedBackup backup;
    backup.record.origin = origin;
    backup.record.proof = proof;
    backup.record.note = note;
    backup.record.file = QStringLiteral("/b.dump");
    backup.record.instanceId = QStringLiteral("i");
    backup.record.database = QStringLiteral("d");
    backup.isThere = isThere;
    return backup;
}

/// S: scheduled and read back, R: scheduled, restored and compared, M: made by hand, N: scheduled with a note, B:
/// broken, g: gone, O: of another database; the latest first.
QList<ListedBackup> backups(const QString &letters)
{
    QList<ListedBackup> list;
    for (const QChar letter : letters) {
        ListedBackup one = listedBackup(letter == u'M' ? Origin::Made : Origin::Scheduled,
                                        letter == u'R'   ? Proof::Restored
                                        : letter == u'B' ? Proof::Broken
                                                         : Proof::Read,
                                        letter != u'g', letter == u'N' ? QStringLiteral("keep me") : QString());
        if (letter == u'O') {
            one.record.database = QStringLiteral("other");
        }
        one.record.number = letters.size() - list.size();
        list += one;
    }
    return list;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void TestBackupList::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("birds"));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE birds (id serial PRIMARY KEY, name text);"
                                  "INSERT INTO birds (name) SELECT 'bird ' || n FROM generate_series(1, 300) n"),
                   QStringLiteral("birds"));
}

void TestBackupList::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_elsewhere = std::make_unique<QTemporaryDir>();
    m_catalog = std::make_unique<BackupCatalog>(m_elsewhere->filePath(QStringLiteral("roost.sqlite")));
}

void TestBackupList::whatRetentionRemoves_data()
{
    QTest::addColumn<QString>("letters");
    QTest::addColumn<int>("keep");
    QTest::addColumn<QString>("removed"); // places, from the left
    QTest::newRow("the oldest") << "SSSS" << 2 << "2,3";
    QTest::newRow("fewer than that") << "SS" << 3 << "";
    QTest::newRow("one by hand neither counts nor goes") << "SMSMS" << 1 << "2,4";
    QTest::newRow("the last restored one stays") << "SSRSR" << 1 << "1,3,4";
    QTest::newRow("a note") << "SNSS" << 1 << "2,3";
    QTest::newRow("gone ones do not count") << "ggSSS" << 2 << "4";
    QTest::newRow("broken ones do not count and stay") << "BBSBS" << 1 << "4";
    QTest::newRow("others do not count") << "OOSOS" << 1 << "4";
    QTest::newRow("keep nothing still keeps the last") << "SSS" << 0 << "1,2";
}

void TestBackupList::whatRetentionRemoves()
{
    QFETCH(QString, letters);
    QFETCH(int, keep);
    QFETCH(QString, removed);
    QStringList places;
    for (const BackupRecord &record : retirable(backups(letters), QStringLiteral("i"), QStringLiteral("d"), keep)) {
        places += QString::number(letters.size() - record.number);
    }
    QCOMPARE(places.join(u','), removed);
}

void TestBackupList::retentionNeverRemovesTheLastProven()
{
    QRandomGenerator random(4711);
    for (int round = 0; round < 20'000; ++round) {
        QString letters;
        for (int n = random.bounded(12); n >= 0; --n) {
            letters += QStringLiteral("SRMNBgO").at(random.bounded(7));
        }
        const int keep = random.bounded(5);
        QList<ListedBackup> left = backups(letters);
        const auto gone = retirable(left, QStringLiteral("i"), QStringLiteral("d"), keep);
        const BackupRecord before = lastProven(left, QStringLiteral("i"), QStringLiteral("d"));
        for (const BackupRecord &record : gone) {
            QCOMPARE(record.origin, Origin::Scheduled);
            QVERIFY(record.note.isEmpty());
            QCOMPARE(record.database, QStringLiteral("d"));
            left.removeIf([&](const ListedBackup &backup) { return backup.record.number == record.number; });
        }
        QCOMPARE(lastProven(left, QStringLiteral("i"), QStringLiteral("d")).number, before.number);
        const auto restored = letters.count(u'R');
        QVERIFY(restored == 0 || std::any_of(left.begin(), left.end(), [](const ListedBackup &backup) {
                    return backup.record.proof == Proof::Restored;
                }));
        QVERIFY(letters.count(QRegularExpression(QStringLiteral("[SRN]"))) - gone.size() >=
                qMin<qsizetype>(keep, letters.count(QRegularExpression(QStringLiteral("[SRN]")))));
    }
}

void TestBackupList::listed()
{
    const auto backup = take(QStringLiteral("a.dump"));
    QVERIFY2(backup.has_value(), qPrintable(backup ? QString() : backup.error().message));
    const QList<ListedBackup> all = list();
    QCOMPARE(all.size(), 1);
    QVERIFY(all.first().isThere);
    QVERIFY(all.first().hasManifest);
    const BackupRecord &record = all.first().record;
    QCOMPARE(record.file, backup->file);
    QCOMPARE(record.rows, 300);
    QCOMPARE(record.sha256, backup->sha256);
    QCOMPARE(record.instanceId, m_instance);
    QCOMPARE(record.database, QStringLiteral("birds"));
    QCOMPARE(record.proof, Proof::Read);
    QCOMPARE(lastProven(all, m_instance, QStringLiteral("birds")).number, record.number);

    QVERIFY(QFile::resize(backup->file, backup->sizeBytes - 1));
    QVERIFY(!list().first().isThere); // not the file that was made
    QCOMPARE(lastProven(list(), m_instance, QStringLiteral("birds")).number, 0);
}

void TestBackupList::failureIsListedWithItsLog()
{
    m_cluster.spec(QStringLiteral("locked"));
    m_cluster.psql(QStringLiteral("CREATE TABLE secret (id int)"), QStringLiteral("locked"));
    JobContext context;
    const ListedBackupRequest request{{m_cluster.spec(QStringLiteral("locked")), m_folder->filePath("x.dump")},
                                      Origin::Made,
                                      m_instance,
                                      m_instance,
                                      {}};
    const auto backup = backUpListed(request, *m_catalog, context);
    QVERIFY(!backup.has_value());
    const BackupRecord record = latest();
    QVERIFY(record.isFailure());
    QCOMPARE(record.problem, backup.error().message);
    QCOMPARE(record.database, QStringLiteral("locked"));
    QVERIFY(record.takenAt.isValid());
}

void TestBackupList::cancelledIsNotListed()
{
    std::stop_source stop;
    stop.request_stop();
    JobContext context(stop.get_token());
    const ListedBackupRequest request{{m_cluster.spec(QStringLiteral("birds")), m_folder->filePath("x.dump")},
                                      Origin::Made,
                                      m_instance,
                                      m_instance,
                                      {}};
    const auto backup = backUpListed(request, *m_catalog, context);
    QVERIFY(!backup.has_value());
    QVERIFY(backup.error().isCancelled());
    QVERIFY(list().isEmpty());
}

void TestBackupList::wholeInstance()
{
    TemporaryCluster cluster;
    QVERIFY(cluster.start());
    cluster.spec(QStringLiteral("birds"));
    cluster.spec(QStringLiteral("odd \"name\"/x"));
    cluster.psql(QStringLiteral("CREATE TABLE t (id int)"), QStringLiteral("birds"));
    double last = -1;
    bool wentBack = false;
    JobContext context({}, [&](const Progress &progress) {
        wentBack = wentBack || progress.fraction() < last;
        last = progress.fraction();
    });
    const InstanceBackupRequest request{cluster.superuser(QStringLiteral("birds")), m_folder->path(), Origin::Made,
                                        m_instance, m_instance};
    const auto report = backUpInstance(request, *m_catalog, context);
    QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
    QVERIFY(!wentBack);
    QVERIFY(last > 0.99);
    QStringList databases;
    for (const ListedBackup &backup : list()) {
        QVERIFY(backup.isThere);
        databases += backup.record.database;
    }
    databases.sort();
    QVERIFY2(databases.contains(QStringLiteral("birds")) && databases.contains(QStringLiteral("odd \"name\"/x")),
             qPrintable(databases.join(u';')));
    QVERIFY(!databases.contains(QStringLiteral("postgres"))); // nothing is in it
    cluster.psql(QStringLiteral("CREATE TABLE here_too (id int)"), QStringLiteral("postgres"));
    const auto again = backUpInstance(request, *m_catalog, context);
    QVERIFY(again.has_value());
    QCOMPARE(again->made.size(), report->made.size() + 1);
}

void TestBackupList::oneOfTheInstanceFails()
{
    TemporaryCluster cluster;
    QVERIFY(cluster.start());
    cluster.spec(QStringLiteral("fine"));
    const ConnectionSpec owner = cluster.spec(QStringLiteral("bad"));
    cluster.psql(QStringLiteral("CREATE TABLE secret (id int)"), QStringLiteral("bad"));
    JobContext context;
    const auto report =
        backUpInstance({owner, m_folder->path(), Origin::Made, m_instance, m_instance}, *m_catalog, context);
    QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
    QCOMPARE(report->failed.size(), 1);
    QCOMPARE(report->failed.first().database, QStringLiteral("bad"));
    QVERIFY(report->made.size() >= 1);
    QVERIFY(std::any_of(report->made.begin(), report->made.end(),
                        [](const Backup &backup) { return backup.database == u"fine"; }));
}

void TestBackupList::keepsTheLastN()
{
    for (int n = 0; n < 4; ++n) {
        QVERIFY(take(QStringLiteral("s%1.dump").arg(n), Origin::Scheduled).has_value());
    }
    QVERIFY(take(QStringLiteral("byhand.dump")).has_value());
    const auto gone = retire(*m_catalog, m_folder->path(), m_instance, QStringLiteral("birds"), 2, JobContext());
    QVERIFY(gone.has_value());
    QCOMPARE(gone->size(), 2);
    QStringList left = QDir(m_folder->path()).entryList(QDir::Files);
    left.sort();
    QCOMPARE(left.join(u' '), QStringLiteral("byhand.dump byhand.dump.json s2.dump s2.dump.json s3.dump s3.dump.json"));
    QCOMPARE(list().size(), 3);
}

void TestBackupList::renamed()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    const QByteArray content = contentOf(m_folder->filePath("a.dump"));
    const auto done = renameBackup(*m_catalog, latest(), QStringLiteral("before the exam"));
    QVERIFY(done.has_value());
    QCOMPARE(done->file, m_folder->filePath("before the exam.dump"));
    QCOMPARE(contentOf(done->file), content);
    QVERIFY(manifestOf(done->file).has_value());
    QCOMPARE(list().size(), 1);
    QVERIFY(list().first().isThere);

    QVERIFY(take(QStringLiteral("b.dump")).has_value());
    const auto taken = renameBackup(*m_catalog, latest(), QStringLiteral("before the exam"));
    QCOMPARE(taken.error().code, ErrorCode::AlreadyExists);
    QVERIFY(manifestOf(m_folder->filePath("b.dump")).has_value());
    for (const QString &bad : {QStringLiteral("../x"), QStringLiteral(" "), QStringLiteral(".hidden")}) {
        QCOMPARE(renameBackup(*m_catalog, latest(), bad).error().code, ErrorCode::InvalidInput);
    }
    QVERIFY(QFile::remove(m_folder->filePath("b.dump")));
    QCOMPARE(renameBackup(*m_catalog, latest(), QStringLiteral("c")).error().code, ErrorCode::NotFound);
}

void TestBackupList::removed()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    QVERIFY(removeBackup(*m_catalog, latest(), Removal::ForGood).has_value());
    QVERIFY(QDir(m_folder->path()).isEmpty());
    QVERIFY(list().isEmpty());
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    QVERIFY(QFile::remove(m_folder->filePath("a.dump"))); // by the user, meanwhile
    QVERIFY(removeBackup(*m_catalog, latest(), Removal::ForGood).has_value());
    QVERIFY(list().isEmpty());
}

void TestBackupList::secondCopy()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    const QString second = m_elsewhere->filePath("stick");
    QCOMPARE(copyBackup(*m_catalog, latest(), second, JobContext()).error().code, ErrorCode::NotFound);
    QVERIFY(QDir().mkdir(second));
    const auto copied = copyBackup(*m_catalog, latest(), second, JobContext());
    QVERIFY2(copied.has_value(), qPrintable(copied ? QString() : copied.error().message));
    QCOMPARE(copied->secondCopy, second + QStringLiteral("/a.dump"));
    QCOMPARE(contentOf(copied->secondCopy), contentOf(m_folder->filePath("a.dump")));
    QCOMPARE(contentOf(manifestFileOf(copied->secondCopy)), contentOf(m_folder->filePath("a.dump.json")));
    QCOMPARE(latest().secondCopy, copied->secondCopy);
    QCOMPARE(copyBackup(*m_catalog, latest(), second, JobContext()).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(QDir(second).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 2);

    std::stop_source stop;
    stop.request_stop();
    const QString third = m_elsewhere->filePath("third");
    QVERIFY(QDir().mkdir(third));
    QVERIFY(copyBackup(*m_catalog, latest(), third, JobContext(stop.get_token())).error().isCancelled());
    QVERIFY(QDir(third).isEmpty());
}

void TestBackupList::changedDumpIsNotCopied()
{
    const auto backup = take(QStringLiteral("a.dump"));
    QVERIFY(backup.has_value());
    QByteArray content = contentOf(backup->file);
    content[content.size() / 2] = char(content[content.size() / 2] ^ 1);
    QFile file(backup->file);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const QString second = m_elsewhere->filePath("stick");
    QVERIFY(QDir().mkdir(second));
    QCOMPARE(copyBackup(*m_catalog, latest(), second, JobContext()).error().code, ErrorCode::InvalidInput);
    QVERIFY(QDir(second).isEmpty());
}

void TestBackupList::takenIn()
{
    JobContext context;
    QVERIFY(backUp({m_cluster.spec(QStringLiteral("birds")), m_folder->filePath("unknown.dump")}, context).has_value());
    const QList<ListedBackup> all = list();
    QCOMPARE(all.size(), 1);
    QCOMPARE(all.first().record.database, QStringLiteral("birds"));
    QCOMPARE(all.first().record.rows, 300);
    QCOMPARE(all.first().record.proof, Proof::Read);
    QCOMPARE(list().size(), 1); // once
}

void TestBackupList::importedWithAndWithoutProof()
{
    JobContext context;
    const QString foreign = m_elsewhere->filePath("theirs.backup");
    QVERIFY(backUp({m_cluster.spec(QStringLiteral("birds")), foreign}, context).has_value());
    const auto withProof = importBackup(*m_catalog, foreign, m_folder->path(), context);
    QVERIFY2(withProof.has_value(), qPrintable(withProof ? QString() : withProof.error().message));
    QCOMPARE(withProof->file, m_folder->filePath("theirs.dump"));
    QCOMPARE(withProof->proof, Proof::Read);
    QVERIFY(QFile::remove(foreign + ".json"));
    const auto without = importBackup(*m_catalog, foreign, m_folder->path(), context);
    QVERIFY(without.has_value());
    QCOMPARE(without->file, m_folder->filePath("theirs-2.dump"));
    QCOMPARE(without->proof, Proof::None);
    QCOMPARE(without->database, QStringLiteral("birds"));
    QCOMPARE(without->tables, 1);
    QCOMPARE(list().size(), 2);

    const QString text = m_elsewhere->filePath("no.dump");
    QFile file(text);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("SELECT 1;");
    file.close();
    QCOMPARE(importBackup(*m_catalog, text, m_folder->path(), context).error().code, ErrorCode::InvalidInput);
    QCOMPARE(list().size(), 2);
}

void TestBackupList::verificationIsRecorded()
{
    const auto backup = take(QStringLiteral("a.dump"));
    QVERIFY(backup.has_value());
    JobContext context;
    QVERIFY(verifyListed({backup->file, m_cluster.spec(QStringLiteral("birds"))}, *m_catalog, context).has_value());
    QCOMPARE(latest().proof, Proof::Restored);
    const QDateTime when = latest().provenAt;
    QVERIFY(verifyListed({backup->file, {}}, *m_catalog, context).has_value());
    QCOMPARE(latest().proof, Proof::Restored); // more was shown before
    QCOMPARE(latest().provenAt, when);
    // A server that is out of reach says nothing about the file.
    ConnectionSpec nowhere = m_cluster.spec(QStringLiteral("birds"));
    nowhere.parameters.port = 1;
    QVERIFY(!verifyListed({backup->file, nowhere}, *m_catalog, context).has_value());
    QCOMPARE(latest().proof, Proof::Restored);
    QVERIFY(QFile::resize(backup->file, backup->sizeBytes - 1));
    QVERIFY(!verifyListed({backup->file, {}}, *m_catalog, context).has_value());
    QCOMPARE(latest().proof, Proof::Broken);
    QVERIFY(!latest().problem.isEmpty());
}

QTEST_GUILESS_MAIN(TestBackupList)
#include "tst_backuplist.moc"

// A backup that lay about: whatever has become of it or of its proof is noticed, and nothing is restored from it
// unsaid.

#include "operations/backup.h"
#include "operations/restore.h"
#include "operations/verify.h"
#include "support/failuremessage.h"
#include "support/sampledatabase.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QByteArray contentsOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeFile(const QString &path, const QByteArray &contents)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(contents) != contents.size()) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

QByteArray flipped(QByteArray bytes, QRandomGenerator &random)
{
    const auto at = qsizetype(random.bounded(quint64(bytes.size())));
    bytes[at] = char(bytes.at(at) ^ (1 << random.bounded(8)));
    return bytes;
}

} // namespace

class TestVerifyFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void bitsOfTheArchive();
    void bitsOfTheProof();
    void mutilations_data();
    void mutilations();
    void flippedWithAProofToMatch();
    void clockWasWrong();

private:
    Result<Verification> verified() const
    {
        JobContext context;
        return verifyBackup({m_file, {}}, context);
    }
    Result<RestoreReport> restored()
    {
        JobContext context;
        RestoreRequest request;
        request.file = m_file;
        request.target = m_cluster.spec(QStringLiteral("shop")).withDatabase(QStringLiteral("never_made"));
        request.mode = RestoreMode::IntoNew;
        return restore(request, context);
    }
    QString proofFile() const { return manifestFileOf(m_file); }
    QString neverMade() const
    {
        return m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_database WHERE datname = 'never_made'"));
    }

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    QString m_file;
    QByteArray m_archive;
    QByteArray m_proof;
    QByteArray m_otherArchive; ///< of another database
    QByteArray m_otherProof;
    QByteArray m_laterProof; ///< of the same database, later
};

void TestVerifyFaults::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    fillSampleDatabase(m_cluster, QStringLiteral("shop"));
    fillSampleDatabase(m_cluster, QStringLiteral("other"), 60);
    const auto take = [this](const QString &database, QByteArray &archive, QByteArray &proof) {
        JobContext context;
        const QString file = m_folder.filePath(QStringLiteral("taken.dump"));
        const auto backup = backUp({m_cluster.spec(database), file}, context);
        QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message));
        archive = contentsOf(file);
        proof = contentsOf(manifestFileOf(file));
        QVERIFY(QFile::remove(file) && QFile::remove(manifestFileOf(file)));
    };
    QByteArray later;
    take(QStringLiteral("shop"), m_archive, m_proof);
    take(QStringLiteral("other"), m_otherArchive, m_otherProof);
    m_cluster.psql(QStringLiteral("UPDATE birds SET note = 'later' WHERE id = 1"), QStringLiteral("shop"));
    take(QStringLiteral("shop"), later, m_laterProof);
    m_file = m_folder.filePath(QStringLiteral("taken.dump"));
}

void TestVerifyFaults::init()
{
    writeFile(m_file, m_archive);
    writeFile(proofFile(), m_proof);
    QVERIFY(verified());
}

void TestVerifyFaults::bitsOfTheArchive()
{
    QRandomGenerator random(1);
    for (int i = 0; i < 200; ++i) {
        writeFile(m_file, flipped(m_archive, random));
        const auto refused = verified();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QCOMPARE(lackOf(refused.error()), QString());
    }
    for (int i = 0; i < 10; ++i) {
        writeFile(m_file, flipped(m_archive, random));
        const auto refused = restored();
        QVERIFY(!refused);
        QCOMPARE(lackOf(refused.error()), QString());
    }
    QCOMPARE(neverMade(), QStringLiteral("0"));
}

void TestVerifyFaults::bitsOfTheProof()
{
    QRandomGenerator random(2);
    for (int i = 0; i < 200; ++i) {
        const QByteArray damaged = flipped(m_proof, random);
        writeFile(proofFile(), damaged);
        const auto refused = verified();
        QVERIFY2(!refused, damaged.constData());
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QCOMPARE(lackOf(refused.error()), QString());
    }
}

void TestVerifyFaults::mutilations_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<QByteArray>("contents");
    QTest::addColumn<bool>("isRestored"); ///< at the user's word, and not called proven
    const auto archive = [](const char *name, const QByteArray &contents) {
        QTest::newRow(name) << QStringLiteral("archive") << contents << false;
    };
    const auto proof = [](const char *name, const QByteArray &contents, bool isRestored) {
        QTest::newRow(name) << QStringLiteral("proof") << contents << isRestored;
    };
    archive("archive cut by a byte", m_archive.chopped(1));
    archive("archive cut in half", m_archive.first(m_archive.size() / 2));
    archive("archive cut in its head", m_archive.first(300));
    archive("archive with a byte more", m_archive + '\0');
    archive("archive empty", "");
    archive("archive of zeros", QByteArray(m_archive.size(), '\0'));
    archive("archive of another database", m_otherArchive);
    archive("archive in a newer format", QByteArray(m_archive).replace(5, 2, "\x01\x63"));
    archive("archive that is a script", "--\n-- PostgreSQL database dump\n--\nSET x = 1;\n");
    archive("archive that is a letter", "Dear reader,\n");
    archive("archive with its proof as content", m_proof);
    proof("proof missing", "", true);
    proof("proof cut in half", m_proof.first(m_proof.size() / 2), true);
    proof("proof of zeros", QByteArray(m_proof.size(), '\0'), true);
    proof("proof of no backup", "{}", true);
    proof("proof that is a list", "[1, 2]", true);
    proof("proof that is the archive", m_archive, true);
    proof("proof of another backup", m_otherProof, false);
    proof("proof of a later backup", m_laterProof, false);
    proof("proof from a later Roost", QByteArray(m_proof).replace("\"roost_manifest\": 1", "\"roost_manifest\": 7"),
          true);
}

void TestVerifyFaults::mutilations()
{
    QFETCH(QString, part);
    QFETCH(QByteArray, contents);
    QFETCH(bool, isRestored);
    writeFile(part == u"archive" ? m_file : proofFile(), contents);
    if (part == u"proof" && contents.isEmpty()) {
        QVERIFY(QFile::remove(proofFile()));
    }
    const auto refused = verified();
    QVERIFY(!refused);
    QCOMPARE(lackOf(refused.error()), QString());
    const auto report = restored();
    QCOMPARE(report.has_value(), isRestored);
    if (report) {
        QVERIFY(!report->isProven);
        m_cluster.psql(QStringLiteral("DROP DATABASE never_made"));
    } else {
        QCOMPARE(lackOf(report.error()), QString());
        QCOMPARE(neverMade(), QStringLiteral("0"));
    }
}

/// Somebody made the proof anew for a file that is damaged: reading it whole, or comparing the copy, tells.
void TestVerifyFaults::flippedWithAProofToMatch()
{
    QRandomGenerator random(3);
    const auto original = Manifest::fromJson(m_proof);
    QVERIFY(original);
    int refused = 0;
    for (int i = 0; i < 10; ++i) {
        // In the rows, which are compressed and come last.
        QByteArray damaged = m_archive;
        const auto at = damaged.size() - 1 - qsizetype(random.bounded(quint64(damaged.size() / 3)));
        damaged[at] = char(damaged.at(at) ^ 0x10);
        Manifest manifest = *original;
        manifest.dumpSha256 = QCryptographicHash::hash(damaged, QCryptographicHash::Sha256).toHex();
        writeFile(m_file, damaged);
        writeFile(proofFile(), manifest.toJson());
        const auto report = restored();
        if (report) {
            // Not a bit of the rows then, but one that nobody reads.
            QVERIFY(report->isProven);
            m_cluster.psql(QStringLiteral("DROP DATABASE never_made"));
        } else {
            ++refused;
            QCOMPARE(lackOf(report.error()), QString());
        }
        QCOMPARE(neverMade(), QStringLiteral("0"));
    }
    QVERIFY(refused > 5);
}

/// The computer's clock was ten years ahead when it was taken.
void TestVerifyFaults::clockWasWrong()
{
    auto manifest = Manifest::fromJson(m_proof);
    QVERIFY(manifest);
    manifest->takenAt = manifest->takenAt.addYears(10);
    writeFile(proofFile(), manifest->toJson());
    const auto verification = verified();
    QVERIFY(verification && verification->isProven());
    const auto report = restored();
    QVERIFY(report && report->isProven);
    m_cluster.psql(QStringLiteral("DROP DATABASE never_made"));
}

QTEST_GUILESS_MAIN(TestVerifyFaults)
#include "tst_verifyfaults.moc"

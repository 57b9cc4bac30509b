#include "storage/profilestore.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace Roost;

namespace {

Profile profile(const QString &id, const QString &name)
{
    Profile made;
    made.id = id;
    made.name = name;
    made.parameters = {"dpg-xyz-a.oregon-postgres.render.com",
                       5433,
                       "birds user",
                       "my-database",
                       TlsMode::Unverified,
                       "/etc/root.pem"};
    made.secretIsStored = true;
    made.createdOn = QDate(2026, 10, 24);
    return made;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

void runSql(const QString &path, const QString &sql)
{
    {
        QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", "test");
        database.setDatabaseName(path);
        QVERIFY(database.open());
        QVERIFY(QSqlQuery(database).exec(sql));
    }
    QSqlDatabase::removeDatabase("test");
}

} // namespace

class TestProfileStore : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath("home/roost.sqlite");
    }

    void aProfileComesBackAsItWas()
    {
        const ProfileStore store(m_file);
        const Profile birds = profile("1", "birds ä");
        QVERIFY(store.save(birds).has_value());
        QVERIFY(store.save(Profile{"2", "Another", {"localhost", 5432, "u", "", TlsMode::Optional, {}}, false, {}}));

        const auto all = store.all();
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 2);
        QCOMPARE(all->at(0).name, QString("Another"));
        const Result<Profile> back = store.byName("birds ä");
        QVERIFY(back.has_value());
        QCOMPARE(back->id, birds.id);
        QVERIFY(back->parameters == birds.parameters);
        QCOMPARE(back->secretIsStored, true);
        QCOMPARE(back->createdOn, birds.createdOn);
        QCOMPARE(store.byName("Another")->createdOn, QDate());
        QVERIFY(store.byName("Another")->parameters.tls == TlsMode::Optional);
    }

    void namesAreUnique()
    {
        const ProfileStore store(m_file);
        QVERIFY(store.save(profile("1", "birds")).has_value());
        const Result<void> second = store.save(profile("2", "birds"));
        QCOMPARE(second.error().code, ErrorCode::AlreadyExists);
        QVERIFY(second.error().message.contains("birds"));
        QVERIFY(store.save(profile("1", "owls")).has_value()); // renamed
        QVERIFY(store.save(profile("2", "birds")).has_value());
        QCOMPARE(store.save(profile("1", "birds")).error().code, ErrorCode::AlreadyExists);
        QCOMPARE(store.byName("owls")->id, QString("1"));
        QCOMPARE(store.all()->size(), 2);
    }

    void anUnknownNameNamesTheKnownOnes()
    {
        const ProfileStore store(m_file);
        QCOMPARE(store.byName("birds").error().code, ErrorCode::NotFound);
        QVERIFY(!QFile::exists(m_file)); // looking makes no file
        QVERIFY(store.save(profile("1", "owls")).has_value());
        QVERIFY(store.byName("birds").error().message.contains("owls"));
    }

    void removed()
    {
        const ProfileStore store(m_file);
        QVERIFY(store.remove("1").has_value());
        QVERIFY(store.save(profile("1", "birds")).has_value());
        QVERIFY(store.remove("1").has_value());
        QCOMPARE(store.all()->size(), 0);
    }

    void impossibleNames_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"", " ", " birds", "practice", "Practice", "env:URL", "a/b", "-x", ".x", "a\nb"}) {
            QTest::newRow(name) << name;
        }
        QTest::newRow("long") << QString(65, 'x');
    }
    void impossibleNames()
    {
        QFETCH(QString, name);
        QCOMPARE(ProfileStore(m_file).save(profile("1", name)).error().code, ErrorCode::InvalidInput);
        QVERIFY(!profileNameProblem(name).isEmpty());
    }

    void theFileIsForItsOwnerOnly()
    {
        const mode_t old = ::umask(0);
        const Result<void> saved = ProfileStore(m_file).save(profile("1", "birds"));
        ::umask(old);
        QVERIFY(saved.has_value());
        struct stat info = {};
        QCOMPARE(::stat(m_file.toUtf8().constData(), &info), 0);
        QCOMPARE(int(info.st_mode & 07777), 0600);
    }

    void aDamagedFileIsSetAside_data()
    {
        QTest::addColumn<bool>("wholly");
        QTest::newRow("not a database") << true;
        QTest::newRow("a damaged page") << false;
    }
    void aDamagedFileIsSetAside()
    {
        QFETCH(bool, wholly);
        const ProfileStore store(m_file);
        QVERIFY(store.save(profile("1", "birds")).has_value());
        QByteArray content = contentOf(m_file);
        if (wholly) {
            content = QByteArray(8192, 'x');
        } else {
            content.replace(4096, 4096, QByteArray(4096, '\xff'));
        }
        write(m_file, content);
        write(m_file + "-journal", "what is left of a journal");

        const auto all = store.all();
        QCOMPARE(all.error().code, ErrorCode::FileFailed);
        const QStringList kept = QDir(m_folder->filePath("home")).entryList({"roost.sqlite.damaged-*"}, QDir::Files);
        QVERIFY(!kept.isEmpty());
        QVERIFY2(all.error().message.contains(kept.first()), qPrintable(all.error().message));
        QCOMPARE(contentOf(m_folder->filePath("home/" + kept.first())), content);
        QVERIFY(!QFile::exists(m_file + "-journal"));
        // The next call begins anew.
        QCOMPARE(store.all()->size(), 0);
        QVERIFY(store.save(profile("1", "birds")).has_value());
        QCOMPARE(store.all()->size(), 1);
    }

    void anEmptyFileIsABeginning()
    {
        QVERIFY(QDir().mkpath(m_folder->filePath("home")));
        write(m_file, {});
        QCOMPARE(ProfileStore(m_file).all()->size(), 0);
        QVERIFY(ProfileStore(m_file).save(profile("1", "birds")).has_value());
    }

    void aNewerSchemaIsLeftAlone()
    {
        QVERIFY(ProfileStore(m_file).save(profile("1", "birds")).has_value());
        runSql(m_file, "PRAGMA user_version = 99");
        const QByteArray before = contentOf(m_file);
        QCOMPARE(ProfileStore(m_file).all().error().code, ErrorCode::Conflict);
        QCOMPARE(ProfileStore(m_file).save(profile("2", "owls")).error().code, ErrorCode::Conflict);
        QCOMPARE(contentOf(m_file), before);
    }

    void whereNothingCanBeWritten()
    {
        write(m_folder->filePath("home"), "a file where the folder should be");
        const Result<void> saved = ProfileStore(m_file).save(profile("1", "birds"));
        QCOMPARE(saved.error().code, ErrorCode::FileFailed);
        QVERIFY(saved.error().message.contains("ROOST_HOME"));
        QCOMPARE(ProfileStore("/proc/roost.sqlite").save(profile("1", "birds")).error().code, ErrorCode::FileFailed);
    }

    void aWriteThatFailsLeavesTheOldContent()
    {
        const ProfileStore store(m_file);
        QVERIFY(store.save(profile("1", "birds")).has_value());
        const QByteArray before = contentOf(m_file);
        // As on a full disk: no file can grow beyond what it is.
        const auto oldHandler = ::signal(SIGXFSZ, SIG_IGN);
        rlimit old = {};
        ::getrlimit(RLIMIT_FSIZE, &old);
        rlimit tight = old;
        tight.rlim_cur = rlim_t(before.size());
        ::setrlimit(RLIMIT_FSIZE, &tight);
        Profile big = profile("2", "owls");
        big.parameters.database = QString(100'000, 'x');
        const Result<void> saved = store.save(big);
        ::setrlimit(RLIMIT_FSIZE, &old);
        ::signal(SIGXFSZ, oldHandler);

        QVERIFY(!saved.has_value());
        QVERIFY(saved.error().code == ErrorCode::FileFailed || saved.error().code == ErrorCode::DiskFull);
        QCOMPARE(store.all()->size(), 1);
        QCOMPARE(store.byName("birds")->parameters.port, 5433);
    }

    void manyThreadsAtOnce()
    {
        QList<QThread *> threads;
        std::atomic<int> failures = 0;
        for (int n = 0; n < 8; ++n) {
            threads += QThread::create([this, n, &failures] {
                const ProfileStore store(m_file);
                for (int i = 0; i < 5; ++i) {
                    const QString name = QStringLiteral("%1-%2").arg(n).arg(i);
                    failures += store.save(profile(name, name)).has_value() ? 0 : 1;
                    failures += store.byName(name).has_value() ? 0 : 1;
                }
            });
        }
        for (QThread *thread : threads) {
            thread->start();
        }
        for (QThread *thread : threads) {
            QVERIFY(thread->wait(60'000));
            delete thread;
        }
        QCOMPARE(failures.load(), 0);
        QCOMPARE(ProfileStore(m_file).all()->size(), 40);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

QTEST_GUILESS_MAIN(TestProfileStore)
#include "tst_profilestore.moc"

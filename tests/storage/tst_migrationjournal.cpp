#include "storage/migrationjournal.h"
#include "support/syscallfault.h"

#include <QFile>
#include <QProcess>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString id = QStringLiteral("1a2b3c4d");
const QJsonObject plan{{"id", id}, {"name", "Vögel\nund mehr"}};

QByteArray contentOf(const QString &file)
{
    QFile from(file);
    return from.open(QIODevice::ReadOnly) ? from.readAll() : QByteArray();
}

void write(const QString &file, const QByteArray &content)
{
    QFile to(file);
    QVERIFY(to.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(to.write(content), content.size());
}

/// This program as another one: holds a journal, or appends to it while a system call fails.
int actAsOther(const QStringList &arguments)
{
    auto journal = MigrationJournal::open(arguments.value(3), arguments.value(4));
    const auto say = [](const QByteArray &word) { (void)!::write(1, word.constData(), size_t(word.size())); };
    if (arguments.value(2) == u"hold") {
        say(journal ? "held\n" : "refused\n");
        while (journal) {
            ::pause();
        }
        return 0;
    }
    if (!journal || !failSystemCall(arguments.value(5).toInt(), arguments.value(6).toInt())) {
        return 3;
    }
    const auto done = (*journal)->append("backup", "begin");
    return done ? 0 : done.error().code == ErrorCode::DiskFull ? 1 : 2;
}

} // namespace

class TestMigrationJournal : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void keepsWhatItIsTold()
    {
        const QString folder = m_folder->filePath("journals");
        const mode_t before = ::umask(0);
        auto made = MigrationJournal::create(folder, id, plan);
        ::umask(before);
        QVERIFY(made);
        QList<qint64> told;
        (*made)->setOnAppended([&told](const MigrationEvent &event) { told += event.sequence; });
        QVERIFY((*made)->append("freeze", "begin"));
        QVERIFY((*made)->append("freeze", "note", {{"services", QJsonObject{{"srv-1", "asked"}}}}));
        QCOMPARE(told, QList<qint64>({2, 3}));
        struct stat status = {};
        QCOMPARE(::stat(qPrintable((*made)->file()), &status), 0);
        QCOMPARE(int(status.st_mode & 07777), 0600);
        QCOMPARE(::stat(qPrintable(folder), &status), 0);
        QCOMPARE(int(status.st_mode & 07777), 0700);
        // Read while it is open, and by whoever opens it next.
        const auto read = MigrationJournal::read(folder, id);
        QVERIFY(read);
        QCOMPARE(read->size(), 3);
        QCOMPARE(read->first().data, plan);
        QCOMPARE(read->last().data["services"]["srv-1"].toString(), QString("asked"));
        QCOMPARE(MigrationJournal::all(folder), QStringList{id});
        made->reset();
        const auto opened = MigrationJournal::open(folder, id);
        QVERIFY(opened);
        QCOMPARE((*opened)->events().size(), 3);
        QVERIFY((*opened)->append("freeze", "done"));
        QCOMPARE(MigrationJournal::read(folder, id)->last().sequence, 4);
    }

    void neverOverAnother()
    {
        const QString folder = m_folder->path();
        QVERIFY(MigrationJournal::create(folder, id, plan));
        const QByteArray before = contentOf(folder + "/1a2b3c4d.journal");
        const auto again = MigrationJournal::create(folder, id, {});
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(contentOf(folder + "/1a2b3c4d.journal"), before);
        for (const char *name : {"", "../x", ".hidden", "a/b"}) {
            QVERIFY(!MigrationJournal::create(folder, name, plan));
            QCOMPARE(MigrationJournal::open(folder, name).error().code, ErrorCode::NotFound);
        }
    }

    void cutOffAtEveryByte()
    {
        const QByteArray whole = written(5);
        QList<qsizetype> ends{0};
        for (qsizetype at = whole.indexOf('\n'); at >= 0; at = whole.indexOf('\n', at + 1)) {
            ends += at + 1;
        }
        QCOMPARE(ends.size(), 6);
        const QString file = m_folder->filePath("1a2b3c4d.journal");
        for (qsizetype size = 0; size <= whole.size(); ++size) {
            const auto lines = std::upper_bound(ends.begin(), ends.end(), size) - ends.begin() - 1;
            // Some file systems leave zeros where the data did not get to the disk any more.
            for (const QByteArray &tail : {QByteArray(), QByteArray(7, '\0'), QByteArray("\0\0\0\n", 4)}) {
                write(file, whole.left(size) + tail);
                const auto read = MigrationJournal::read(m_folder->path(), id);
                QVERIFY2(read, qPrintable(QString::number(size)));
                QCOMPARE(read->size(), lines);
                auto opened = MigrationJournal::open(m_folder->path(), id);
                QVERIFY(opened);
                QCOMPARE((*opened)->events().size(), lines);
                QCOMPARE(contentOf(file), whole.left(ends.at(lines)));
                QVERIFY((*opened)->append("backup", "note", {{"after", size}}));
                opened->reset();
                const auto after = MigrationJournal::read(m_folder->path(), id);
                QVERIFY(after);
                QCOMPARE(after->size(), lines + 1);
                QCOMPARE(after->last().sequence, lines + 1);
                QCOMPARE(after->last().data["after"].toInteger(), size);
            }
        }
    }

    void everyFlippedBitIsNoticed()
    {
        const QByteArray whole = written(4);
        const QString file = m_folder->filePath("1a2b3c4d.journal");
        for (qsizetype at = 0; at < whole.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                QByteArray damaged = whole;
                damaged[at] = char(uchar(damaged[at]) ^ (1U << bit));
                write(file, damaged);
                const auto read = MigrationJournal::read(m_folder->path(), id);
                if (read) {
                    // Only a last line without its end may be taken for one that was cut off, or one with a zero in it.
                    QVERIFY(at >= whole.chopped(1).lastIndexOf('\n'));
                    QVERIFY(read->size() < 4);
                    continue;
                }
                QCOMPARE(read.error().code, ErrorCode::InvalidInput);
                QVERIFY(read.error().message.contains(file));
                const auto opened = MigrationJournal::open(m_folder->path(), id);
                QVERIFY(!opened);
                QCOMPARE(contentOf(file), damaged);
            }
        }
    }

    void linesDoNotChangePlaces()
    {
        QList<QByteArray> lines = written(4).split('\n');
        lines.swapItemsAt(1, 2);
        write(m_folder->filePath("1a2b3c4d.journal"), lines.join('\n'));
        QCOMPARE(MigrationJournal::read(m_folder->path(), id).error().code, ErrorCode::InvalidInput);
        lines.removeAt(1);
        write(m_folder->filePath("1a2b3c4d.journal"), lines.join('\n'));
        QCOMPARE(MigrationJournal::read(m_folder->path(), id).error().code, ErrorCode::InvalidInput);
    }

    void oneHolderAtATime()
    {
        const QString folder = m_folder->path();
        QCOMPARE(MigrationJournal::holder(folder, id), 0);
        QVERIFY(MigrationJournal::create(folder, id, plan));
        QCOMPARE(MigrationJournal::holder(folder, id), 0);
        QProcess other;
        other.start(QCoreApplication::applicationFilePath(), {"--other", "hold", folder, id});
        QTRY_VERIFY(other.canReadLine() || other.state() == QProcess::NotRunning);
        QCOMPARE(other.readLine(), QByteArray("held\n"));
        QCOMPARE(MigrationJournal::holder(folder, id), other.processId());
        const auto refused = MigrationJournal::open(folder, id);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().message.contains(QString::number(other.processId())));
        QCOMPARE(MigrationJournal::create(folder, id, plan).error().code, ErrorCode::Conflict);
        QVERIFY(MigrationJournal::read(folder, id));
        // However it ends: what it held is free, and nothing remembers its number.
        QCOMPARE(::kill(pid_t(other.processId()), SIGKILL), 0);
        QVERIFY(other.waitForFinished());
        QCOMPARE(MigrationJournal::holder(folder, id), 0);
        const auto taken = MigrationJournal::open(folder, id);
        QVERIFY(taken);
        QCOMPARE(MigrationJournal::holder(folder, id), QCoreApplication::applicationPid());
        // Also within one program.
        QCOMPARE(MigrationJournal::open(folder, id).error().code, ErrorCode::Conflict);
    }

    /// The lock's file names a process that is another one by now, or one of another computer.
    void anOldNameLocksNobodyOut()
    {
        QVERIFY(MigrationJournal::create(m_folder->path(), id, plan));
        for (const QByteArray &name : {QByteArray::number(qlonglong(::getppid())) + " roost\n", QByteArray("1 x\n"),
                                       QByteArray("99999999 roost\nelsewhere\n"), QByteArray(4096, 'x')}) {
            write(m_folder->filePath("1a2b3c4d.journal.lock"), name);
            QCOMPARE(MigrationJournal::holder(m_folder->path(), id), 0);
            const auto opened = MigrationJournal::open(m_folder->path(), id);
            QVERIFY(opened);
            QCOMPARE(MigrationJournal::holder(m_folder->path(), id), QCoreApplication::applicationPid());
        }
    }

    void askingForTheHolderKeepsNobodyOut()
    {
        QVERIFY(MigrationJournal::create(m_folder->path(), id, plan));
        std::atomic<bool> isOver = false;
        const std::unique_ptr<QThread> asking(QThread::create([this, &isOver] {
            while (!isOver) {
                (void)MigrationJournal::holder(m_folder->path(), id);
            }
        }));
        asking->start();
        int refused = 0;
        for (int i = 0; i < 500; ++i) {
            refused += MigrationJournal::open(m_folder->path(), id) ? 0 : 1;
        }
        isOver = true;
        QVERIFY(asking->wait());
        QCOMPARE(refused, 0);
    }

    /// A line of which only a part could be written is taken away at once, also when that is all there is room for.
    void shortWritesAtEveryByte()
    {
        auto journal = MigrationJournal::create(m_folder->path(), id, plan);
        QVERIFY(journal);
        const QByteArray before = contentOf((*journal)->file());
        const auto oldHandler = ::signal(SIGXFSZ, SIG_IGN);
        rlimit old = {};
        ::getrlimit(RLIMIT_FSIZE, &old);
        for (int room = 0; room < 80; ++room) {
            rlimit tight = old;
            tight.rlim_cur = rlim_t(before.size() + room);
            ::setrlimit(RLIMIT_FSIZE, &tight);
            const auto appended = (*journal)->append("backup", "note", {{"x", "long enough"}});
            ::setrlimit(RLIMIT_FSIZE, &old);
            if (appended || appended.error().code != ErrorCode::DiskFull || contentOf((*journal)->file()) != before ||
                (*journal)->events().size() != 1) {
                ::signal(SIGXFSZ, oldHandler);
                QFAIL(qPrintable(QString::number(room)));
            }
        }
        ::signal(SIGXFSZ, oldHandler);
        QVERIFY((*journal)->append("backup", "note", {{"x", "long enough"}}));
        QCOMPARE(MigrationJournal::read(m_folder->path(), id)->size(), 2);
    }

    void callsThatFail_data()
    {
        QTest::addColumn<int>("call");
        QTest::addColumn<int>("error");
        QTest::addColumn<int>("ending");
        QTest::newRow("the disk does not confirm") << int(SYS_fsync) << EIO << 2;
        QTest::newRow("no room to confirm") << int(SYS_fsync) << ENOSPC << 1;
        QTest::newRow("nothing can be written") << int(SYS_write) << EIO << 2;
        QTest::newRow("no room to write") << int(SYS_write) << ENOSPC << 1;
        QTest::newRow("over the quota") << int(SYS_write) << EDQUOT << 1;
        QTest::newRow("no room to reserve") << int(SYS_fallocate) << ENOSPC << 1;
        QTest::newRow("cannot reserve") << int(SYS_fallocate) << EOPNOTSUPP << 0;
    }
    void callsThatFail()
    {
        QFETCH(int, call);
        QFETCH(int, error);
        QFETCH(int, ending);
        QVERIFY(MigrationJournal::create(m_folder->path(), id, plan));
        const QByteArray before = contentOf(m_folder->filePath("1a2b3c4d.journal"));
        const int code =
            QProcess::execute(QCoreApplication::applicationFilePath(), {"--other", "fault", m_folder->path(), id,
                                                                        QString::number(call), QString::number(error)});
        if (code == 3) {
            QSKIP("This system cannot make a system call fail.");
        }
        QCOMPARE(code, ending);
        if (code != 0) {
            QCOMPARE(contentOf(m_folder->filePath("1a2b3c4d.journal")), before);
        }
        QCOMPARE(MigrationJournal::read(m_folder->path(), id)->size(), code == 0 ? 2 : 1);
    }

    /// What was begun can be ended on a disk that became full meanwhile; nothing new is begun there.
    void aFullDisk()
    {
        const QByteArray mountPoint = QFile::encodeName(m_folder->path());
        if (::mount("tmpfs", mountPoint.constData(), "tmpfs", 0, "size=1m,mode=0700") != 0) {
            QSKIP("Only root can make a small disk.");
        }
        const auto gone = qScopeGuard([&] { ::umount2(mountPoint.constData(), MNT_DETACH); });
        auto journal = MigrationJournal::create(m_folder->path(), id, plan);
        QVERIFY(journal);
        QVERIFY((*journal)->append("backup", "begin"));
        QFile filler(m_folder->filePath("filler"));
        QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        while (filler.write(QByteArray(4096, 'x')) > 0) {
        }
        for (int i = 0; i < 20; ++i) {
            QVERIFY((*journal)->append("backup", "note", {{"i", i}, {"text", QString(1000, 'x')}}));
        }
        QVERIFY((*journal)->append("backup", "done"));
        const auto begun = (*journal)->append("prove", "begin");
        QVERIFY(!begun);
        QCOMPARE(begun.error().code, ErrorCode::DiskFull);
        QVERIFY(begun.error().message.contains("Make room"));
        QCOMPARE(MigrationJournal::read(m_folder->path(), id)->size(), 23);
        QCOMPARE(MigrationJournal::create(m_folder->path(), "other", plan).error().code, ErrorCode::DiskFull);
        QCOMPARE(MigrationJournal::all(m_folder->path()), QStringList{id});
        filler.remove();
        QVERIFY((*journal)->append("prove", "begin"));
        QCOMPARE(MigrationJournal::read(m_folder->path(), id)->size(), 24);
    }

    void aJournalThatWasRemoved()
    {
        auto journal = MigrationJournal::create(m_folder->path(), id, plan);
        QVERIFY(journal);
        QVERIFY(QFile::remove((*journal)->file()));
        const auto appended = (*journal)->append("backup", "begin");
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::FileFailed);
        journal->reset();
        QCOMPARE(MigrationJournal::open(m_folder->path(), id).error().code, ErrorCode::NotFound);
    }

    /// A beginning that was killed before the plan was on the disk has left no journal.
    void aBeginningThatWasCutOff()
    {
        write(m_folder->filePath("1a2b3c4d.journal.new"), "half a pl");
        QVERIFY(MigrationJournal::all(m_folder->path()).isEmpty());
        QVERIFY(MigrationJournal::create(m_folder->path(), id, plan));
        QCOMPARE(MigrationJournal::read(m_folder->path(), id)->size(), 1);
    }

    /// Their order is their numbers', whatever the clock said.
    void aClockThatGoesBack()
    {
        QVERIFY(MigrationJournal::create(m_folder->path(), id, plan));
        const QString file = m_folder->filePath("1a2b3c4d.journal");
        QFile touched(file);
        QVERIFY(touched.open(QIODevice::ReadWrite));
        QVERIFY(touched.setFileTime(QDateTime::currentDateTime().addYears(3), QFileDevice::FileModificationTime));
        touched.close();
        auto journal = MigrationJournal::open(m_folder->path(), id);
        QVERIFY(journal);
        QVERIFY((*journal)->append("backup", "begin"));
        QCOMPARE(MigrationJournal::read(m_folder->path(), id)->last().sequence, 2);
    }

private:
    /// The content of a journal with so many events.
    QByteArray written(int events)
    {
        QTemporaryDir folder;
        auto journal = MigrationJournal::create(folder.path(), id, plan);
        for (int i = 1; journal && i < events; ++i) {
            (void)(*journal)->append("backup", "note", {{"i", i}});
        }
        return journal ? contentOf((*journal)->file()) : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (application.arguments().value(1) == u"--other") {
        return actAsOther(application.arguments());
    }
    TestMigrationJournal test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrationjournal.moc"

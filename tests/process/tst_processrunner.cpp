#include "core/jobcontext.h"
#include "process/headtailbuffer.h"
#include "process/passwordfile.h"
#include "process/processrunner.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace Roost;

namespace {

QByteArray readProc(qint64 pid, const char *name)
{
    QFile file(QStringLiteral("/proc/%1/%2").arg(pid).arg(QLatin1String(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A zombie that nobody has reaped yet counts as gone: it runs nothing.
bool isAlive(qint64 pid)
{
    const QByteArray stat = readProc(pid, "stat");
    const qsizetype state = stat.lastIndexOf(')') + 2;
    return state > 1 && state < stat.size() && stat.at(state) != 'Z' && stat.at(state) != 'X';
}

ConnectionSpec specWith(const QString &password)
{
    ConnectionSpec spec;
    spec.parameters.host = QStringLiteral("db.example");
    spec.parameters.port = 5439;
    spec.parameters.user = QStringLiteral("bird user");
    spec.parameters.database = QStringLiteral("host=evil port=1");
    spec.parameters.rootCertificateFile = QStringLiteral("/roots.pem");
    spec.password = Secret(password);
    return spec;
}

/// Runs this very program with --run-child as an application of its own: it starts a child and waits for it.
int runAsApplication(const QString &script)
{
    ProcessCommand command;
    command.program = script;
    (void)runProcess(command, JobContext());
    return 0;
}

} // namespace

class TestProcessRunner : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void outcomeOfAChild();
    void crashIsToldApart();
    void missingAndForbiddenPrograms();
    void environmentIsBuiltFromNothing();
    void everyPasswordReachesTheChild_data();
    void everyPasswordReachesTheChild();
    void passwordIsReadableByOneChildOnly();
    void outputIsRedacted();
    void hugeOutputIsHeadAndTail();
    void linesArriveWhileItRuns();
    void cancelEndsASilentChild();
    void cancelEndsAChattyChild();
    void cancelKillsWhatIgnoresTerm();
    void timeoutEndsIt();
    void grandchildNeitherHangsNorStays();
    void childDiesWithTheApplication();
    void limitsOfTheChild();
    void runsOnAPlainThread();

private:
    QString script(const QByteArray &body);
    Result<ProcessOutcome> run(const QByteArray &body, const JobContext &context = JobContext());

    std::unique_ptr<QTemporaryDir> m_folder;
    int m_scripts = 0;
};

void TestProcessRunner::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TestProcessRunner::script(const QByteArray &body)
{
    const QString path = m_folder->filePath(QStringLiteral("script%1").arg(++m_scripts));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        qFatal("cannot write a test script");
    }
    file.write("#!/bin/sh\n" + body + "\n");
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path;
}

Result<ProcessOutcome> TestProcessRunner::run(const QByteArray &body, const JobContext &context)
{
    ProcessCommand command;
    command.program = script(body);
    return runProcess(command, context);
}

void TestProcessRunner::outcomeOfAChild()
{
    const auto outcome = run("echo out; echo err >&2; exit 3");
    QVERIFY(outcome);
    QCOMPARE(outcome->standardOutput, QByteArray("out\n"));
    QCOMPARE(outcome->standardError, QByteArray("err\n"));
    QCOMPARE(outcome->exitCode, 3);
    QVERIFY(!outcome->crashed);
    QVERIFY(!outcome->succeeded());
}

void TestProcessRunner::crashIsToldApart()
{
    const auto outcome = run("kill -SEGV $$");
    QVERIFY(outcome);
    QVERIFY(outcome->crashed);
    QCOMPARE(outcome->exitCode, SIGSEGV);
    QVERIFY(!outcome->succeeded());
}

void TestProcessRunner::missingAndForbiddenPrograms()
{
    ProcessCommand command;
    command.program = QStringLiteral("/nowhere/pg_dump");
    QCOMPARE(runProcess(command, JobContext()).error().code, ErrorCode::ToolMissing);

    command.program = script("true");
    QFile::setPermissions(command.program, QFile::ReadOwner);
    QCOMPARE(runProcess(command, JobContext()).error().code, ErrorCode::NotAllowed);

    // The working directory and PATH are never searched.
    command.program = QStringLiteral("true");
    QCOMPARE(runProcess(command, JobContext()).error().code, ErrorCode::Internal);
}

void TestProcessRunner::environmentIsBuiltFromNothing()
{
    qputenv("PGHOSTADDR", "10.0.0.1");
    qputenv("PGSERVICE", "evil");
    qputenv("LANGUAGE", "de");
    ProcessCommand command;
    command.program = QStringLiteral("/usr/bin/env");
    const auto plain = runProcess(command, JobContext());
    QVERIFY(plain);
    QStringList names;
    for (const QByteArray &line : plain->standardOutput.split('\n')) {
        if (!line.isEmpty()) {
            names += QString::fromUtf8(line.first(line.indexOf('=')));
        }
    }
    names.sort();
    QCOMPARE(names.join(u' '), QStringLiteral("HOME LC_ALL PATH TMPDIR"));

    command.connection = specWith(QStringLiteral("canary-5b1f"));
    command.applicationName = QStringLiteral("roost-job-1");
    command.sessionOptions = QStringLiteral("-c client_connection_check_interval=1000");
    command.environment.insert(QStringLiteral("EXTRA"), QStringLiteral("1"));
    const auto outcome = runProcess(command, JobContext());
    QVERIFY(outcome);
    const QByteArray text = '\n' + outcome->standardOutput;
    for (const char *line :
         {"\nPGHOST=db.example\n", "\nPGPORT=5439\n", "\nPGUSER=bird user\n", "\nPGDATABASE=host=evil port=1\n",
          "\nPGSSLMODE=verify-full\n", "\nPGSSLROOTCERT=/roots.pem\n", "\nPGGSSENCMODE=disable\n",
          "\nPGSSLMINPROTOCOLVERSION=TLSv1.2\n", "\nPGAPPNAME=roost-job-1\n", "\nLC_ALL=C\n", "\nEXTRA=1\n",
          "\nPGOPTIONS=-c client_connection_check_interval=1000\n"}) {
        QVERIFY2(text.contains(line), line);
    }
    QVERIFY(!text.contains("canary"));
    QVERIFY(!text.contains("PGPASSWORD"));
    QVERIFY(!text.contains("PGHOSTADDR"));
    QVERIFY(!text.contains("PGSERVICE"));
    QVERIFY(!text.contains("LANGUAGE"));
}

void TestProcessRunner::everyPasswordReachesTheChild_data()
{
    QTest::addColumn<QString>("password");
    QTest::addColumn<QByteArray>("seenByChild");
    QTest::newRow("plain") << QStringLiteral("abc12345") << QByteArray("file:*:*:*:*:abc12345\n");
    QTest::newRow("escapes") << QStringLiteral("a:b\\c d'\"") << QByteArray("file:*:*:*:*:a\\:b\\\\c d'\"\n");
    QTest::newRow("long") << QString(1200, u'x') << "file:*:*:*:*:" + QByteArray(1200, 'x') + '\n';
    QTest::newRow("line end") << QStringLiteral("one\ntwo") << QByteArray("environment:one\ntwo\n");
    QTest::newRow("none") << QString() << QByteArray("none\n");
}

void TestProcessRunner::everyPasswordReachesTheChild()
{
    QFETCH(QString, password);
    QFETCH(QByteArray, seenByChild);
    const QString seen = m_folder->filePath(QStringLiteral("seen"));
    ProcessCommand command;
    command.program = script("if [ -n \"$PGPASSWORD\" ]; then printf 'environment:%s\\n' \"$PGPASSWORD\"\n"
                             "elif [ -e \"$PGPASSFILE\" ]; then printf file:; cat \"$PGPASSFILE\"\n"
                             "else echo none; fi > \"$SEEN\"\n"
                             "stat -L -c %a \"$PGPASSFILE\" 2>/dev/null; true");
    command.environment.insert(QStringLiteral("SEEN"), seen);
    command.connection = specWith(password);
    const auto outcome = runProcess(command, JobContext());
    QVERIFY(outcome && outcome->succeeded());
    QFile file(seen);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), seenByChild);
    if (seenByChild.startsWith("file:")) {
        QCOMPARE(outcome->standardOutput, QByteArray("600\n"));
    }
}

void TestProcessRunner::passwordIsReadableByOneChildOnly()
{
    const QString canary = QStringLiteral("CANARYpw7d11e0c2");
    const QString sign = m_folder->filePath(QStringLiteral("go"));
    ProcessCommand holder;
    holder.program = script("while [ ! -e \"$GO\" ]; do sleep 0.02; done");
    holder.environment.insert(QStringLiteral("GO"), sign);
    holder.connection = specWith(canary);
    std::atomic<bool> started = false;
    std::atomic<int> leaks = 0;
    holder.onTick = [&] { started = true; };
    std::jthread thread([&] {
        if (!runProcess(holder, JobContext())) {
            ++leaks;
        }
    });
    QTRY_VERIFY(started.load());
    // Another child, started while the first one's password lies open in this process.
    const auto other =
        run("for f in /proc/self/fd/*; do readlink $f; done; cat /proc/self/fd/[3-9]* 2>/dev/null; true");
    QVERIFY(other);
    QVERIFY(!other->standardOutput.contains("memfd"));
    QVERIFY(!other->standardOutput.contains(canary.toUtf8()));
    // Neither the arguments nor the environment of any process show it.
    const auto entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &entry : entries) {
        if (const qint64 pid = entry.toLongLong(); pid > 0) {
            QVERIFY(!readProc(pid, "cmdline").contains(canary.toUtf8()));
            QVERIFY(!readProc(pid, "environ").contains(canary.toUtf8()));
        }
    }
    QFile go(sign);
    QVERIFY(go.open(QIODevice::WriteOnly));
    thread.join();
    QCOMPARE(leaks.load(), 0);
}

void TestProcessRunner::outputIsRedacted()
{
    const Secret secret(QStringLiteral("s3cret-owl-nest"));
    QStringList lines;
    ProcessCommand command;
    command.program =
        script("echo out s3cret-owl-nest; echo 'postgresql://u:other@h/d' >&2; printf 's3cret-owl-nest' >&2");
    command.onOutputLine = [&](const QString &line) { lines += line; };
    command.onErrorLine = [&](const QString &line) { lines += line; };
    const auto outcome = runProcess(command, JobContext());
    QVERIFY(outcome);
    QCOMPARE(lines.size(), 3);
    QVERIFY(!lines.join(u' ').contains(u"owl"));
    QVERIFY(!outcome->standardError.contains("owl"));
    QVERIFY(!outcome->standardError.contains("other"));
}

void TestProcessRunner::hugeOutputIsHeadAndTail()
{
    ProcessCommand command;
    command.program =
        script("echo first; seq 1 400000; echo last; echo e-first >&2; seq 1 400000 >&2; echo e-last >&2");
    qint64 lines = 0;
    command.onErrorLine = [&](const QString &) { ++lines; };
    const auto outcome = runProcess(command, JobContext());
    QVERIFY(outcome && outcome->succeeded());
    QCOMPARE(lines, 400002);
    for (const QByteArray &text : {outcome->standardOutput, outcome->standardError}) {
        QVERIFY(text.size() < 132 * 1024);
        QVERIFY(text.contains("first\n1\n2\n"));
        QVERIFY(text.endsWith("last\n"));
        QVERIFY(text.contains("bytes left out]"));
    }

    HeadTailBuffer small(4);
    small.append("abcdefgh");
    QCOMPARE(small.contents(), QByteArray("abcdefgh"));
    small.append("i");
    QCOMPARE(small.contents(), QByteArray("abcd\n[1 bytes left out]\nfghi"));
}

void TestProcessRunner::linesArriveWhileItRuns()
{
    const QString sign = m_folder->filePath(QStringLiteral("go"));
    ProcessCommand command;
    command.program = script("echo ready >&2; while [ ! -e \"$GO\" ]; do sleep 0.02; done");
    command.environment.insert(QStringLiteral("GO"), sign);
    command.onErrorLine = [&](const QString &) {
        QFile go(sign);
        (void)go.open(QIODevice::WriteOnly);
    };
    command.timeoutMs = 20000;
    const auto outcome = runProcess(command, JobContext());
    QVERIFY(outcome && outcome->succeeded());
}

void TestProcessRunner::cancelEndsASilentChild()
{
    std::stop_source stop;
    ProcessCommand command;
    command.program = QStringLiteral("/bin/sleep");
    command.arguments = QStringList{QStringLiteral("100")};
    QElapsedTimer sinceRequest;
    qint64 noticedAfter = -1;
    int ticks = 0;
    command.onTick = [&] {
        if (++ticks == 2) {
            stop.request_stop();
            sinceRequest.start();
        }
    };
    command.onCancel = [&] { noticedAfter = sinceRequest.elapsed(); };
    const auto outcome = runProcess(command, JobContext(stop.get_token()));
    QVERIFY(!outcome);
    QVERIFY(outcome.error().isCancelled());
    QVERIFY2(noticedAfter >= 0 && noticedAfter < 100, qPrintable(QString::number(noticedAfter)));
    QVERIFY2(sinceRequest.elapsed() < 1000, qPrintable(QString::number(sinceRequest.elapsed())));

    // Asked before it begins: nothing is started.
    command.program = script("touch \"$0.ran\"");
    QVERIFY(runProcess(command, JobContext(stop.get_token())).error().isCancelled());
    QVERIFY(!QFile::exists(command.program + QStringLiteral(".ran")));
}

void TestProcessRunner::cancelEndsAChattyChild()
{
    std::stop_source stop;
    ProcessCommand command;
    command.program = script("exec yes a line of no use");
    int ticks = 0;
    QElapsedTimer sinceRequest;
    command.onTick = [&] {
        if (++ticks == 2) {
            stop.request_stop();
            sinceRequest.start();
        }
    };
    QVERIFY(runProcess(command, JobContext(stop.get_token())).error().isCancelled());
    QVERIFY2(sinceRequest.elapsed() < 2000, qPrintable(QString::number(sinceRequest.elapsed())));
}

void TestProcessRunner::cancelKillsWhatIgnoresTerm()
{
    std::stop_source stop;
    ProcessCommand command;
    command.program = script("trap '' TERM; echo $$; while true; do sleep 0.05; done");
    qint64 pid = 0;
    QElapsedTimer sinceRequest;
    command.onOutputLine = [&](const QString &line) {
        pid = line.toLongLong();
        stop.request_stop();
        sinceRequest.start();
    };
    QVERIFY(runProcess(command, JobContext(stop.get_token())).error().isCancelled());
    QVERIFY2(sinceRequest.elapsed() >= 4900 && sinceRequest.elapsed() < 7000,
             qPrintable(QString::number(sinceRequest.elapsed())));
    QVERIFY(pid > 0);
    QVERIFY(!isAlive(pid));
}

void TestProcessRunner::timeoutEndsIt()
{
    ProcessCommand command;
    command.program = QStringLiteral("/bin/sleep");
    command.arguments = QStringList{QStringLiteral("100")};
    command.timeoutMs = 300;
    QElapsedTimer elapsed;
    elapsed.start();
    QCOMPARE(runProcess(command, JobContext()).error().code, ErrorCode::TimedOut);
    QVERIFY(elapsed.elapsed() < 3000);
}

void TestProcessRunner::grandchildNeitherHangsNorStays()
{
    QElapsedTimer elapsed;
    elapsed.start();
    const auto outcome = run("sleep 100 & echo $!; exit 0");
    QVERIFY(outcome && outcome->succeeded());
    QVERIFY2(elapsed.elapsed() < 3000, qPrintable(QString::number(elapsed.elapsed())));
    const qint64 grandchild = outcome->standardOutput.trimmed().toLongLong();
    QVERIFY(grandchild > 0);
    QTRY_VERIFY(!isAlive(grandchild));
}

void TestProcessRunner::childDiesWithTheApplication()
{
    const QString pidFile = m_folder->filePath(QStringLiteral("pid"));
    const QString child = script("echo $$ > '" + pidFile.toUtf8() + ".new'; mv '" + pidFile.toUtf8() + ".new' '" +
                                 pidFile.toUtf8() + "'; exec sleep 100");
    QProcess application;
    application.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--run-child"), child});
    QVERIFY(application.waitForStarted());
    QTRY_VERIFY(QFile::exists(pidFile));
    QFile file(pidFile);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const qint64 pid = file.readAll().trimmed().toLongLong();
    QVERIFY(isAlive(pid));
    application.kill();
    QVERIFY(application.waitForFinished());
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(pid), 2000);
}

void TestProcessRunner::limitsOfTheChild()
{
    const auto outcome = run("umask; ulimit -c; ps -o pid=,pgid=,sid= -p $$ | tr -s ' '; pwd; stat -c %a .; cat");
    QVERIFY(outcome && outcome->succeeded());
    const auto lines = outcome->standardOutput.trimmed().split('\n');
    QCOMPARE(lines.size(), 5); // `cat` ended at once: standard input is empty
    QCOMPARE(lines.at(0), QByteArray("0077"));
    QCOMPARE(lines.at(1), QByteArray("0"));
    const auto ids = lines.at(2).trimmed().split(' ');
    QCOMPARE(ids.size(), 3);
    QCOMPARE(ids.at(1), ids.at(0));
    QCOMPARE(ids.at(2), ids.at(0));
    QCOMPARE(lines.at(4), QByteArray("700"));
    QVERIFY(!QFile::exists(QString::fromUtf8(lines.at(3)))); // and gone with the run
}

void TestProcessRunner::runsOnAPlainThread()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    std::jthread thread([this] {
        const auto outcome = run("echo from a thread");
        QVERIFY(outcome && outcome->succeeded());
        QCOMPARE(outcome->standardOutput, QByteArray("from a thread\n"));
    });
    thread.join();
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && qstrcmp(argv[1], "--run-child") == 0) {
        return runAsApplication(QString::fromLocal8Bit(argv[2]));
    }
    TestProcessRunner test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_processrunner.moc"

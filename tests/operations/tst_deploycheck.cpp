#include "operations/deploycheck.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace Roost;

using Topic = DeployCheckItem::Topic;
using Verdict = DeployCheckItem::Verdict;

/// Real repositories in a temporary folder, with a real remote beside them where one is pushed to.
class TestDeployCheck : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void normalizesRemotes_data();
    void normalizesRemotes();
    void namesWhatIsMissing();
    void allowsWhatIsReady();
    void looksIntoFolders();
    void seesWhatIsNotCommitted();
    void seesWhatIsNotPushed();
    void asksTheRemote();
    void findsSecrets();
    void passesPlaceholders();
    void offersIgnoredLines();
    void readsProcfiles();
    void refusesFoldersThatAreNotThere();
    void neverRunsWhatTheRepositoryNames();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &contents) const;
    void git(const QStringList &arguments) const;
    DeployCheck check(const QString &sub = {}, bool asksRemote = false) const;
    static Verdict verdict(const DeployCheck &check, Topic topic);
    /// A folder that has everything, pushed to a bare repository under the name of one at GitHub.
    void makeReady() const;
    void pretendGitHub() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDeployCheck::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath("app"));
}

void TestDeployCheck::write(const QString &name, const QByteArray &contents) const
{
    QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(contents);
}

void TestDeployCheck::git(const QStringList &arguments) const
{
    QProcess process;
    process.setWorkingDirectory(path("app"));
    process.start("git", QStringList{"-c", "user.name=Ada", "-c", "user.email=ada@example.com"} + arguments);
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
}

DeployCheck TestDeployCheck::check(const QString &sub, bool asksRemote) const
{
    const auto result =
        checkDeployable({path("app") + (sub.isEmpty() ? QString() : '/' + sub), asksRemote}, JobContext());
    if (!result) {
        qWarning("%s", qPrintable(result.error().message));
        return {};
    }
    return *result;
}

Verdict TestDeployCheck::verdict(const DeployCheck &check, Topic topic)
{
    const DeployCheckItem *item = check.item(topic);
    return item ? item->verdict : Verdict::Skipped;
}

void TestDeployCheck::makeReady() const
{
    write("app/app.py", "from flask import Flask\napp = Flask(__name__)\n");
    write("app/requirements.txt", "Flask==3.0\ngunicorn\npsycopg2-binary>=2.9\n");
    write("app/.gitignore", ".env\n*.dump\n__pycache__/\n");
    git({"init", "-q", "-b", "main"});
    git({"init", "-q", "--bare", path("remote.git")});
    git({"add", "."});
    git({"commit", "-q", "-m", "Bird app"});
    git({"remote", "add", "origin", path("remote.git")});
    git({"push", "-q", "-u", "origin", "main"});
    pretendGitHub();
}

/// What was pushed to a folder is then said to be at GitHub: the remote's address is only a name until it is asked.
void TestDeployCheck::pretendGitHub() const
{
    git({"remote", "set-url", "origin", "git@github.com:ada/bird-app.git"});
}

void TestDeployCheck::normalizesRemotes_data()
{
    QTest::addColumn<QString>("remote");
    QTest::addColumn<QString>("expected");
    const QString expected = "https://github.com/ada/bird-app";
    QTest::newRow("https") << "https://github.com/ada/bird-app.git" << expected;
    QTest::newRow("https, bare") << "https://github.com/ada/bird-app" << expected;
    QTest::newRow("slash") << "https://github.com/ada/bird-app/" << expected;
    QTest::newRow("token") << "https://ada:ghp_0123456789@github.com/ada/bird-app.git" << expected;
    QTest::newRow("scp") << "git@github.com:ada/bird-app.git" << expected;
    QTest::newRow("ssh") << "ssh://git@github.com/ada/bird-app.git" << expected;
    QTest::newRow("ssh 443") << "ssh://git@ssh.github.com:443/ada/bird-app.git" << expected;
    QTest::newRow("git") << "git://github.com/ada/bird-app.git" << expected;
    QTest::newRow("case") << "https://GitHub.com/ada/bird-app" << expected;
    QTest::newRow("gitlab groups") << "git@gitlab.com:school/class/bird-app.git"
                                   << "https://gitlab.com/school/class/bird-app";
    QTest::newRow("bitbucket") << "https://ada@bitbucket.org/ada/birds.git"
                               << "https://bitbucket.org/ada/birds";
    QTest::newRow("elsewhere") << "https://git.example.com/ada/birds.git"
                               << "";
    QTest::newRow("look-alike") << "https://github.com.example.com/ada/birds.git"
                                << "";
    QTest::newRow("file") << "/srv/git/birds.git"
                          << "";
    QTest::newRow("file url") << "file:///github.com/ada/birds"
                              << "";
    QTest::newRow("no project") << "https://github.com/ada"
                                << "";
    QTest::newRow("dots") << "https://github.com/ada/x y"
                          << "";
}

void TestDeployCheck::normalizesRemotes()
{
    QFETCH(QString, remote);
    QFETCH(QString, expected);
    QCOMPARE(webUrlOfRemote(remote), expected);
}

void TestDeployCheck::namesWhatIsMissing()
{
    DeployCheck now = check();
    QCOMPARE(verdict(now, Topic::Repository), Verdict::Problem);
    QCOMPARE(now.item(Topic::Repository)->command, "git init -b main");
    QCOMPARE(verdict(now, Topic::Commit), Verdict::Skipped);
    QVERIFY(!now.mayDeploy());

    git({"init", "-q", "-b", "main"});
    write("app/app.py", "app = 1\n");
    now = check();
    QCOMPARE(verdict(now, Topic::Repository), Verdict::Good);
    QCOMPARE(verdict(now, Topic::Commit), Verdict::Problem);
    QCOMPARE(verdict(now, Topic::WorkingTree), Verdict::Advice);
    QCOMPARE(verdict(now, Topic::Remote), Verdict::Problem);
    QCOMPARE(verdict(now, Topic::Requirements), Verdict::Problem);
    QCOMPARE(verdict(now, Topic::App), Verdict::Good);
    // Every item that is not good says what to do.
    for (const DeployCheckItem &item : std::as_const(now.items)) {
        QVERIFY2(item.verdict == Verdict::Good || !item.text.isEmpty(), qPrintable(item.title));
    }
    write("app/requirements.txt", "# none\nflask\nmy-gunicorn-theme\n");
    now = check();
    QVERIFY(now.item(Topic::Requirements)->title.contains("gunicorn"));
    QVERIFY(now.item(Topic::Requirements)->title.contains("psycopg2"));
}

void TestDeployCheck::allowsWhatIsReady()
{
    makeReady();
    const DeployCheck now = check();
    for (const DeployCheckItem &item : now.items) {
        QVERIFY2(item.verdict == Verdict::Good, qPrintable(item.title + " " + item.text));
    }
    QVERIFY(now.mayDeploy());
    QCOMPARE(now.items.size(), 10);
    QCOMPARE(now.repository, "https://github.com/ada/bird-app");
    QCOMPARE(now.branch, "main");
    QCOMPARE(now.rootFolder, QString());
    QCOMPARE(now.buildCommand, "pip install -r requirements.txt");
    QCOMPARE(now.startCommand, "gunicorn app:app");
    git({"remote", "set-url", "origin", "https://ada:ghp_geheim@github.com/ada/bird-app.git"});
    const DeployCheck withToken = check();
    QCOMPARE(verdict(withToken, Topic::Remote), Verdict::Advice);
    for (const DeployCheckItem &item : withToken.items) {
        QVERIFY(!(item.title + item.text + item.command + item.details.join(' ')).contains("geheim"));
    }
}

void TestDeployCheck::looksIntoFolders()
{
    makeReady();
    write("app/server/api/wsgi.py", "from birds import app\n");
    write("app/server/api/requirements.txt", "gunicorn\npsycopg[binary]\n");
    git({"add", "."});
    git({"commit", "-q", "-m", "Server"});
    const DeployCheck now = check("server/api");
    QCOMPARE(now.rootFolder, "server/api");
    QCOMPARE(now.startCommand, "gunicorn wsgi:app");
    QCOMPARE(verdict(now, Topic::Requirements), Verdict::Good);
    QCOMPARE(verdict(now, Topic::Pushed), Verdict::Problem);
}

void TestDeployCheck::seesWhatIsNotCommitted()
{
    makeReady();
    write("app/app.py", "app = 2\n");
    write("app/new file.py", "x = 1\n");
    const DeployCheck now = check();
    QCOMPARE(verdict(now, Topic::WorkingTree), Verdict::Advice);
    QCOMPARE(now.item(Topic::WorkingTree)->details, QStringList({"app.py", "new file.py"}));
    QVERIFY(now.mayDeploy());
}

void TestDeployCheck::seesWhatIsNotPushed()
{
    makeReady();
    write("app/app.py", "app = 2\n");
    git({"commit", "-q", "-a", "-m", "Two"});
    DeployCheck now = check();
    QCOMPARE(verdict(now, Topic::Pushed), Verdict::Problem);
    QCOMPARE(now.item(Topic::Pushed)->command, "git push -u origin main");
    git({"reset", "-q", "--hard", "HEAD~1"});
    git({"switch", "-q", "-c", "other"});
    now = check();
    QCOMPARE(now.branch, "other");
    QCOMPARE(verdict(now, Topic::Pushed), Verdict::Problem);
    git({"switch", "-q", "--detach"});
    now = check();
    QCOMPARE(verdict(now, Topic::Branch), Verdict::Problem);
    QCOMPARE(verdict(now, Topic::Pushed), Verdict::Skipped);
}

void TestDeployCheck::asksTheRemote()
{
    makeReady();
    git({"remote", "set-url", "origin", path("remote.git")});
    QCOMPARE(verdict(check({}, true), Topic::Pushed), Verdict::Good);
    // Somebody else pushed: only the remote itself knows.
    git({"commit", "-q", "--allow-empty", "-m", "Other"});
    git({"push", "-q", "origin", "main"});
    git({"reset", "-q", "--hard", "HEAD~1"});
    git({"update-ref", "refs/remotes/origin/main", "HEAD"});
    QCOMPARE(verdict(check(), Topic::Pushed), Verdict::Good);
    QCOMPARE(verdict(check({}, true), Topic::Pushed), Verdict::Problem);
    QVERIFY(QDir(path("remote.git")).removeRecursively());
    const DeployCheck gone = check({}, true);
    QCOMPARE(verdict(gone, Topic::Pushed), Verdict::Problem);
    QVERIFY(gone.item(Topic::Pushed)->title.contains("did not answer"));
}

void TestDeployCheck::findsSecrets()
{
    makeReady();
    write("app/config.py", "x = 1\nURL = 'postgresql://class_user:Geheim0123@dpg-c0ffee00000000000002-a."
                           "oregon-postgres.render.com/birds'\n");
    git({"add", "config.py"}); // staged is enough
    write("app/.env", "DATABASE_URI=postgresql://class_user:Geheim0123@dpg-c0ffee00000000000002-a/birds\n");
    git({"add", "-f", ".env"});
    write("app/data/birds.dump", "PGDMP");
    git({"add", "-f", "data/birds.dump"});
    write("app/key.txt", "rnd_abcdefghijklmnopqrstuvwxyz\n");
    git({"add", "key.txt"});
    const DeployCheck now = check();
    QCOMPARE(verdict(now, Topic::Secrets), Verdict::Problem);
    const QStringList details = now.item(Topic::Secrets)->details;
    QVERIFY2(details.contains("config.py, line 2"), qPrintable(details.join("; ")));
    QVERIFY(details.contains(".env"));
    QVERIFY(details.contains("data/birds.dump"));
    QVERIFY(details.contains("key.txt, line 1"));
    QCOMPARE(now.item(Topic::Secrets)->command, "git rm --cached -- '.env' 'data/birds.dump'");
    for (const DeployCheckItem &item : now.items) {
        QVERIFY(!(item.title + item.text + item.command + item.details.join(' ')).contains("Geheim"));
    }
    QVERIFY(!now.mayDeploy());
    // What is there but not tracked does not get out.
    git({"rm", "-q", "-f", "--cached", ".env", "data/birds.dump", "config.py", "key.txt"});
    QCOMPARE(verdict(check(), Topic::Secrets), Verdict::Good);
}

void TestDeployCheck::passesPlaceholders()
{
    makeReady();
    write("app/README.md", "postgresql://user:password@host/db, postgresql://me:pw@localhost:5432/birds,\n"
                           "postgresql://user:${PASSWORD}@dpg-x-a/db and postgresql://u:<your password>@h/d\n"
                           "postgresql://u:********@dpg-c0ffee00000000000002-a/d\n");
    write("app/.env.example", "DATABASE_URI=\n");
    git({"add", "."});
    const DeployCheck now = check();
    QVERIFY2(verdict(now, Topic::Secrets) == Verdict::Good, qPrintable(now.item(Topic::Secrets)->details.join("; ")));
}

void TestDeployCheck::offersIgnoredLines()
{
    makeReady();
    write("app/.gitignore", "# mine");
    QVERIFY(QDir(path("app")).mkpath(".venv"));
    const DeployCheck now = check();
    QCOMPARE(now.ignoreLines, QStringList({".env", "*.dump", "__pycache__/", ".venv/"}));
    QCOMPARE(verdict(now, Topic::Ignored), Verdict::Advice);
    QVERIFY(ignoreInGit(path("app"), now.ignoreLines));
    QVERIFY(ignoreInGit(path("app"), now.ignoreLines)); // twice is once
    QFile file(path("app/.gitignore"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("# mine\n.env\n*.dump\n__pycache__/\n.venv/\n"));
    QCOMPARE(verdict(check(), Topic::Ignored), Verdict::Good);
}

void TestDeployCheck::readsProcfiles()
{
    makeReady();
    write("app/Procfile", "release: flask db upgrade\nweb: gunicorn 'birds:create_app()' --workers 1\n");
    QVERIFY(QFile::remove(path("app/app.py")));
    const DeployCheck now = check();
    QCOMPARE(now.startCommand, "gunicorn 'birds:create_app()' --workers 1");
    QCOMPARE(verdict(now, Topic::App), Verdict::Good);
    QVERIFY(QFile::remove(path("app/Procfile")));
    QCOMPARE(verdict(check(), Topic::App), Verdict::Problem);
}

void TestDeployCheck::refusesFoldersThatAreNotThere()
{
    for (const QString &folder : {QString(), path("nowhere")}) {
        const auto result = checkDeployable({folder, false}, JobContext());
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
    }
}

/// A folder from somebody else may bring settings that name programs.
void TestDeployCheck::neverRunsWhatTheRepositoryNames()
{
    makeReady();
    write("trap.sh", "#!/bin/sh\ntouch " + path("sprung").toUtf8() + "\n");
    QVERIFY(QFile::setPermissions(path("trap.sh"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    for (const char *key : {"core.fsmonitor", "core.pager", "diff.external", "core.editor", "gpg.program"}) {
        git({"config", QString::fromLatin1(key), path("trap.sh")});
    }
    git({"config", "log.showSignature", "true"});
    QVERIFY(check().mayDeploy());
    QVERIFY(!QFile::exists(path("sprung")));
}

QTEST_GUILESS_MAIN(TestDeployCheck)
#include "tst_deploycheck.moc"

#include "operations/backup.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace Roost;

class TestGitWorkTree : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void findsTheTop();
    void ignoresOnRequest();
    void keepsWhatIsInTheFile();
    void saysWhenItCannot();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void write(const QString &name, const QByteArray &contents);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestGitWorkTree::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("project/data/dumps")));
}

void TestGitWorkTree::write(const QString &name, const QByteArray &contents)
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(contents);
}

void TestGitWorkTree::findsTheTop()
{
    const QString folder = path(QStringLiteral("project/data/dumps"));
    const QString file = folder + QStringLiteral("/b.dump");
    QCOMPARE(gitWorkTree(folder), QString());
    QVERIFY(isIgnoredByGit(file)); // nobody commits it where there is no git
    QCOMPARE(gitWorkTree(path(QStringLiteral("not there"))), QString());

    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("project/.git")));
    QCOMPARE(gitWorkTree(folder), QFileInfo(path(QStringLiteral("project"))).canonicalFilePath());
    QVERIFY(!isIgnoredByGit(file)); // where git cannot tell, the answer is the careful one

    // A submodule or linked work tree has a file there.
    write(QStringLiteral("project/data/.git"), "gitdir: elsewhere\n");
    QCOMPARE(gitWorkTree(folder), QFileInfo(path(QStringLiteral("project/data"))).canonicalFilePath());
}

void TestGitWorkTree::ignoresOnRequest()
{
    const QString git = QStandardPaths::findExecutable(QStringLiteral("git"));
    QVERIFY2(!git.isEmpty(), "git is needed to clone this project");
    QCOMPARE(QProcess::execute(git, {QStringLiteral("init"), QStringLiteral("-q"), path(QStringLiteral("project"))}),
             0);
    const QString file = path(QStringLiteral("project/data/dumps/b.dump"));
    QVERIFY(!isIgnoredByGit(file));
    QVERIFY(ignoreDumpsInGit(gitWorkTree(QFileInfo(file).path())));
    QVERIFY(isIgnoredByGit(file));
    QVERIFY(!isIgnoredByGit(path(QStringLiteral("project/data/app.py"))));
}

void TestGitWorkTree::keepsWhatIsInTheFile()
{
    write(QStringLiteral("project/.gitignore"), ".venv\n.env");
    const QString project = path(QStringLiteral("project"));
    QVERIFY(ignoreDumpsInGit(project));
    QVERIFY(ignoreDumpsInGit(project)); // once is enough
    QFile file(path(QStringLiteral("project/.gitignore")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray(".venv\n.env\n*.dump\n"));
}

void TestGitWorkTree::saysWhenItCannot()
{
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("project/.gitignore")));
    const auto refused = ignoreDumpsInGit(path(QStringLiteral("project")));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::FileFailed);
    QVERIFY(refused.error().message.contains(u"*.dump"));
}

QTEST_GUILESS_MAIN(TestGitWorkTree)
#include "tst_gitworktree.moc"

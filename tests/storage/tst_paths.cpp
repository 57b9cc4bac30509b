#include "storage/paths.h"
#include "storage/settings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Roost;

namespace {

int modeOf(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? int(info.st_mode & 07777) : -1;
}

} // namespace

class TestPaths : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qunsetenv("ROOST_HOME");
        qunsetenv("XDG_RUNTIME_DIR");
        qputenv("XDG_DATA_HOME", m_folder->path().toUtf8());
    }

    void theDataFolderDoesNotDependOnTheProgramsName()
    {
        QCoreApplication::setApplicationName("something else");
        QCoreApplication::setOrganizationName("somebody");
        QCOMPARE(Paths::home(), m_folder->filePath("roost"));
        QCOMPARE(Paths::database(), m_folder->filePath("roost/roost.sqlite"));
    }

    void roostHomeMovesEverything()
    {
        const QString moved = m_folder->filePath("portable");
        qputenv("ROOST_HOME", moved.toUtf8());
        qputenv("XDG_RUNTIME_DIR", m_folder->path().toUtf8());
        for (const QString &path : {Paths::database(), Paths::settings(), Paths::backups(), Paths::practice(),
                                    Paths::logs(), Paths::runtime()}) {
            QVERIFY2(path.startsWith(moved + '/'), qPrintable(path));
        }
        qputenv("ROOST_HOME", "some/folder");
        QCOMPARE(Paths::home(), QDir::current().absoluteFilePath("some/folder"));
        qputenv("ROOST_HOME", "");
        QCOMPARE(Paths::home(), m_folder->filePath("roost"));
    }

    void theRuntimeFolderIsOnlyTakenWhenItIsPrivate()
    {
        const QString session = m_folder->filePath("run");
        QVERIFY(QDir().mkdir(session));
        qputenv("XDG_RUNTIME_DIR", session.toUtf8());
        ::chmod(session.toUtf8().constData(), 0755);
        QCOMPARE(Paths::runtime(), m_folder->filePath("roost/run"));
        ::chmod(session.toUtf8().constData(), 0700);
        QCOMPARE(Paths::runtime(), session + "/roost");
        qputenv("XDG_RUNTIME_DIR", "relative");
        QCOMPARE(Paths::runtime(), m_folder->filePath("roost/run"));
    }

    void foldersAreForTheirOwnerOnly()
    {
        const mode_t old = ::umask(0);
        const QString deep = m_folder->filePath("a/b/c");
        const bool made = Paths::ensureFolder(deep);
        ::umask(old);
        QVERIFY(made);
        QVERIFY(Paths::ensureFolder(deep));
        for (const char *folder : {"a", "a/b", "a/b/c"}) {
            QCOMPARE(modeOf(m_folder->filePath(folder)), 0700);
        }
        QFile file(m_folder->filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(!Paths::ensureFolder(m_folder->filePath("file")));
        QVERIFY(!Paths::ensureFolder(m_folder->filePath("file/below")));
    }

    void settingsComeBack()
    {
        qputenv("ROOST_HOME", m_folder->filePath("moved").toUtf8());
        {
            Settings settings(Paths::settings());
            QCOMPARE(settings.theme(), ThemeChoice::System);
            QCOMPARE(settings.birdAppPort(), 8000);
            QCOMPARE(settings.zoom(), 100);
            QVERIFY(!settings.showsSystemDatabases());
            settings.setTheme(ThemeChoice::Dark);
            settings.setGeometry("mainWindow", QByteArray("\0\1\2 geometry", 12));
            settings.setState("mainWindow", "state");
            settings.setBirdAppPort(8123);
            settings.setZoom(125);
            settings.setLastFolder("backup", m_folder->path());
            settings.setLastFolder("restore", m_folder->filePath("gone"));
            settings.setShowsSystemDatabases(true);
            QVERIFY(settings.flush());
        }
        const QFileInfo file(m_folder->filePath("moved/settings.ini"));
        QVERIFY(file.exists());
        QVERIFY(!(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther)));
        const Settings settings(Paths::settings());
        QCOMPARE(settings.theme(), ThemeChoice::Dark);
        QCOMPARE(settings.geometry("mainWindow"), QByteArray("\0\1\2 geometry", 12));
        QCOMPARE(settings.state("mainWindow"), QByteArray("state"));
        QCOMPARE(settings.birdAppPort(), 8123);
        QCOMPARE(settings.zoom(), 125);
        QCOMPARE(settings.lastFolder("backup"), m_folder->path());
        QCOMPARE(settings.lastFolder("restore"), QString());
        QVERIFY(settings.showsSystemDatabases());
    }

    void senselessSettingsAreNotTaken()
    {
        const QString path = m_folder->filePath("settings.ini");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[look]\ntheme=plaid\nzoom=9000\n[birdapp]\nport=-1\n");
        file.close();
        const Settings settings(path);
        QCOMPARE(settings.theme(), ThemeChoice::System);
        QCOMPARE(settings.zoom(), 100);
        QCOMPARE(settings.birdAppPort(), 8000);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// The script of a move from an instance on its last day, with a real keychain.
class TestCliMigrateJourney : public QObject
{
    Q_OBJECT

private slots:
    void offADyingInstance()
    {
        const QTemporaryDir home;
        QStringList arguments{QStringLiteral("unlocked"), QStringLiteral("sh"), QStringLiteral(JOURNEY),
                              QStringLiteral(ROOST_CLI),  home.path(),          QStringLiteral(NASTY_SQL)};
        // The script that makes the Chinook database, where somebody has it: it is not ours to keep here.
        if (const QString chinook = qEnvironmentVariable("ROOST_CHINOOK_SQL"); QFileInfo::exists(chinook)) {
            arguments += chinook;
        }
        QProcess script;
        script.start(QStringLiteral(WITH_KEYRING), arguments);
        constexpr int patienceMs = 400'000;
        QVERIFY(script.waitForFinished(patienceMs));
        const QByteArray output = script.readAllStandardOutput();
        const QByteArray errors = script.readAllStandardError();
        QVERIFY2(script.exitCode() == 0, QByteArray::number(script.exitCode()) + '\n' + output + errors);
        const QByteArray last = output.mid(output.lastIndexOf("\n["));
        const QJsonArray birds = QJsonDocument::fromJson(last.isEmpty() ? output : last).array();
        QVERIFY2(!birds.isEmpty(), output + errors);
    }
};

QTEST_GUILESS_MAIN(TestCliMigrateJourney)
#include "tst_climigratejourney.moc"

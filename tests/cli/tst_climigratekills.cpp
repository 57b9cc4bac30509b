#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// A short part of migratekills.py: one move that is killed a dozen times.
class TestCliMigrateKills : public QObject
{
    Q_OBJECT

private slots:
    void alwaysTheSameEnd()
    {
        const QTemporaryDir folder;
        QProcess script;
        script.setProcessChannelMode(QProcess::MergedChannels);
        script.start(QStringLiteral(WITH_KEYRING),
                     {QStringLiteral("unlocked"), QStringLiteral("python3"), QStringLiteral(KILLS),
                      QStringLiteral(ROOST_CLI), folder.path(), QStringLiteral("--part"), QStringLiteral("ci")});
        constexpr int patienceMs = 560'000;
        QVERIFY(script.waitForFinished(patienceMs));
        const QByteArray output = script.readAll();
        QVERIFY2(script.exitCode() == 0, output);
        QVERIFY2(output.contains("\n12 interruptions"), output);
    }
};

QTEST_GUILESS_MAIN(TestCliMigrateKills)
#include "tst_climigratekills.moc"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// The script of the whole way from a key to birds that a service serves, with a real keychain.
class TestCliRenderJourney : public QObject
{
    Q_OBJECT

private slots:
    void fromAKeyToBirds()
    {
        const QTemporaryDir home;
        QProcess script;
        script.start(QStringLiteral(WITH_KEYRING), {QStringLiteral("unlocked"), QStringLiteral("sh"),
                                                    QStringLiteral(JOURNEY), QStringLiteral(ROOST_CLI), home.path()});
        constexpr int patienceMs = 180'000;
        QVERIFY(script.waitForFinished(patienceMs));
        const QByteArray output = script.readAllStandardOutput();
        const QByteArray errors = script.readAllStandardError();
        QVERIFY2(script.exitCode() == 0, output + errors);
        const QByteArray last = output.mid(output.lastIndexOf("\n["));
        const QJsonArray birds = QJsonDocument::fromJson(last.isEmpty() ? output : last).array();
        QVERIFY2(!birds.isEmpty(), output + errors);
        QVERIFY2(!birds[0].toObject()[QStringLiteral("name")].toString().isEmpty(), output);
    }
};

QTEST_GUILESS_MAIN(TestCliRenderJourney)
#include "tst_clirenderjourney.moc"

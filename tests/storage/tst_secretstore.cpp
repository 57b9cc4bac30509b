#include "storage/secretservice.h"
#include "storage/secretstore.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVirtualObject>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>

#include <optional>

using namespace Roost;

namespace {

/// Two answers of a store, waited for.
struct Answer
{
    std::optional<Result<void>> done;
    std::optional<Result<Secret>> loaded;

    /// An error that no test expects, when there is none.
    Error error() const
    {
        const bool none = done ? done->has_value() : !loaded || loaded->has_value();
        return none ? Error{ErrorCode::Internal, "no error", {}, {}} : done ? done->error() : loaded->error();
    }
    ErrorCode code() const { return error().code; }
    QString message() const { return error().message; }
};

Answer stored(SecretStore &store, const QString &id, const Secret &secret)
{
    Answer answer;
    QObject receiver;
    store.store(id, secret, &receiver, [&answer](const Result<void> &result) { answer.done = result; });
    (void)QTest::qWaitFor([&answer] { return answer.done.has_value(); }, 20'000);
    return answer;
}

Answer loaded(SecretStore &store, const QString &id)
{
    Answer answer;
    QObject receiver;
    store.load(id, &receiver, [&answer](const Result<Secret> &result) { answer.loaded = result; });
    (void)QTest::qWaitFor([&answer] { return answer.loaded.has_value(); }, 20'000);
    return answer;
}

Answer removed(SecretStore &store, const QString &id)
{
    Answer answer;
    QObject receiver;
    store.remove(id, &receiver, [&answer](const Result<void> &result) { answer.done = result; });
    (void)QTest::qWaitFor([&answer] { return answer.done.has_value(); }, 20'000);
    return answer;
}

Secret canary()
{
    return Secret(QStringLiteral("CANARY%1%2")
                      .arg(QRandomGenerator::global()->generate64(), 16, 16, QLatin1Char('0'))
                      .arg(QRandomGenerator::global()->bounded(0x10000), 4, 16, QLatin1Char('0')));
}

/// The files below a folder in which the text stands, in any usual form.
QStringList filesHolding(const QString &folder, const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    const QByteArray utf16(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
    QStringList found;
    for (QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();) {
        QFile file(it.next());
        if (!file.open(QIODevice::ReadOnly)) {
            continue;
        }
        const QByteArray content = file.readAll();
        for (const QByteArray &form : {utf8, utf16, utf8.toHex(), utf8.toBase64(QByteArray::OmitTrailingEquals)}) {
            if (content.contains(form)) {
                found += file.fileName();
            }
        }
    }
    return found;
}

void lockKeyring()
{
    QDBusMessage call = QDBusMessage::createMethodCall("org.freedesktop.secrets", "/org/freedesktop/secrets",
                                                       "org.freedesktop.Secret.Service", "Lock");
    call << QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath("/org/freedesktop/secrets/collection/login")});
    QDBusConnection::sessionBus().call(call);
}

/// Takes every call and answers none.
class SilentObject : public QDBusVirtualObject
{
public:
    QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &) override
    {
        message.setDelayedReply(true);
        ++calls;
        return true;
    }
    int calls = 0;
};

} // namespace

/// What happens in a session with a certain keychain; run by TestSecretStore in such a session.
class Scenarios : public QObject
{
    Q_OBJECT

private slots:
    void opened()
    {
        const Secret secret = canary();
        {
            SecretStore store;
            QVERIFY(stored(store, "one", secret).done->has_value());
        }
        SecretStore store; // remembers nothing of the first
        const Answer read = loaded(store, "one");
        QVERIFY2(read.loaded->has_value(), qPrintable(read.message()));
        QVERIFY((*read.loaded)->isSameAs(secret));
        QCOMPARE(filesHolding(qEnvironmentVariable("SESSION_FOLDER"), secret.reveal()), QStringList());

        QVERIFY(removed(store, "one").done->has_value());
        QCOMPARE(loaded(store, "one").code(), ErrorCode::SecretMissing);
        QVERIFY(removed(store, "never stored").done->has_value());
    }

    void missing()
    {
        SecretStore store;
        const Answer read = loaded(store, "never stored");
        QCOMPARE(read.code(), ErrorCode::SecretMissing);
        QVERIFY(read.message().contains("entered again"));
    }

    void difficultTexts()
    {
        for (const QString &text : {QString("p ä€𝄞'\"\\%41;\n"), QString(1200, 'x'), QString("=")}) {
            SecretStore writer;
            QVERIFY(stored(writer, "difficult", Secret(text)).done->has_value());
            SecretStore reader;
            QCOMPARE((*loaded(reader, "difficult").loaded)->reveal(), text);
        }
    }

    void changedTextIsNoticed()
    {
        SecretStore store;
        const Secret withNul(QString("ab") + QChar(0) + "cde");
        QCOMPARE(stored(store, "nul", withNul).code(), ErrorCode::KeychainRefused);
        QVERIFY((*loaded(store, "nul").loaded)->isSameAs(withNul)); // in the session's memory
        SecretStore other;
        QTRY_COMPARE(loaded(other, "nul").code(), ErrorCode::SecretMissing); // no half of it was left behind
    }

    void lockedAfterStoring()
    {
        const Secret secret = canary();
        SecretStore store;
        QVERIFY(stored(store, "one", secret).done->has_value());
        lockKeyring();
        QVERIFY((*loaded(store, "one").loaded)->isSameAs(secret));
        SecretStore other;
        const Answer read = loaded(other, "one");
        QCOMPARE(read.code(), ErrorCode::KeychainLocked);
        QVERIFY2(read.message().contains("Unlock"), qPrintable(read.message()));
        QCOMPARE(removed(other, "one").code(), ErrorCode::KeychainLocked);
    }

    void nothingForAReceiverThatIsGone()
    {
        SecretStore store;
        bool called = false;
        {
            QObject receiver;
            store.store("one", Secret("secret"), &receiver, [&called](const Result<void> &) { called = true; });
            store.load("one", &receiver, [&called](const Result<Secret> &) { called = true; });
        }
        (void)stored(store, "two", Secret("secret")); // ends after the first
        QVERIFY(!called);
        {
            auto *shortLived = new SecretStore;
            shortLived->load("two", this, [&called](const Result<Secret> &) { called = true; });
            delete shortLived;
        }
        (void)loaded(store, "three");
        QVERIFY(!called);
    }

    void locked() { failsButKeepsForTheSession(ErrorCode::KeychainLocked, "Unlock"); }

    void absent() { failsButKeepsForTheSession(ErrorCode::KeychainAbsent, "install gnome-keyring"); }

    void noBus()
    {
        QVERIFY(!SecretService::hasBus());
        QElapsedTimer timer;
        timer.start();
        failsButKeepsForTheSession(ErrorCode::KeychainAbsent, "install gnome-keyring");
        QVERIFY(timer.elapsed() < 2000);
    }

    void silentKeychain()
    {
        QDBusConnection other = QDBusConnection::connectToBus(QDBusConnection::SessionBus, "silent service");
        SilentObject silent;
        QVERIFY(other.registerVirtualObject("/org/freedesktop/secrets", &silent, QDBusConnection::SubPath));
        QVERIFY(other.registerService("org.freedesktop.secrets"));
        SecretStore store;
        store.setPatience(std::chrono::milliseconds(500));
        const Secret secret = canary();
        const Answer written = stored(store, "one", secret);
        QCOMPARE(written.code(), ErrorCode::TimedOut);
        QVERIFY(silent.calls > 0);
        QVERIFY((*loaded(store, "one").loaded)->isSameAs(secret));
        QCOMPARE(loaded(store, "two").code(), ErrorCode::TimedOut);
    }

private:
    static void failsButKeepsForTheSession(ErrorCode code, const QString &remedy)
    {
        const Secret secret = canary();
        SecretStore store;
        const Answer missing = loaded(store, "one");
        QCOMPARE(missing.code(), code);
        const Answer written = stored(store, "one", secret);
        QCOMPARE(written.code(), code);
        QVERIFY2(written.message().contains(remedy), qPrintable(written.message()));
        QVERIFY2(written.message().contains("asked for again"), qPrintable(written.message()));
        QVERIFY((*loaded(store, "one").loaded)->isSameAs(secret));
        QCOMPARE(filesHolding(qEnvironmentVariable("SESSION_FOLDER"), secret.reveal()), QStringList());
    }
};

/// Passwords in a real Secret Service: runs this program again in sessions with an open, a locked and no keychain.
class TestSecretStore : public QObject
{
    Q_OBJECT

private slots:
    void keychain_data()
    {
        QTest::addColumn<QString>("mode");
        for (const char *scenario : {"opened", "missing", "difficultTexts", "changedTextIsNoticed",
                                     "lockedAfterStoring", "nothingForAReceiverThatIsGone"}) {
            QTest::newRow(scenario) << "unlocked";
        }
        QTest::newRow("locked") << "locked";
        QTest::newRow("absent") << "absent";
        QTest::newRow("silentKeychain") << "absent";
        QTest::newRow("noBus") << "nobus";
    }
    void keychain()
    {
        QFETCH(QString, mode);
        QProcess session;
        session.setProcessChannelMode(QProcess::MergedChannels);
        session.start(WITH_KEYRING,
                      {mode, QCoreApplication::applicationFilePath(), "--inside", QTest::currentDataTag()});
        QVERIFY(session.waitForFinished(60'000));
        const QByteArray output = session.readAll();
        QVERIFY2(session.exitStatus() == QProcess::NormalExit && session.exitCode() == 0, output.constData());
        QVERIFY2(output.contains("Totals: 3 passed, 0 failed, 0 skipped"), output.constData());
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments.at(1) == u"--inside") {
        Scenarios scenarios;
        return QTest::qExec(&scenarios, {arguments.at(0), arguments.at(2)});
    }
    TestSecretStore test;
    return QTest::qExec(&test, arguments);
}

#include "tst_secretstore.moc"

#include "gui/connection/secretclipboard.h"

#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace std::chrono_literals;

namespace {

const QString secret = QStringLiteral("postgresql://ada:c4n4ry@host/db");

QString textIn(QClipboard::Mode mode)
{
    return QGuiApplication::clipboard()->text(mode);
}

} // namespace

class TestSecretClipboard : public QObject
{
    Q_OBJECT

private slots:
    void isMarked();
    void isTakenAwayInTime();
    void whatOthersCopiedStays();
    void aSecondCopyStartsAnew();
    void isTakenAwayAtTheEnd();
    void livesAMinute();
};

void TestSecretClipboard::isMarked()
{
    SecretClipboard clipboard(1h);
    clipboard.copy(secret);
    QCOMPARE(textIn(QClipboard::Clipboard), secret);
    QCOMPARE(QGuiApplication::clipboard()->mimeData()->data(QStringLiteral("x-kde-passwordManagerHint")),
             QByteArray("secret"));
    if (QGuiApplication::clipboard()->supportsSelection()) {
        QCOMPARE(textIn(QClipboard::Selection), secret);
    }
}

void TestSecretClipboard::isTakenAwayInTime()
{
    SecretClipboard clipboard(50ms);
    QSignalSpy cleared(&clipboard, &SecretClipboard::cleared);
    clipboard.copy(secret);
    QTRY_COMPARE(cleared.size(), 1);
    QVERIFY(textIn(QClipboard::Clipboard).isEmpty());
    QVERIFY(textIn(QClipboard::Selection).isEmpty());
}

void TestSecretClipboard::whatOthersCopiedStays()
{
    SecretClipboard clipboard(50ms);
    QSignalSpy cleared(&clipboard, &SecretClipboard::cleared);
    clipboard.copy(secret);
    QGuiApplication::clipboard()->setText(QStringLiteral("mine"));
    QTRY_COMPARE(cleared.size(), 1);
    QCOMPARE(textIn(QClipboard::Clipboard), QStringLiteral("mine"));
    QVERIFY(textIn(QClipboard::Selection).isEmpty());
}

void TestSecretClipboard::aSecondCopyStartsAnew()
{
    SecretClipboard clipboard(1h);
    clipboard.copy(secret);
    clipboard.copy(QStringLiteral("another"));
    clipboard.clear();
    QVERIFY(textIn(QClipboard::Clipboard).isEmpty());
    QGuiApplication::clipboard()->setText(secret);
    clipboard.clear(); // nothing of ours is there any more
    QCOMPARE(textIn(QClipboard::Clipboard), secret);
}

void TestSecretClipboard::isTakenAwayAtTheEnd()
{
    {
        SecretClipboard clipboard(1h);
        clipboard.copy(secret);
    }
    QVERIFY(textIn(QClipboard::Clipboard).isEmpty());
    QVERIFY(textIn(QClipboard::Selection).isEmpty());
}

void TestSecretClipboard::livesAMinute()
{
    QCOMPARE(SecretClipboard::instance().lifetime(), std::chrono::milliseconds(60s));
    SecretClipboard::instance().copy(secret);
    QVERIFY(QMetaObject::invokeMethod(qApp, "aboutToQuit")); // as the application does before it ends
    QVERIFY(textIn(QClipboard::Clipboard).isEmpty());
}

QTEST_MAIN(TestSecretClipboard)

#include "tst_secretclipboard.moc"

#include "core/secret.h"
#include "process/desktopnotification.h"
#include "support/notificationdaemon.h"

#include <QTest>

#include <future>
#include <memory>

using namespace Roost;
using namespace Roost::Testing;

namespace {

/// Off the thread in which the desktop answers.
Result<void> notify(const DesktopNotification &notification)
{
    auto future = std::async(std::launch::async, [notification] { return notifyDesktop(notification); });
    [[maybe_unused]] const bool ended = QTest::qWaitFor(
        [&future] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }, 30'000);
    return future.get();
}

} // namespace

/// Over a real session bus, to a desktop that writes down what it is to show.
class TestDesktopNotification : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() // one bus for all: a process asks for its address once
    {
        m_desktop = std::make_unique<NotificationDaemon>();
        QVERIFY(m_desktop->start());
    }
    void init() { m_desktop->shown.clear(); }
    void isShown()
    {
        QVERIFY(notify({"The backup failed", "No <b>room</b> & more"}));
        QCOMPARE(m_desktop->shown.size(), 1);
        QCOMPARE(m_desktop->shown[0].application, QString("Roost"));
        QCOMPARE(m_desktop->shown[0].title, QString("The backup failed"));
        QCOMPARE(m_desktop->shown[0].body, QString("No <b>room</b> & more"));
        QCOMPARE(m_desktop->shown[0].urgency, 2);
        QCOMPARE(m_desktop->shown[0].timeoutMs, 0); // stays until it is dismissed
        QVERIFY(notify({"Done", "", DesktopNotification::Urgency::Normal}));
        QCOMPARE(m_desktop->shown[1].urgency, 1);
    }
    void markupIsShownAsItIs()
    {
        m_desktop->capabilities += "body-markup";
        QVERIFY(notify({"t", "No <b>room</b> & more"}));
        QCOMPARE(m_desktop->shown[0].body, QString("No &lt;b&gt;room&lt;/b&gt; &amp; more"));
    }
    void noSecretIsShown()
    {
        const Secret secret("hunter-two-hunter");
        QVERIFY(notify({"with hunter-two-hunter", "postgresql://u:other-secret@h/d and hunter-two-hunter"}));
        const QString all = m_desktop->shown[0].title + m_desktop->shown[0].body;
        QVERIFY2(!all.contains("hunter-two-hunter") && !all.contains("other-secret"), qPrintable(all));
    }
    void withoutASession() // the last
    {
        m_desktop.reset();
        const auto shown = notify({"t", "b"});
        QVERIFY(!shown && shown.error().code == ErrorCode::NotFound);
        m_desktop = std::make_unique<NotificationDaemon>();
    }

private:
    std::unique_ptr<NotificationDaemon> m_desktop;
};

QTEST_GUILESS_MAIN(TestDesktopNotification)
#include "tst_desktopnotification.moc"

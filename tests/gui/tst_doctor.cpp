// The connection doctor's window: what is found, and what its buttons mend.

#include "doctorfixture.h"
#include "gui/connection/connectiondialog.h"
#include "gui/dialogs/notice.h"
#include "gui/doctor/doctorrow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowtabs.h"
#include "gui/overview/instancepage.h"
#include "postgres/connectionstring.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>

using namespace Roost;
using namespace Roost::Testing;

namespace {

template <class T>
T *in(const QWidget *widget, const char *name)
{
    return widget->findChild<T *>(QString::fromLatin1(name));
}

QString text(const QWidget *dialog, const char *row, const char *label)
{
    const auto *found = in<QLabel>(in<QWidget>(dialog, row), label);
    return found ? found->text() : QString();
}

/// The dialog over the main window, once it is done.
DoctorDialog *openDialog(const WindowFixture &fixture)
{
    const auto dialog = [&fixture] { return fixture.window->findChild<DoctorDialog *>(); };
    const bool isDone = QTest::qWaitFor([&] { return dialog() && dialog()->report(); }, 20'000);
    return isDone ? dialog() : nullptr;
}

} // namespace

class TestDoctor : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void allGood();
    void wrongDatabaseIsMended();
    void regionIsChosen();
    void newPasswordIsTaken();
    void addressIsAdded();
    void draftIsCorrected();
    void fromTheFailedTest();
    void fromTheFailedPage();

private:
    TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
};

void TestDoctor::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec(QStringLiteral("bird_app_db"));
}

void TestDoctor::allGood()
{
    DoctorFixture fixture;
    DoctorDialog dialog(fixture.services, {fixture.plainInstance(m_spec), {}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QVERIFY(DoctorFixture::waitFor(dialog));
    QVERIFY(dialog.report()->isGood());
    QVERIFY(text(&dialog, "doctorRow-versions", "doctorVerdict").contains(QStringLiteral("good")));
    QVERIFY(text(&dialog, "doctorRow-database", "doctorFound").contains(QStringLiteral("bird_app_db")));
    QVERIFY(in<QLabel>(&dialog, "doctorState")->text().startsWith(QStringLiteral("All is in order")));
    in<QPushButton>(&dialog, "copyReport")->click();
    const QString copied = QApplication::clipboard()->text();
    QVERIFY(copied.contains(QStringLiteral("bird_app_db")) && !copied.contains(m_spec.password.reveal()));
}

void TestDoctor::wrongDatabaseIsMended()
{
    DoctorFixture fixture;
    ConnectionSpec wrong = m_spec;
    wrong.parameters.database = QStringLiteral("bird_app");
    const Instance instance = fixture.plainInstance(wrong);
    DoctorDialog dialog(fixture.services, {instance, {}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy mended(&dialog, &DoctorDialog::mended);
    dialog.show();
    QVERIFY(DoctorFixture::waitFor(dialog));
    auto *row = in<DoctorRow>(&dialog, "doctorRow-database");
    QCOMPARE(in<QComboBox>(row, "doctorChoice")->currentText(), QStringLiteral("bird_app_db"));
    in<QPushButton>(row, "doctorRemedy")->click();
    QTRY_COMPARE(mended.count(), 1);
    QVERIFY(DoctorFixture::waitFor(dialog)); // it looked again by itself
    QVERIFY(dialog.report()->isGood());
    QCOMPARE(fixture.profiles.byName(instance.name)->parameters.database, QStringLiteral("bird_app_db"));
}

void TestDoctor::regionIsChosen()
{
    DoctorFixture fixture;
    ConnectionSpec internal = m_spec;
    internal.parameters.host = scriptedInstanceId;
    const Instance instance = fixture.plainInstance(internal);
    DoctorDialog dialog(fixture.services, {instance, {}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy mended(&dialog, &DoctorDialog::mended);
    dialog.show();
    QVERIFY(DoctorFixture::waitFor(dialog));
    auto *row = in<DoctorRow>(&dialog, "doctorRow-name");
    auto *use = in<QPushButton>(row, "doctorRemedy");
    QVERIFY(!use->isEnabled()); // not with a region that nobody chose
    in<QComboBox>(row, "doctorChoice")->setCurrentText(QStringLiteral("frankfurt"));
    QVERIFY(use->isEnabled());
    use->click();
    QTRY_COMPARE(mended.count(), 1);
    QCOMPARE(fixture.profiles.byName(instance.name)->parameters.host,
             scriptedInstanceId + QStringLiteral(".frankfurt-postgres.render.com"));
}

void TestDoctor::newPasswordIsTaken()
{
    DoctorFixture fixture;
    ConnectionSpec wrong = m_spec;
    wrong.password = Secret(QStringLiteral("not the right one"));
    fixture.secrets.setPatience(std::chrono::seconds(5));
    DoctorDialog dialog(fixture.services, {fixture.plainInstance(wrong), {}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QVERIFY(DoctorFixture::waitFor(dialog));
    in<QPushButton>(in<DoctorRow>(&dialog, "doctorRow-login"), "doctorRemedy")->click();
    QLineEdit *field = nullptr;
    QTRY_VERIFY((field = in<QLineEdit>(&dialog, "passwordField")));
    field->setText(m_spec.password.reveal());
    in<QPushButton>(field->window(), "useButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(dialog.report() && dialog.report()->isGood(), 20'000);
}

void TestDoctor::addressIsAdded()
{
    // With an account: what Render says comes first, and the list is mended through its API.
    DoctorFixture fixture;
    const QJsonObject school{{QStringLiteral("cidrBlock"), QStringLiteral("198.51.100.0/24")},
                             {QStringLiteral("description"), QStringLiteral("school")}};
    DoctorDialog dialog(fixture.services,
                        {fixture.instanceOf(m_spec, {{QStringLiteral("ipAllowList"), QJsonArray{school}}}), {}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QVERIFY(DoctorFixture::waitFor(dialog));
    QCOMPARE(dialog.report()->problem()->cause, QStringLiteral("not-on-allow-list"));
    auto *row = in<DoctorRow>(&dialog, "doctorRow-instance");
    QVERIFY(text(&dialog, "doctorRow-instance", "doctorFound").contains(QStringLiteral("127.0.0.1")));
    in<QPushButton>(row, "doctorRemedy")->click();
    QTRY_VERIFY_WITH_TIMEOUT(dialog.report() && dialog.report()->isGood(), 30'000); // it looked again by itself
}

void TestDoctor::draftIsCorrected()
{
    DoctorFixture fixture;
    ConnectionSpec wrong = m_spec;
    wrong.parameters.database = QStringLiteral("bird_app");
    auto *dialog = new DoctorDialog(fixture.services, {{}, wrong});
    QSignalSpy wanted(dialog, &DoctorDialog::parametersWanted);
    const QPointer<DoctorDialog> guard(dialog);
    dialog->show();
    QVERIFY(DoctorFixture::waitFor(*dialog));
    in<QPushButton>(in<DoctorRow>(dialog, "doctorRow-database"), "doctorRemedy")->click();
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().first().value<ConnectionParameters>().database, QStringLiteral("bird_app_db"));
    QTRY_VERIFY(!guard); // closed
}

void TestDoctor::fromTheFailedTest()
{
    DoctorFixture fixture;
    ConnectionSpec wrong = m_spec;
    wrong.parameters.database = QStringLiteral("bird_app");
    QWidget backdrop;
    auto *adding = new ConnectionDialog(fixture.services, {std::nullopt, externalUrl(wrong)}, &backdrop);
    adding->show();
    auto *test = in<QPushButton>(adding, "testButton");
    QTRY_VERIFY(test->isEnabled());
    test->click();
    QPushButton *why = nullptr;
    QTRY_VERIFY((why = in<QPushButton>(adding, "doctorButton")));
    why->click();
    auto *doctor = adding->findChild<DoctorDialog *>();
    QVERIFY(doctor && DoctorFixture::waitFor(*doctor));
    in<QPushButton>(in<DoctorRow>(doctor, "doctorRow-database"), "doctorRemedy")->click();
    QCOMPARE(in<QLabel>(adding, "databaseValue")->text(), QStringLiteral("bird_app_db"));
    test->click();
    QTRY_VERIFY(in<Notice>(adding, "resultNotice")->lead() == QStringLiteral("It works"));
}

void TestDoctor::fromTheFailedPage()
{
    DoctorFixture fixture;
    ConnectionSpec wrong = m_spec;
    wrong.parameters.database = QStringLiteral("bird_app");
    const Instance instance = fixture.plainInstance(wrong);
    fixture.open();
    QTRY_VERIFY(fixture.instances.find(instance.id));
    fixture.window->openInstance(instance.id);
    fixture.instances.open(instance.id);
    QPushButton *why = nullptr;
    QTRY_VERIFY((why = fixture.part<QPushButton>("findOutWhy")));
    why->click();
    DoctorDialog *dialog = openDialog(fixture);
    QVERIFY(dialog);
    in<QPushButton>(in<DoctorRow>(dialog, "doctorRow-database"), "doctorRemedy")->click();
    // The page opens by itself, once the connection is right.
    QTRY_COMPARE(fixture.instances.find(instance.id)->state, InstanceList::State::Open);
    dialog->close();
    QTRY_VERIFY(!fixture.window->findChild<DoctorDialog *>());
    // And by its key, as every verb.
    auto *action = fixture.part<QAction>("actionDoctor");
    QVERIFY(action->isEnabled() && !action->shortcut().isEmpty());
    action->trigger();
    dialog = openDialog(fixture);
    QVERIFY(dialog && dialog->report()->isGood());
}

QTEST_MAIN(TestDoctor)
#include "tst_doctor.moc"

#include "gui/connection/connectiondialog.h"

#include "gui/connection/passworddialog.h"
#include "gui/connection/pastefield.h"
#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "postgres/environment.h"
#include "support/temporarycluster.h"
#include "widgetleaks.h"
#include "windowfixture.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDateEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patienceMs = 30'000;
const QString canary = QStringLiteral("c4n4ryHunterTwo");
const QString host = QStringLiteral("dpg-c0ffee00000000000001-a.oregon-postgres.render.com");
const QString external = QStringLiteral("postgresql://ada:%1@%2/birds_db").arg(canary, host);

/// An open dialog and its parts by name; gone at the end of the test.
struct OpenDialog
{
    WindowFixture fixture;
    QWidget window;
    QPointer<ConnectionDialog> dialog;

    explicit OpenDialog(const ConnectionDialogRequest &request = {})
    {
        dialog = new ConnectionDialog(fixture.services, request, &window);
        window.show();
        dialog->open();
        [[maybe_unused]] const bool isShown = QTest::qWaitForWindowExposed(dialog);
    }
    template <class T>
    T *part(const char *name) const
    {
        return dialog->findChild<T *>(QString::fromLatin1(name));
    }
    QString label(const char *name) const { return part<QLabel>(name)->text(); }
    bool isShown(const char *name) const { return part<QWidget>(name)->isVisible(); }
    void paste(const QString &text) const
    {
        QGuiApplication::clipboard()->setText(text);
        part<PasteField>("pasteField")->setFocus();
        QTest::keyClick(part<PasteField>("pasteField"), Qt::Key_V, Qt::ControlModifier);
        QGuiApplication::clipboard()->clear(); // it is the user's, and no widget of ours
    }
    QString shown() const { return part<PasteField>("pasteField")->toPlainText(); }
    Notice *notice(const char *name) const { return part<Notice>(name); }
};

QStringList leaks()
{
    return leaksInWidgets(LeakSearch(canary));
}

} // namespace

/// The dialog that adds and edits connections, driven by mouse, keyboard and clipboard.
class TestConnectionDialog : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyForm_data();
    void everyForm();
    void typedTextIsMaskedWhenLeft();
    void maskedTextGoesWithTheFirstKey();
    void nothingIsUndoneNorCopied();
    void refusedParameterIsNamed();
    void refusedTextCanBeMended();
    void dividingCharactersAreEncodedOnRequest();
    void internalUrlNeedsARegion();
    void passwordAskedForWhenTheTextHasNone();
    void loweringTlsIsNamedAndSeen();
    void namesAreUnique();
    void expiryIsCounted();
    void testSaysWhatItFound();
    void testSaysWhatIsWrong();
    void savedByKeyboardOnly();
    void withoutKeychainTheSessionGoesOn();
    void editingKeepsThePassword();
    void escapeLeavesNothing();
    void passwordDialogTellsWhy_data();
    void passwordDialogTellsWhy();
    void passwordForTheSession();

private:
    TemporaryCluster m_cluster;
};

void TestConnectionDialog::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
}

void TestConnectionDialog::everyForm_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("port");
    QTest::newRow("External URL") << external << "5432";
    QTest::newRow("with a port") << QStringLiteral("postgresql://ada:%1@%2:6543/birds_db").arg(canary, host) << "6543";
    QTest::newRow("postgres://") << QStringLiteral("postgres://ada:%1@%2/birds_db").arg(canary, host) << "5432";
    QTest::newRow("SQLAlchemy") << QStringLiteral("postgresql+psycopg2://ada:%1@%2/birds_db").arg(canary, host)
                                << "5432";
    QTest::newRow("PSQL Command") << QStringLiteral("PGPASSWORD=%1 psql -h %2 -U ada birds_db").arg(canary, host)
                                  << "5432";
    QTest::newRow("PSQL Command with -p")
        << QStringLiteral("PGPASSWORD=%1 psql -h %2 -p 5432 -U ada birds_db").arg(canary, host) << "5432";
    QTest::newRow("key=value") << QStringLiteral("host=%2 user=ada password=%1 dbname=birds_db").arg(canary, host)
                               << "5432";
    QTest::newRow(".env line") << QStringLiteral("DATABASE_URI=\"%1\"").arg(external) << "5432";
    QTest::newRow("quotes and line ends") << QStringLiteral("  '%1'\n").arg(external) << "5432";
}

void TestConnectionDialog::everyForm()
{
    QFETCH(QString, text);
    QFETCH(QString, port);
    OpenDialog open;
    QVERIFY(!open.part<QPushButton>("saveButton")->isEnabled());
    open.paste(text);
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
    QCOMPARE(open.label("hostValue"), host);
    QCOMPARE(open.label("portValue"), port);
    QCOMPARE(open.label("userValue"), QStringLiteral("ada"));
    QCOMPARE(open.label("databaseValue"), QStringLiteral("birds_db"));
    QCOMPARE(open.label("passwordValue"), QString(8, QChar(0x2022)));
    QCOMPARE(open.label("linkValue"), QStringLiteral("Encrypted, certificate checked"));
    QCOMPARE(open.part<QLineEdit>("nameField")->text(), QStringLiteral("birds_db"));
    QVERIFY(open.shown().startsWith(QStringLiteral("postgresql://ada:")));
    QVERIFY(open.part<QPushButton>("saveButton")->isEnabled());
    QVERIFY(open.part<QPushButton>("testButton")->isEnabled());
    QVERIFY(!open.isShown("passwordRow"));
    QVERIFY(!open.isShown("regionRow"));
}

void TestConnectionDialog::typedTextIsMaskedWhenLeft()
{
    OpenDialog open;
    QTest::keyClicks(open.part<PasteField>("pasteField"), external);
    QCOMPARE(open.label("hostValue"), host);
    QCOMPARE(open.shown(), external); // still being typed
    QVERIFY(!leaks().isEmpty());      // so the search would find it
    QTest::keyClick(open.part<PasteField>("pasteField"), Qt::Key_Tab);
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
    QVERIFY(open.part<PasteField>("pasteField")->isMasked());
}

void TestConnectionDialog::maskedTextGoesWithTheFirstKey()
{
    OpenDialog open;
    open.paste(external);
    QTest::keyClick(open.part<PasteField>("pasteField"), Qt::Key_Backspace);
    QVERIFY(open.shown().isEmpty());
    QVERIFY(!open.part<QPushButton>("saveButton")->isEnabled());
    QCOMPARE(open.part<QStackedWidget>("parsedStack")->currentWidget()->objectName(), QStringLiteral("hintPage"));
    open.paste(external);
    open.paste(QStringLiteral("postgresql://bob:other%1@%2/other_db").arg(canary, host)); // replaces, not appends
    QCOMPARE(open.label("userValue"), QStringLiteral("bob"));
    QCOMPARE(open.label("databaseValue"), QStringLiteral("other_db"));
}

void TestConnectionDialog::nothingIsUndoneNorCopied()
{
    OpenDialog open;
    auto *field = open.part<PasteField>("pasteField");
    open.paste(external);
    QTest::keyClick(field, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
    QVERIFY(!field->document()->isUndoAvailable());
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(field, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(!QGuiApplication::clipboard()->text().contains(canary));
}

void TestConnectionDialog::refusedParameterIsNamed()
{
    OpenDialog open;
    open.paste(external + QStringLiteral("?sslkeylogfile=/tmp/keys"));
    QVERIFY(open.isShown("pasteNotice"));
    QCOMPARE(open.notice("pasteNotice")->tone(), Tone::Danger);
    QVERIFY(open.notice("pasteNotice")->text().contains(QStringLiteral("sslkeylogfile")));
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
    QVERIFY(!open.part<QPushButton>("saveButton")->isEnabled());
}

void TestConnectionDialog::refusedTextCanBeMended()
{
    OpenDialog open;
    const QString refused = external + QStringLiteral("?passfile=x");
    open.paste(refused);
    open.part<QPushButton>("mendButton")->click();
    QCOMPARE(open.shown(), refused);
    for (int i = 0; i < 11; ++i) {
        QTest::keyClick(open.part<PasteField>("pasteField"), Qt::Key_Backspace);
    }
    QVERIFY(!open.isShown("pasteNotice"));
    QTest::keyClick(open.part<PasteField>("pasteField"), Qt::Key_Tab);
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
    QVERIFY(open.part<QPushButton>("saveButton")->isEnabled());
}

void TestConnectionDialog::dividingCharactersAreEncodedOnRequest()
{
    OpenDialog open;
    open.paste(QStringLiteral("postgresql://ada:%1@/x@%2/birds_db").arg(canary, host));
    QVERIFY(!open.part<QPushButton>("saveButton")->isEnabled());
    open.part<QPushButton>("encodeButton")->click();
    QVERIFY(!open.isShown("pasteNotice") || !open.part<QPushButton>("encodeButton"));
    QCOMPARE(open.label("hostValue"), host);
    QCOMPARE(open.label("databaseValue"), QStringLiteral("birds_db"));
    QVERIFY(open.part<QPushButton>("saveButton")->isEnabled());
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
}

void TestConnectionDialog::internalUrlNeedsARegion()
{
    OpenDialog open;
    open.paste(QStringLiteral("postgresql://ada:%1@dpg-c0ffee00000000000001-a/birds_db").arg(canary));
    QVERIFY(open.isShown("regionRow"));
    QVERIFY(open.notice("pasteNotice")->lead().contains(QStringLiteral("Internal URL")));
    QVERIFY(!open.part<QPushButton>("saveButton")->isEnabled());
    auto *combo = open.part<QComboBox>("regionCombo");
    combo->setFocus();
    QTest::keyClicks(combo, QStringLiteral("O"));
    QCOMPARE(combo->currentText(), QStringLiteral("Oregon"));
    QCOMPARE(open.label("hostValue"), host);
    QVERIFY(open.shown().contains(host));
    QVERIFY(open.part<QPushButton>("saveButton")->isEnabled());
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
}

void TestConnectionDialog::passwordAskedForWhenTheTextHasNone()
{
    OpenDialog open;
    open.paste(QStringLiteral("psql -h %1 -U ada birds_db").arg(host));
    QVERIFY(open.isShown("passwordRow"));
    QVERIFY(!open.part<QPushButton>("saveButton")->isEnabled());
    auto *field = open.part<QLineEdit>("passwordField");
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    QTest::keyClicks(field, canary);
    QVERIFY(open.part<QPushButton>("saveButton")->isEnabled());
}

void TestConnectionDialog::loweringTlsIsNamedAndSeen()
{
    OpenDialog open;
    open.paste(external + QStringLiteral("?sslmode=disable"));
    if (open.part<QPushButton>("saveButton")->isEnabled()) { // taken with a notice, or refused: never lowered
        QCOMPARE(open.label("linkValue"), QStringLiteral("Encrypted, certificate checked"));
    }
    open.paste(external);
    auto *check = open.part<QCheckBox>("unverifiedCheck");
    QVERIFY(!check->isVisible()); // in the fold
    open.part<QWidget>("advancedFold")->findChild<QAbstractButton *>(QStringLiteral("foldHeader"))->click();
    QVERIFY(check->isVisible());
    check->click();
    QVERIFY(open.isShown("unverifiedNotice"));
    QCOMPARE(open.label("linkValue"), QStringLiteral("Encrypted, server's identity not checked"));
    open.paste(external); // a new text does not raise it silently, nor hide it
    QCOMPARE(open.label("linkValue"), QStringLiteral("Encrypted, server's identity not checked"));
}

void TestConnectionDialog::namesAreUnique()
{
    WindowFixture fixture;
    fixture.save(QStringLiteral("birds_db"), m_cluster.spec());
    ConnectionDialog dialog(fixture.services, {std::nullopt, external}, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    auto *name = dialog.findChild<QLineEdit *>(QStringLiteral("nameField"));
    QTRY_COMPARE(name->text(), QStringLiteral("birds_db-2"));
    name->clear();
    QTest::keyClicks(name, QStringLiteral("Birds_db"));
    const auto *hint = dialog.findChild<QLabel *>(QStringLiteral("nameHint"));
    QVERIFY(hint->isVisible());
    QVERIFY(!dialog.findChild<QPushButton *>(QStringLiteral("saveButton"))->isEnabled());
    QTest::keyClicks(name, QStringLiteral("/x"));
    QVERIFY(!dialog.findChild<QPushButton *>(QStringLiteral("saveButton"))->isEnabled());
}

void TestConnectionDialog::expiryIsCounted()
{
    OpenDialog open;
    QVERIFY(open.label("createdHint").contains(QStringLiteral("30 days")));
    QVERIFY(!open.part<QDateEdit>("createdDate")->isEnabled());
    open.part<QCheckBox>("createdCheck")->click();
    open.part<QDateEdit>("createdDate")->setDate(QDate::currentDate().addDays(-31));
    QVERIFY(open.label("createdHint").contains(QStringLiteral("stopped working")));
    open.part<QDateEdit>("createdDate")->setDate(QDate::currentDate().addDays(-2));
    QVERIFY(open.label("createdHint").contains(QStringLiteral("stops working on")));
}

void TestConnectionDialog::testSaysWhatItFound()
{
    OpenDialog open;
    const ConnectionSpec spec = m_cluster.spec();
    open.paste(externalUrl(spec));
    QVERIFY(!open.isShown("advancedFold")); // loopback: nobody is in between
    open.part<QPushButton>("testButton")->click();
    QVERIFY(!open.part<QPushButton>("testButton")->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(open.isShown("resultNotice"), patienceMs);
    QCOMPARE(open.notice("resultNotice")->tone(), Tone::Good);
    QVERIFY(open.notice("resultNotice")->text().contains(QStringLiteral("PostgreSQL ")));
    QVERIFY(open.part<QPushButton>("testButton")->isEnabled());
}

void TestConnectionDialog::testSaysWhatIsWrong()
{
    OpenDialog open;
    ConnectionSpec spec = m_cluster.spec();
    spec.password = Secret(canary);
    open.paste(externalUrl(spec));
    open.part<QPushButton>("testButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(open.isShown("resultNotice"), patienceMs);
    QCOMPARE(open.notice("resultNotice")->tone(), Tone::Danger);
    QVERIFY(!open.notice("resultNotice")->text().isEmpty());
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
}

void TestConnectionDialog::savedByKeyboardOnly()
{
    OpenDialog open;
    QSignalSpy saved(open.dialog, &ConnectionDialog::saved);
    open.paste(external);
    // Tab from the field through everything that can take keys, and around again.
    QStringList stops;
    for (int i = 0; i < 12; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        stops += QApplication::focusWidget()->objectName();
    }
    const QStringList expected{QStringLiteral("nameField"),    QStringLiteral("createdCheck"),
                               QStringLiteral("foldHeader"),   QStringLiteral("testButton"),
                               QStringLiteral("cancelButton"), QStringLiteral("saveButton"),
                               QStringLiteral("pasteField")};
    qsizetype from = 0;
    for (const QString &name : expected) {
        from = stops.indexOf(name, from);
        QVERIFY2(from >= 0, qPrintable(name + QStringLiteral(" in ") + stops.join(u' ')));
    }
    open.part<PasteField>("pasteField")->setFocus();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return); // the default button
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, patienceMs);
    const auto profile = open.fixture.profiles.byName(QStringLiteral("birds_db"));
    QVERIFY(profile);
    QCOMPARE(profile->parameters.host, host);
    QCOMPARE(profile->parameters.tls, TlsMode::Verified);
    QVERIFY(LeakSearch(canary).filesIn(open.fixture.home.path()).isEmpty());
}

void TestConnectionDialog::withoutKeychainTheSessionGoesOn()
{
    OpenDialog open;
    QSignalSpy saved(open.dialog, &ConnectionDialog::saved);
    open.paste(external);
    open.part<QPushButton>("saveButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, patienceMs);
    QVERIFY(open.dialog);
    QVERIFY(open.dialog->isVisible()); // it stays to say so
    QCOMPARE(open.notice("resultNotice")->tone(), Tone::Warning);
    QCOMPARE(open.notice("resultNotice")->lead(), QStringLiteral("There is no keychain on this computer"));
    QVERIFY(open.notice("resultNotice")->text().contains(QStringLiteral("memory")));
    QVERIFY(!open.fixture.profiles.byName(QStringLiteral("birds_db"))->secretIsStored);
    QVERIFY2(leaks().isEmpty(), qPrintable(leaks().join(u'\n')));
    std::optional<Result<Secret>> kept;
    open.fixture.secrets.load(open.dialog->profile().id, this,
                              [&kept](const Result<Secret> &secret) { kept = secret; });
    QTRY_VERIFY(kept.has_value());
    QVERIFY(*kept && (*kept)->isSameAs(Secret(canary)));
    QTest::keyClick(open.dialog, Qt::Key_Escape);
    QTRY_VERIFY(!open.dialog);
}

void TestConnectionDialog::editingKeepsThePassword()
{
    WindowFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("mine"), m_cluster.spec());
    ConnectionDialog dialog(fixture.services, {profile, {}}, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy saved(&dialog, &ConnectionDialog::saved);
    dialog.show();
    auto *name = dialog.findChild<QLineEdit *>(QStringLiteral("nameField"));
    QCOMPARE(name->text(), QStringLiteral("mine"));
    QCOMPARE(dialog.findChild<QLabel *>(QStringLiteral("passwordValue"))->text(), QStringLiteral("as saved"));
    dialog.findChild<QPushButton *>(QStringLiteral("testButton"))->click();
    auto *notice = dialog.findChild<Notice *>(QStringLiteral("resultNotice"));
    QTRY_VERIFY_WITH_TIMEOUT(notice->isVisible(), patienceMs);
    QCOMPARE(notice->tone(), Tone::Good);
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("renamed"));
    dialog.findChild<QPushButton *>(QStringLiteral("saveButton"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, patienceMs);
    const auto after = fixture.profiles.byName(QStringLiteral("renamed"));
    QVERIFY(after);
    QCOMPARE(after->id, profile.id);
    QCOMPARE(after->parameters, profile.parameters);
    QVERIFY(dialog.spec().password.isEmpty()); // nothing new to make known
}

void TestConnectionDialog::escapeLeavesNothing()
{
    OpenDialog open;
    QSignalSpy saved(open.dialog, &ConnectionDialog::saved);
    open.paste(external);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!open.dialog);
    QCOMPARE(saved.size(), 0);
    QVERIFY(open.fixture.profiles.all()->isEmpty());
}

void TestConnectionDialog::passwordDialogTellsWhy_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("canTryAgain");
    QTest::addColumn<bool>("canStore");
    QTest::newRow("locked") << ErrorCode::KeychainLocked << "locked" << true << false;
    QTest::newRow("absent") << ErrorCode::KeychainAbsent << "no keychain" << true << false;
    QTest::newRow("refused") << ErrorCode::KeychainRefused << "refused" << true << false;
    QTest::newRow("missing") << ErrorCode::SecretMissing << "holds no password" << true << true;
    QTest::newRow("wrong") << ErrorCode::ConnectionFailed << "server refused" << false << true;
}

void TestConnectionDialog::passwordDialogTellsWhy()
{
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    QFETCH(bool, canTryAgain);
    QFETCH(bool, canStore);
    WindowFixture fixture;
    Instance instance;
    instance.id = QStringLiteral("some");
    instance.name = QStringLiteral("mine");
    PasswordDialog dialog(fixture.services, instance, {code, QStringLiteral("Because."), {}, {}}, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("reasonLabel"))->text().contains(words));
    QCOMPARE(dialog.findChild<QWidget *>(QStringLiteral("retryButton"))->isVisible(), canTryAgain);
    QCOMPARE(dialog.findChild<QWidget *>(QStringLiteral("storeCheck"))->isVisible(), canStore);
}

void TestConnectionDialog::passwordForTheSession()
{
    WindowFixture fixture;
    Instance instance;
    instance.id = QStringLiteral("some");
    PasswordDialog dialog(fixture.services, instance, {ErrorCode::KeychainAbsent, {}, {}, {}}, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy accepted(&dialog, &QDialog::accepted);
    dialog.show();
    dialog.findChild<QPushButton *>(QStringLiteral("retryButton"))->click();
    auto *notice = dialog.findChild<Notice *>(QStringLiteral("notice"));
    QTRY_COMPARE_WITH_TIMEOUT(notice->lead(), QStringLiteral("Still no password"), patienceMs);
    auto *field = dialog.findChild<QLineEdit *>(QStringLiteral("passwordField"));
    QTest::keyClicks(field, canary);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(accepted.size(), 1);
    QVERIFY(dialog.password().isSameAs(Secret(canary)));
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    // No keychain: what happens without one is to be seen, whatever the machine has.
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestConnectionDialog test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_connectiondialog.moc"

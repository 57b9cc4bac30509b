#include "gui/dialogs/fold.h"
#include "gui/dialogs/jobprogressdialog.h"
#include "gui/theme/theme.h"
#include "jobs/job.h"
#include "operations/backup.h"
#include "operations/restore.h"
#include "stallprobe.h"
#include "support/mixeddatabase.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QApplication>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr qint64 mostMs = 50;
constexpr int patience = 240'000;

} // namespace

/// While a big database is backed up and restored, the window and the job's dialog with its log answer at once.
class TestJobStalls : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void backupAndRestore();

private:
    /// Lets a job run with its dialog open, and says how long the window was stuck at worst.
    void watch(Job *job, const char *what);

    TemporaryCluster m_cluster;
    QTemporaryDir m_home;
    WindowFixture m_fixture;
};

void TestJobStalls::initTestCase()
{
    qputenv("ROOST_HOME", m_home.path().toUtf8());
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    const int megabytes = qEnvironmentVariableIntValue("ROOST_TEST_MEGABYTES");
    m_cluster.spec(QStringLiteral("nest"));
    fillMixedDatabase(m_cluster, QStringLiteral("nest"), megabytes > 0 ? megabytes : 100);
    // Each is a line of the tools' logs, more than the dialog's log holds.
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; SELECT format('CREATE TABLE more_%s (id integer PRIMARY "
                                  "KEY, name text)', n) FROM generate_series(1, 500) n \\gexec"),
                   QStringLiteral("nest"));
    m_fixture.open();
    QVERIFY(QTest::qWaitForWindowExposed(m_fixture.window.get()));
    QTest::qWait(0);
}

void TestJobStalls::watch(Job *job, const char *what)
{
    JobProgressDialog dialog(job, m_fixture.window.get());
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    auto *fold = dialog.findChild<Fold *>(QStringLiteral("logFold"));
    QVERIFY(fold);
    fold->setOpen(true);
    QTest::qWait(0); // what it took to open is not the job's
    StallProbe probe;
    int reports = 0;
    const auto counting = connect(job, &Job::changed, this, [&reports] { ++reports; });
    QTRY_VERIFY_WITH_TIMEOUT(job->isEnded(), patience);
    disconnect(counting);
    const qint64 worst = probe.worst();
    std::fprintf(stderr, "%s: %d reports, longest stall %lld ms, %s\n", what, reports, worst,
                 qPrintable(QStringLiteral("%1 lines of log").arg(job->log().size())));
    QVERIFY2(job->state() == Job::State::Succeeded, qPrintable(job->error().message));
    QVERIFY(reports > 10);
    QVERIFY2(worst <= mostMs, what);
}

void TestJobStalls::backupAndRestore()
{
    const ConnectionSpec source = m_cluster.spec(QStringLiteral("nest"));
    const QString file = m_fixture.home.filePath(QStringLiteral("nest.dump"));
    watch(m_fixture.jobs.start<Backup>(QStringLiteral("Back up nest"),
                                       [source, file](JobContext &context) {
                                           return backUp({source, file}, context);
                                       }),
          "backup");
    if (QTest::currentTestFailed()) {
        return;
    }
    RestoreRequest request;
    request.file = file;
    request.target = source.withDatabase(QStringLiteral("copy"));
    request.mode = RestoreMode::IntoNew;
    watch(m_fixture.jobs.start<RestoreReport>(QStringLiteral("Restore nest"),
                                              [request](JobContext &context) { return restore(request, context); }),
          "restore");
}

QTEST_MAIN(TestJobStalls)
#include "tst_jobstalls.moc"

#include "proofshots.h"

#include "gui/backup/insidepage.h"
#include "gui/backup/scheduledialog.h"
#include "gui/backup/verdictdialog.h"
#include "gui/backup/verifydialog.h"
#include "gui/mainwindowtabs.h"
#include "models/archiverowsmodel.h"
#include "operations/backup.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QFile>
#include <QLabel>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTreeWidget>

namespace Roost {

using namespace Testing;

namespace {

constexpr int patienceMs = 60'000;

/// One run: a window, a server to take a backup from, and the pictures in turn.
class ProofPhotographer
{
public:
    ProofPhotographer(QString folder, QString prefix)
        : m_folder(std::move(folder))
        , m_prefix(std::move(prefix))
    {
    }
    bool run();

private:
    bool shoot(const char *name, QWidget *widget);
    bool shootDialog(const char *name, QWidget *dialog);
    bool takeBackup();
    bool inside();
    bool damaged();
    bool verdicts();
    bool schedules();

    QString m_folder;
    QString m_prefix;
    TemporaryCluster m_cluster;
    WindowFixture m_fixture;
    QString m_backup;
};

bool ProofPhotographer::shoot(const char *name, QWidget *widget)
{
    QTest::qWait(250); // for what is painted late: pictures, not tests
    return widget->grab().save(QStringLiteral("%1/%2-proof-%3.png").arg(m_folder, m_prefix, QLatin1String(name)));
}

bool ProofPhotographer::shootDialog(const char *name, QWidget *dialog)
{
    const QPointer<QWidget> guard(dialog);
    dialog->show();
    const bool isTaken = shoot(name, dialog);
    delete guard.data();
    return isTaken;
}

bool ProofPhotographer::takeBackup()
{
    fillSampleDatabase(m_cluster, QStringLiteral("bird_app_db"), 1800);
    m_backup = m_fixture.home.filePath(QStringLiteral("bird_app_db-20261122-184512.dump"));
    JobContext context;
    return backUp({m_cluster.spec(QStringLiteral("bird_app_db")), m_backup}, context).has_value();
}

bool ProofPhotographer::inside()
{
    m_fixture.window->openBackup(m_backup);
    auto *page = qobject_cast<InsidePage *>(m_fixture.window->tabs()->current());
    auto *tree = page->findChild<QTreeWidget *>(QStringLiteral("insideTree"));
    const auto choose = [&](const QString &name) {
        return QTest::qWaitFor(
            [&] {
                const auto found = tree->findItems(name, Qt::MatchExactly | Qt::MatchRecursive);
                if (!found.isEmpty()) {
                    tree->setCurrentItem(found.last());
                }
                return !found.isEmpty();
            },
            patienceMs);
    };
    auto *model = page->findChild<QTableView *>(QStringLiteral("insideRows"))->model();
    auto *proof = page->findChild<QLabel *>(QStringLiteral("insideProof"));
    bool all = choose(QStringLiteral("birds"));
    all = QTest::qWaitFor([&] { return model->rowCount() > 0 && proof->text().startsWith(u"Proven"); }, patienceMs) &&
          all;
    page->findChild<QTableView *>(QStringLiteral("insideRows"))->setCurrentIndex(model->index(0, 8));
    all = shoot("inside", m_fixture.window.get()) && all;
    choose(QStringLiteral("nest.logbook"));
    all = QTest::qWaitFor([&] { return model->rowCount() == ArchiveRowsModel::batch; }, patienceMs) && all;
    all = shoot("inside-more", m_fixture.window.get()) && all;
    choose(QStringLiteral("birds"));
    page->findChild<QTabWidget *>(QStringLiteral("insideTabs"))->setCurrentIndex(1);
    QTest::qWait(700);
    return shoot("inside-definition", m_fixture.window.get()) && all;
}

bool ProofPhotographer::damaged()
{
    const QString file = m_fixture.home.filePath(QStringLiteral("notes.dump"));
    QFile text(file);
    if (!text.open(QIODevice::WriteOnly) || text.write("CREATE TABLE x ();\n") < 0) {
        return false;
    }
    text.close();
    m_fixture.window->openBackup(file);
    QTest::qWait(700);
    return shoot("inside-damaged", m_fixture.window.get());
}

bool ProofPhotographer::verdicts()
{
    QWidget *parent = m_fixture.window.get();
    const Result<Manifest> manifest = manifestOf(m_backup);
    if (!manifest) {
        return false;
    }
    Verification good;
    good.wasRestored = true;
    good.manifest = *manifest;
    good.manifest.unproven = {QStringLiteral("the rows of public.remote, which are on another server")};
    good.differences = {{ManifestDifference::Weight::Note,
                         QStringLiteral("server"),
                         QStringLiteral("is 15.20 instead of 17.10"),
                         {},
                         {}}};
    Verification bad = good;
    using Weight = ManifestDifference::Weight;
    bad.differences = {
        {Weight::Data, QStringLiteral("table public.birds"), QStringLiteral("4 rows instead of 5"), {}, {}},
        {Weight::Data,
         QStringLiteral("table public.species"),
         QStringLiteral("as many rows, but other content"),
         {},
         {}},
        {Weight::Data,
         QStringLiteral("sequence public.species_id_seq"),
         QStringLiteral("is at 40 instead of 41"),
         {},
         {}},
        {Weight::Structure,
         QStringLiteral("index public.birds_by_name"),
         QStringLiteral("is missing"),
         QStringLiteral("CREATE INDEX birds_by_name ON public.birds USING btree (lower((name)::text), seen DESC)"),
         {}}};
    const auto verdict = [&](const char *name, const Result<Verification> &verification) {
        return shootDialog(name, new VerdictDialog(m_backup, verification, parent));
    };
    bool all = shootDialog("verify", new VerifyDialog(m_fixture.services, m_backup, parent));
    all = verdict("verdict-good", good) && all;
    Verification file;
    file.manifest = *manifest;
    all = verdict("verdict-file", file) && all;
    auto *list = new VerdictDialog(m_backup, bad, parent);
    auto *differences = list->findChild<QTreeWidget *>(QStringLiteral("verdictDifferences"));
    differences->setCurrentItem(differences->topLevelItem(3));
    all = shootDialog("verdict-bad", list) && all;
    return verdict("verdict-changed",
                   failure(ErrorCode::InvalidInput,
                           QStringLiteral("%1 is not the file that was made and proven: its bytes are others. The disk "
                                          "may be failing, or a program changed it. Do not rely on it: take another "
                                          "backup, or use another copy.")
                               .arg(m_backup),
                           QStringLiteral("SHA-256 2f…, 91…"))) &&
           all;
}

bool ProofPhotographer::schedules()
{
    ScheduleHost host;
    host.program = QStringLiteral("/usr/bin/roost-cli");
    const auto make = [&] {
        return new ScheduleDialog(m_fixture.services, QStringLiteral("my_database"), host, m_fixture.window.get());
    };
    const TimerState timer{QString(),
                           true,
                           true,
                           QDateTime(QDate::currentDate().addDays(3), QTime(3, 30)),
                           QDateTime::currentDateTimeUtc().addDays(-4),
                           TimerState::LastResult::Succeeded};
    const ScheduleState state(timer,
                              {QStringLiteral("my_database"), BackupSchedule::Rhythm::Weekly, 7, QTime(3, 30), 8});
    auto *there = make();
    there->setManager({});
    there->setStates({state});
    bool all = shootDialog("schedule", there);
    auto *none = make();
    none->setStates({});
    none->setManager(
        failure(ErrorCode::NotAllowed,
                QStringLiteral("systemd does not run timers for you here: its user manager does not answer. "
                               "It runs in a session that you logged into, not in one that was opened with "
                               "su or in a container. A crontab can do the same: `crontab -e`, and paste "
                               "the line for cron.")));
    return shootDialog("schedule-cron", none) && all;
}

bool ProofPhotographer::run()
{
    if (!m_cluster.start() || !takeBackup()) {
        return false;
    }
    Profile profile = m_fixture.save(QStringLiteral("my_database"), m_cluster.spec(QStringLiteral("bird_app_db")));
    profile.secretIsStored = true;
    if (!m_fixture.profiles.save(profile)) {
        return false;
    }
    m_fixture.open();
    m_fixture.window->resize(1240, 780);
    bool all = QTest::qWaitFor([this] { return m_fixture.instances.isLoaded(); }, patienceMs);
    all = inside() && all;
    all = damaged() && all;
    all = verdicts() && all;
    return schedules() && all;
}

} // namespace

bool takeProofShots(const QString &folder, const QString &prefix)
{
    return ProofPhotographer(folder, prefix).run();
}

} // namespace Roost

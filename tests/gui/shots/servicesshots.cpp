#include "servicesshots.h"

#include "gui/services/deployappdialog.h"
#include "gui/services/pointdialog.h"
#include "gui/services/servicespage.h"
#include "operations/birdapp.h"
#include "servicesstage.h"

#include <QAction>
#include <QProcess>
#include <QPushButton>
#include <QTableView>
#include <QTest>

namespace Roost {

using namespace Testing;

namespace {

constexpr int patienceMs = 60'000;

/// One run: the stand-in, a window, and the states in turn.
class ServicesPhotographer
{
public:
    ServicesPhotographer(QString folder, QString prefix)
        : m_folder(std::move(folder))
        , m_prefix(std::move(prefix))
    {
    }

    bool run()
    {
        if (const QString problem = m_stage.start(); !problem.isEmpty()) {
            qWarning("%s", qPrintable(problem));
            return false;
        }
        m_stage.setValue(QStringLiteral("DATABASE_URI"),
                         QStringLiteral("postgres://old:secret-word@dpg-d3qk0aruibrs73b8a0kg-a/bird_app_db"));
        share();
        m_stage.fixture.part<QAction>("actionServices")->trigger();
        return page() && point() && check();
    }

private:
    bool shoot(const char *name, QWidget *widget)
    {
        QTest::qWait(300); // for what is painted late: pictures, not tests
        return widget->grab().save(
            QStringLiteral("%1/%2-services-%3.png").arg(m_folder, m_prefix, QLatin1String(name)));
    }
    template <class T>
    T *find(const char *name) const
    {
        return m_stage.fixture.window->findChild<T *>(QString::fromLatin1(name));
    }

    /// A group with a variable that leads to the same place.
    void share()
    {
        const QString owner = m_stage.fixture.accounts.find(ServicesStage::accountId())->overview->owners.first().id;
        m_stage.render.post(
            QStringLiteral("/env-groups"),
            QJsonObject{{QStringLiteral("name"), QStringLiteral("shared")},
                        {QStringLiteral("ownerId"), owner},
                        {QStringLiteral("serviceIds"), QJsonArray{m_stage.service}},
                        {QStringLiteral("envVars"),
                         QJsonArray{QJsonObject{
                             {QStringLiteral("key"), QStringLiteral("REPORT_URL")},
                             {QStringLiteral("value"),
                              QStringLiteral("postgres://old:secret-word@dpg-d3qk0aruibrs73b8a0kg-a/bird_app_db")}}}}});
    }

    bool page()
    {
        auto *table = find<QTableView>("servicesTable");
        if (!QTest::qWaitFor([table] { return table->model()->rowCount() == 1; }, patienceMs)) {
            return false;
        }
        bool all = shoot("page", m_stage.fixture.window.get());
        find<QPushButton>("callButton")->click();
        (void)QTest::qWaitFor([this] { return find<QWidget>("serviceAnswerNotice")->isVisible(); }, patienceMs);
        all = shoot("answer", m_stage.fixture.window.get()) && all;
        return all;
    }

    bool point()
    {
        find<QPushButton>("pointButton")->click();
        auto *dialog = m_stage.fixture.window->findChild<PointDialog *>();
        const auto isReady = [dialog] { return dialog->findChild<QPushButton *>("acceptButton")->isEnabled(); };
        const bool ready = QTest::qWaitFor(isReady, patienceMs);
        const bool shot = shoot("point", dialog);
        dialog->reject();
        return ready && shot;
    }

    bool check()
    {
        QTemporaryDir place;
        const QString folder = place.filePath(QStringLiteral("my-birds"));
        if (!createBirdApp(folder)) {
            return false;
        }
        QProcess git;
        git.setWorkingDirectory(folder);
        git.start(
            QStringLiteral("sh"),
            {QStringLiteral("-c"),
             QStringLiteral("git init -q -b main && git add . && git -c user.name=Ada -c user.email=a@b.c commit -q "
                            "-m 'Bird app' && git remote add origin git@github.com:ada/my-birds.git && echo "
                            "'postgresql://me:secret-word@dpg-d3qk0aruibrs73b8a0kg-a/birds' > notes.txt && git add "
                            "notes.txt")});
        git.waitForFinished();
        find<QPushButton>("deployAppButton")->click();
        auto *dialog = m_stage.fixture.window->findChild<DeployAppDialog *>();
        m_stage.fixture.prompts.path = folder;
        dialog->findChild<QPushButton *>("chooseFolder")->click();
        const bool ready = QTest::qWaitFor([dialog] { return dialog->findChild<QWidget *>("check8"); }, patienceMs);
        const bool shot = shoot("deploy", dialog);
        dialog->reject();
        return ready && shot;
    }

    QString m_folder;
    QString m_prefix;
    ServicesStage m_stage;
};

} // namespace

bool takeServicesShots(const QString &folder, const QString &prefix)
{
    return ServicesPhotographer(folder, prefix).run();
}

} // namespace Roost

#include "accountshots.h"

#include "gui/account/accountpage.h"
#include "gui/account/addaccountdialog.h"
#include "gui/account/allowlistdialog.h"
#include "gui/account/createinstancedialog.h"
#include "gui/account/deleteinstancedialog.h"
#include "gui/dialogs/typedname.h"
#include "gui/mainwindowtabs.h"
#include "gui/navigator/navigatorpanel.h"
#include "practice/practiceclient.h"
#include "practice/practicerenderprocess.h"
#include "windowfixture.h"

#include <QAction>
#include <QCoreApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include <algorithm>

namespace Roost {

using namespace Testing;

namespace {

constexpr int patienceMs = 60'000;

/// One run: the stand-in, a window, and the states in turn.
class AccountPhotographer
{
public:
    AccountPhotographer(QString folder, QString prefix)
        : m_folder(std::move(folder))
        , m_prefix(std::move(prefix))
    {
        m_stage.options.hasSample = true;
    }

    bool run()
    {
        if (!m_stage.start().isEmpty()) {
            return false;
        }
        qputenv("ROOST_RENDER_API", m_stage.access().api.toEncoded());
        m_fixture.secrets.setPatience(std::chrono::seconds(3));
        m_fixture.open();
        const bool all =
            QTest::qWaitForWindowExposed(m_fixture.window.get()) && adding() && pages() && dialogs() && practice();
        m_fixture.window.reset();
        m_stage.stop();
        return all;
    }

private:
    bool shoot(QWidget *widget, const QString &name)
    {
        QTest::qWait(200);
        return widget->grab().save(QStringLiteral("%1/%2-account-%3.png").arg(m_folder, m_prefix, name));
    }
    template <class T>
    T *dialog() const
    {
        const QList<T *> all = m_fixture.window->findChildren<T *>();
        return all.isEmpty() ? nullptr : all.last();
    }

    bool adding()
    {
        m_fixture.part<QAction>("actionAddAccount")->trigger();
        auto *add = dialog<AddAccountDialog>();
        auto *key = add->findChild<QLineEdit *>(QStringLiteral("apiKeyField"));
        bool all = shoot(add, QStringLiteral("add-empty"));
        key->setText(QStringLiteral("rnd_mistyped"));
        auto *lead = add->findChild<QLabel *>(QStringLiteral("noticeLead"));
        all = QTest::qWaitFor([&] { return lead->isVisible(); }, patienceMs) && all;
        all = shoot(add, QStringLiteral("add-refused")) && all;
        key->setText(m_stage.access().key.reveal());
        const auto isChecked = [&] {
            return lead->isVisible() && lead->text().contains(QStringLiteral("practice@localhost"));
        };
        all = QTest::qWaitFor(isChecked, patienceMs) && all;
        all = shoot(add, QStringLiteral("add-checked")) && all;
        add->reject();
        // A picture needs no keychain.
        Account account{QStringLiteral("shot"),
                        QStringLiteral("Ada"),
                        QStringLiteral("ada@example.com"),
                        m_stage.access().api,
                        false,
                        false};
        m_fixture.secrets.keepForSession(account.id, m_stage.access().key);
        all = m_fixture.accountStore.save(account).has_value() && all;
        m_fixture.accounts.reload();
        return all && QTest::qWaitFor(
                          [this] {
                              const auto &entries = m_fixture.accounts.entries();
                              return !entries.isEmpty() && entries.first().overview && m_fixture.instances.hasSaved();
                          },
                          patienceMs);
    }

    QString instanceId() const
    {
        for (const InstanceList::Entry &entry : m_fixture.instances.entries()) {
            if (!entry.instance.profile.renderId.isEmpty()) {
                return entry.instance.id;
            }
        }
        return {};
    }

    bool pages()
    {
        m_fixture.window->openAccount(QStringLiteral("shot"));
        bool all = shoot(m_fixture.window.get(), QStringLiteral("overview"));
        const QString id = instanceId();
        m_fixture.window->navigator()->reveal(id);
        m_fixture.window->openInstance(id);
        all = QTest::qWaitFor([&] { return m_fixture.instances.find(id)->state == InstanceList::State::Open; },
                              patienceMs) &&
              all;
        m_fixture.window->navigator()->reveal(id);
        QTest::qWait(500); // the disk is asked for, too
        return shoot(m_fixture.window.get(), QStringLiteral("instance")) && all;
    }

    bool dialogs()
    {
        const AccountOverview overview = *m_fixture.accounts.entries().first().overview;
        const PostgresInstance &instance = overview.instances.first();
        QWidget *window = m_fixture.window.get();
        auto *full = new CreateInstanceDialog(overview, {}, window);
        full->findChild<QLineEdit *>(QStringLiteral("instanceName"))->setText(QStringLiteral("birds-2026"));
        full->open();
        bool all = shoot(full, QStringLiteral("create-refused"));
        delete full;
        AccountOverview empty = overview;
        empty.instances.clear();
        auto *create = new CreateInstanceDialog(empty, {}, window);
        create->findChild<QLineEdit *>(QStringLiteral("instanceName"))->setText(QStringLiteral("birds-2026"));
        create->open();
        all = shoot(create, QStringLiteral("create")) && all;
        delete create;
        auto *remove = new DeleteInstanceDialog(m_fixture.services, instance, instanceId(), window);
        remove->open();
        QTest::qWait(1000); // what is in it is counted
        all = shoot(remove, QStringLiteral("delete")) && all;
        delete remove;
        PostgresInstance closed = instance;
        closed.allowedAddresses = {{QStringLiteral("203.0.113.7/32"), QStringLiteral("school")}};
        auto *allow = new AllowListDialog(closed, {QStringLiteral("198.51.100.20")}, window);
        allow->open();
        all = shoot(allow, QStringLiteral("allow-list")) && all;
        delete allow;
        return suspended(instance.id) && all;
    }

    bool suspended(const QString &id)
    {
        m_stage.post(QStringLiteral("/postgres/%1/suspend").arg(id));
        m_fixture.instances.close(instanceId());
        m_fixture.accounts.refresh(QStringLiteral("shot"));
        const auto isSuspended = [&] {
            const PostgresInstance *now = m_fixture.accounts.instance(id).second;
            return now && now->isSuspended;
        };
        return QTest::qWaitFor(isSuspended, patienceMs) &&
               shoot(m_fixture.window.get(), QStringLiteral("instance-suspended"));
    }

    /// The practice account by one click; roost-cli lies beside this program.
    bool practice()
    {
        m_fixture.part<QAction>("actionAddAccount")->trigger();
        QPointer<AddAccountDialog> add = dialog<AddAccountDialog>();
        add->findChild<QPushButton *>(QStringLiteral("practiceAccountButton"))->click();
        const auto isThere = [this] {
            const auto &entries = m_fixture.accounts.entries();
            return std::any_of(entries.begin(), entries.end(), [](const AccountList::Entry &entry) {
                return entry.account.isPractice && entry.overview && !entry.isReading;
            });
        };
        const bool came = QTest::qWaitFor(isThere, patienceMs) &&
                          QTest::qWaitFor([&add] { return !add || !add->isVisible(); }, patienceMs);
        const bool all = shoot(m_fixture.window.get(), QStringLiteral("practice")) && came;
        JobContext context;
        return stopPracticeRender(context).has_value() && all;
    }

    QString m_folder;
    QString m_prefix;
    PracticeStage m_stage;
    WindowFixture m_fixture;
};

} // namespace

bool takeAccountShots(const QString &folder, const QString &prefix)
{
    return AccountPhotographer(folder, prefix).run();
}

} // namespace Roost

#pragma once

#include "../practice/practiceclient.h"
#include "models/accountlist.h"
#include "windowfixture.h"

#include <QTest>

namespace Roost::Testing {

/// The real main window with a practice account: a stand-in for Render whose instance holds bird_app_db, and whose
/// service is the bird app.
class ServicesStage
{
public:
    static QString accountId() { return QStringLiteral("account-practice"); }

    /// Empty, or why it does not work.
    QString start()
    {
        qputenv("ROOST_HOME", fixture.home.path().toUtf8());
        render.options.hasSample = true;
        if (const QString problem = render.start(); !problem.isEmpty()) {
            return problem;
        }
        const Account account{
            accountId(), QStringLiteral("Class of 2026"), QStringLiteral("ada@example.com"), render.access().api, true,
            false};
        fixture.secrets.keepForSession(account.id, render.access().key);
        if (const auto saved = fixture.accountStore.save(account); !saved) {
            return saved.error().message;
        }
        fixture.open();
        const auto isRead = [this] {
            const AccountList::Entry *entry = fixture.accounts.find(accountId());
            return entry && entry->overview && !entry->isReading;
        };
        fixture.accounts.reload();
        if (!QTest::qWaitFor(isRead, 30'000)) {
            return QStringLiteral("the account was not read");
        }
        service = fixture.accounts.find(accountId())->overview->services.value(0).id;
        instance = fixture.accounts.find(accountId())->overview->instances.value(0).id;
        return {};
    }
    QString valueOf(const QString &key)
    {
        return render.get(QStringLiteral("/services/%1/env-vars/%2").arg(service, key)).object()[u"value"].toString();
    }
    void setValue(const QString &key, const QString &value)
    {
        render.ask("PUT", QStringLiteral("/services/%1/env-vars/%2").arg(service, key),
                   QJsonObject{{QStringLiteral("value"), value}});
    }

    PracticeStage render;
    WindowFixture fixture;
    QString service;
    QString instance;
};

} // namespace Roost::Testing

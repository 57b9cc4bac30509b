#pragma once

#include "gui/doctor/doctordialog.h"
#include "support/scriptedrender.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QPushButton>
#include <QTest>

namespace Roost::Testing {

/// A main window with services, a server, and an account whose API is a script.
class DoctorFixture : public WindowFixture
{
public:
    /// The saved connection as an instance of the account; `members` is what its API says otherwise than usual.
    Instance instanceOf(const ConnectionSpec &spec, const QJsonObject &members)
    {
        m_api = std::make_unique<ScriptedServer>(instanceAnswer(members));
        const QUrl api(QStringLiteral("http://127.0.0.1:%1/v1").arg(m_api->port()));
        [[maybe_unused]] const bool isSaved =
            accountStore.save({QStringLiteral("account"), QStringLiteral("Ada"), {}, api, false, true}).has_value();
        secrets.keepForSession(QStringLiteral("account"), Secret(QStringLiteral("rnd_only_for_this_test")));
        accounts.reload();
        [[maybe_unused]] const bool isListed =
            QTest::qWaitFor([this] { return accounts.find(QStringLiteral("account")); });
        Instance instance = plainInstance(spec);
        instance.profile.accountId = QStringLiteral("account");
        instance.profile.renderId = scriptedInstanceId;
        [[maybe_unused]] const bool isKnown = profiles.save(instance.profile).has_value();
        return instance;
    }
    Instance plainInstance(const ConnectionSpec &spec)
    {
        const Profile profile = save(QStringLiteral("my_database"), spec);
        return {profile.id, profile.name, false, profile};
    }
    /// False when the examination does not end.
    static bool waitFor(DoctorDialog &dialog)
    {
        return QTest::qWaitFor([&dialog] { return dialog.report().has_value(); }, 20'000);
    }

private:
    std::unique_ptr<ScriptedServer> m_api;
};

} // namespace Roost::Testing

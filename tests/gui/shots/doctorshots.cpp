#include "doctorshots.h"

#include "doctorfixture.h"

#include <QJsonArray>

namespace Roost {

using namespace Testing;

namespace {

bool shoot(DoctorFixture &fixture, const DoctorSubject &subject, const QString &file)
{
    auto *dialog = new DoctorDialog(fixture.services, subject);
    const QPointer<DoctorDialog> guard(dialog);
    dialog->show();
    const bool isDone = DoctorFixture::waitFor(*dialog);
    QTest::qWait(200); // for what is painted late: pictures, not tests
    const bool isSaved = isDone && dialog->grab().save(file);
    delete guard.data();
    return isSaved;
}

} // namespace

bool takeDoctorShots(const QString &folder, const QString &prefix)
{
    TemporaryCluster cluster;
    if (!cluster.start()) {
        return false;
    }
    DoctorFixture fixture;
    const auto file = [&](const char *name) {
        return QStringLiteral("%1/%2-doctor-%3.png").arg(folder, prefix, QLatin1String(name));
    };
    const ConnectionSpec good = cluster.spec(QStringLiteral("bird_app_db"));
    ConnectionSpec internal = good;
    internal.parameters.host = scriptedInstanceId;
    ConnectionSpec password = good;
    password.password = Secret(QStringLiteral("not the right one"));
    ConnectionSpec closed = good;
    const ScriptedServer closing([](int socket) { ScriptedServer::read(socket, 8); });
    closed.parameters.port = closing.port();
    ConnectionSpec missing = good;
    missing.parameters.database = QStringLiteral("bird_app");
    const QJsonObject school{{QStringLiteral("cidrBlock"), QStringLiteral("198.51.100.0/24")},
                             {QStringLiteral("description"), QStringLiteral("school")}};
    return shoot(fixture, {fixture.plainInstance(good), {}}, file("1-good")) &&
           shoot(fixture, {fixture.plainInstance(internal), {}}, file("2-internal-host")) &&
           shoot(fixture, {fixture.instanceOf(password, {}), {}}, file("3-wrong-password")) &&
           shoot(fixture, {fixture.instanceOf(closed, {{QStringLiteral("ipAllowList"), QJsonArray{school}}}), {}},
                 file("4-allow-list")) &&
           shoot(fixture, {fixture.plainInstance(missing), {}}, file("5-missing-database"));
}

} // namespace Roost

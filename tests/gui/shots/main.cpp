// Saves a picture of every window and dialog, light and dark: roost-shots FOLDER.
#include "accountshots.h"
#include "backupshots.h"
#include "compareshots.h"
#include "core/translations.h"
#include "dialogshots.h"
#include "doctorshots.h"
#include "expiryshots.h"
#include "gui/theme/theme.h"
#include "migrationshots.h"
#include "postgres/environment.h"
#include "proofshots.h"
#include "servicesshots.h"
#include "tableshots.h"
#include "windowfixture.h"
#include "windowshots.h"

#include <QApplication>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Roost;

namespace {

bool takeDialogShots(const QString &folder, const QString &prefix)
{
    Testing::WindowFixture fixture;
    bool all = true;
    const QList<Shot> shots = dialogShots(fixture.services);
    for (const Shot &shot : shots) {
        QWidget backdrop;
        QWidget *widget = shot.make(&backdrop);
        const QPointer<QWidget> guard(widget);
        widget->show();
        QTest::qWait(200);
        all = widget->grab().save(QStringLiteral("%1/%2-dialog-%3.png").arg(folder, prefix, shot.name)) && all;
        delete guard.data();
    }
    return all;
}

using Take = bool (*)(const QString &folder, const QString &prefix);

const QMap<QString, Take> parts{
    {QStringLiteral("account"), takeAccountShots},     {QStringLiteral("backups"), takeBackupShots},
    {QStringLiteral("compare"), takeCompareShots},     {QStringLiteral("dialogs"), takeDialogShots},
    {QStringLiteral("doctor"), takeDoctorShots},       {QStringLiteral("expiry"), takeExpiryShots},
    {QStringLiteral("migration"), takeMigrationShots}, {QStringLiteral("proof"), takeProofShots},
    {QStringLiteral("services"), takeServicesShots},   {QStringLiteral("tables"), takeTableShots},
    {QStringLiteral("windows"), takeWindowShots},
};

} // namespace

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    installTranslations(application);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 2) {
        qWarning("Usage: roost-shots FOLDER [%s]", qPrintable(parts.keys().join(u'|')));
        return 2;
    }
    const QString folder = arguments[1];
    const QString only = arguments.value(2);
    QDir().mkpath(folder);
    Theme::apply(application, Theme::Mode::Light);
    bool all = true;
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        Theme::instance().setMode(mode);
        const QString prefix = mode == Theme::Mode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        for (auto part = parts.cbegin(); part != parts.cend(); ++part) {
            if (only.isEmpty() || only == part.key()) {
                all = part.value()(folder, prefix) && all;
            }
        }
    }
    return all ? 0 : 1;
}

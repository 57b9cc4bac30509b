#include "core/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

static void initTranslationResources()
{
    Q_INIT_RESOURCE(translations);
}

namespace Roost {

void installTranslations(QCoreApplication &application)
{
    initTranslationResources();
    const QLocale system = QLocale::system();
    auto *own = new QTranslator(&application);
    const QString folder = QStringLiteral(":/translations");
    if (!own->load(system, QStringLiteral("roost"), QStringLiteral("_"), folder) &&
        !own->load(QStringLiteral("roost_en"), folder)) {
        return;
    }
    QCoreApplication::installTranslator(own);
    auto *qt = new QTranslator(&application);
    if (qt->load(QLocale(own->language()), QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QCoreApplication::installTranslator(qt);
    }
}

} // namespace Roost

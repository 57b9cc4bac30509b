#include "models/timewithage.h"

#include "models/plaintext.h"

#include <QCoreApplication>
#include <QLocale>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(TimeWithAge)
};

} // namespace

QString timeWithAge(const QDateTime &then, const QDateTime &now)
{
    if (!then.isValid()) {
        return {};
    }
    const QString time = QLocale().toString(then.toLocalTime(), Text::tr("d MMM yyyy, HH:mm"));
    return Text::tr("%1 (%2)", "a time and how long ago that is").arg(time, ageText(then, now));
}

} // namespace Roost

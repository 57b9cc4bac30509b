#include "gui/table/tablepageparts.h"

#include "gui/dialogs/notice.h"

#include <QCoreApplication>
#include <QPushButton>

namespace Roost {

void TableParts::tell(Tone tone, const QString &lead, const QString &text) const
{
    notice->say(tone, lead, text);
    QPushButton *close =
        notice->addButton(QStringLiteral("closeNotice"), QCoreApplication::translate("TableParts", "Close"));
    QObject::connect(close, &QPushButton::clicked, notice, &Notice::clear);
}

} // namespace Roost

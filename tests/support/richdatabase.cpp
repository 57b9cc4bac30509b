#include "support/richdatabase.h"

#include "support/psql.h"
#include "support/sampledatabase.h"

#include <QFile>

namespace Roost::Testing {

void fillRichDatabase(const ConnectionSpec &superuser, const QString &owner)
{
    fillSampleDatabase(superuser, owner);
    QFile statements(QStringLiteral(NASTY_SQL));
    if (!statements.open(QIODevice::ReadOnly)) {
        qFatal("%s cannot be read.", NASTY_SQL);
    }
    runPsql(superuser, QStringLiteral("\\set owner '%1'\n").arg(owner) + QString::fromUtf8(statements.readAll()));
}

} // namespace Roost::Testing

#include "postgres/environment.h"

#include <QByteArray>
#include <QList>

#include <unistd.h>

namespace Roost {

void clearPostgresEnvironment()
{
    QList<QByteArray> names;
    for (char **entry = environ; entry && *entry; ++entry) {
        const QByteArray line(*entry);
        const QByteArray name = line.left(line.indexOf('='));
        if (name.startsWith("PG") || name.startsWith("PSQL")) {
            names.append(name);
        }
    }
    for (const QByteArray &name : std::as_const(names)) {
        qunsetenv(name.constData());
    }
    qputenv("PGLOCALEDIR", "/dev/null/none"); // libpq finds no translations there
}

} // namespace Roost

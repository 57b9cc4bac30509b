#pragma once

#include <QList>
#include <QString>

namespace Roost::Testing {

/// PostgreSQL servers of other major versions than the installed one; `./dev test` puts them into build/servers. They
/// have no client tools.
///
///     OTHER_SERVERS_OR_SKIP(); // first in initTestCase()
[[nodiscard]] QList<int> otherServers(); ///< major versions, ascending
/// The user said that there are to be none: ROOST_WITHOUT_OTHER_SERVERS=1. Without that, none are a failure.
[[nodiscard]] bool goesWithoutOtherServers();
/// The folder with its initdb and postgres; a copy in `room` where the server's user could not get to the original.
[[nodiscard]] QString programsOf(int major, const QString &room);

} // namespace Roost::Testing

#define OTHER_SERVERS_OR_SKIP()                                                                                        \
    do {                                                                                                               \
        if (Roost::Testing::goesWithoutOtherServers()) {                                                               \
            QSKIP("ROOST_WITHOUT_OTHER_SERVERS is set");                                                               \
        }                                                                                                              \
        QVERIFY2(!Roost::Testing::otherServers().isEmpty(),                                                            \
                 "There are no other servers in build/servers: ./dev test puts them there");                           \
    } while (false)

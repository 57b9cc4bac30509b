#include "postgres/querycanceller.h"

#include "postgres/postgreslink.h"

#include "postgres/libpq.h"

namespace Roost {

Result<bool> QueryCanceller::cancel(int backendPid, std::chrono::milliseconds patience)
{
    const QDeadlineTimer deadline(patience);
    auto link = PostgresLink::connect(m_spec, {}, QStringLiteral("Roost (cancel)"), patience);
    if (!link) {
        return failure(link.error());
    }
    const auto answer =
        (*link)->run(QStringLiteral("SELECT pg_catalog.pg_cancel_backend($1)"), {backendPid}, {}, deadline);
    if (!answer) {
        return failure(answer.error());
    }
    return *PQgetvalue(answer->get(), 0, 0) == 't';
}

} // namespace Roost

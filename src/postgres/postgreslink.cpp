#include "postgres/postgreslink.h"

#include "postgres/connectionerror.h"
#include "postgres/linkopener.h"
#include "postgres/polling.h"
#include "postgres/querycanceller.h"
#include "postgres/statementparameters.h"

#include <QCoreApplication>

#include "postgres/libpq.h"

namespace Roost {

namespace {

struct Links
{
    Q_DECLARE_TR_FUNCTIONS(PostgresLink)
};

using namespace std::chrono_literals;
constexpr auto cancelPatience = 4000ms; // for reaching the server a second time
constexpr auto reactPatience = 2000ms;  // for the statement to end after that
constexpr auto discardPatience = 200ms; // reading the rest is tried so long before it is cancelled

} // namespace

void PgConnDeleter::operator()(PGconn *connection) const
{
    PQfinish(connection);
}

void PgResultDeleter::operator()(PGresult *result) const
{
    PQclear(result);
}

Result<std::unique_ptr<PostgresLink>> PostgresLink::connect(const ConnectionSpec &spec, const std::stop_token &stop,
                                                            const QString &applicationName,
                                                            std::chrono::milliseconds patience)
{
    std::unique_ptr<PostgresLink> link(new PostgresLink);
    Result<PgConnPtr> connection = openLink(spec, stop, applicationName, patience, &link->m_notices);
    if (!connection) {
        return failure(connection.error());
    }
    link->m_spec = spec;
    link->m_connection = std::move(*connection);
    PQsetnonblocking(link->handle(), 1);
    return link;
}

PostgresLink::~PostgresLink() = default;

bool PostgresLink::isOpen() const
{
    return m_connection && PQstatus(m_connection.get()) == CONNECTION_OK;
}

void PostgresLink::close()
{
    m_connection.reset();
}

Error PostgresLink::lost()
{
    const QString text = m_connection ? QString::fromUtf8(PQerrorMessage(m_connection.get())) : QString();
    close();
    return m_isCancelling ? Error::cancelled() : connectionLost(m_spec.parameters, text);
}

Error PostgresLink::notSent()
{
    return isOpen() ? Error{ErrorCode::Internal,
                            Links::tr("The statement could not be sent."),
                            QString::fromUtf8(PQerrorMessage(handle())),
                            {}}
                    : lost();
}

Result<void> PostgresLink::begin(const std::stop_token &stop)
{
    m_lastMessage = {};
    m_isCancelling = false;
    m_cancelDeadline = QDeadlineTimer::Forever;
    if (!isOpen()) {
        return failure(lost());
    }
    if (stop.stop_requested()) {
        return failure(Error::cancelled());
    }
    return {};
}

Result<void> PostgresLink::send(const QString &sql, const QVariantList &parameters, Rows rows,
                                const std::stop_token &stop)
{
    if (Result<void> begun = begin(stop); !begun) {
        return begun;
    }
    const Result<QByteArray> text = encodeText(sql);
    const Result<StatementParameters> values = StatementParameters::encode(parameters);
    if (!text || !values) {
        return failure(text ? values.error() : text.error());
    }
    if (!PQsendQueryParams(handle(), text->constData(), values->count(), nullptr, values->pointers(), nullptr, nullptr,
                           0)) {
        return failure(notSent());
    }
    if (rows == Rows::OneByOne) {
        PQsetSingleRowMode(handle());
    }
    return flushStatement(stop);
}

Result<void> PostgresLink::flushStatement(const std::stop_token &stop)
{
    const WakeOnStop wakeOnStop(stop, m_wake);
    while (const int left = PQflush(handle())) {
        // A statement that is not yet sent whole does nothing: leaving is the surest cancel.
        if (left < 0 || !waitFor(POLLIN | POLLOUT, QDeadlineTimer::Forever)) {
            return failure(lost());
        }
        if (m_isCancelling) {
            close();
            return failure(Error::cancelled());
        }
    }
    return {};
}

/// Waits for the socket, and takes in what came. A stop request cancels the statement; when the server does not react
/// to that, or the deadline passes, the connection is closed.
Result<void> PostgresLink::waitFor(short events, QDeadlineTimer deadline)
{
    const QDeadlineTimer until = m_isCancelling ? m_cancelDeadline : deadline;
    switch (pollFor(PQsocket(handle()), events, m_isCancelling ? -1 : m_wake.descriptor(), until)) {
    case Polled::Stopped:
        cancelStatement();
        return {};
    case Polled::TimedOut:
        close();
        if (m_isCancelling) {
            return failure(Error::cancelled());
        }
        return failure(connectTimedOut(m_spec.parameters));
    case Polled::Ready:
        break;
    }
    if ((events & POLLOUT) != 0) {
        noteAnswer();
    }
    if (!PQconsumeInput(handle())) {
        return failure(ErrorCode::ConnectionLost, {}); // what the server said last may still be there to be read
    }
    return {};
}

void PostgresLink::cancelStatement()
{
    m_isCancelling = true;
    // Whether it arrived shows in how the statement ends.
    const Result<bool> told = QueryCanceller(m_spec).cancel(PQbackendPID(handle()), cancelPatience);
    m_cancelDeadline = QDeadlineTimer(told ? reactPatience : 0ms);
}

Error PostgresLink::errorIn(const PGresult *result)
{
    const ServerMessage message = serverMessageOf(result);
    if (message.sqlState.isEmpty()) {
        return lost();
    }
    if (m_lastMessage.isNull()) {
        m_lastMessage = message;
    }
    if (m_isCancelling && message.sqlState == "57014") {
        return Error::cancelled();
    }
    if (message.severity == QLatin1String("FATAL") || message.severity == QLatin1String("PANIC")) {
        Error error = connectionLost(m_spec.parameters, message.inFull());
        error.sqlState = message.sqlState;
        return error;
    }
    return errorOf(message);
}

Result<PgResultPtr> PostgresLink::receive(const std::stop_token &stop, QDeadlineTimer deadline)
{
    if (!m_connection) {
        return failure(lost());
    }
    const WakeOnStop wakeOnStop(stop, m_wake);
    while (PQisBusy(handle())) {
        const Result<void> waited = waitFor(POLLIN, deadline);
        if (!waited) {
            if (m_connection) {
                break;
            }
            return failure(waited.error());
        }
    }
    PgResultPtr result(PQgetResult(handle()));
    if (!result || PQresultStatus(result.get()) != PGRES_FATAL_ERROR) {
        return result;
    }
    const Error error = errorIn(result.get());
    // The end of the answer follows an error at once, or the end of the connection.
    while (m_connection && result) {
        while (PQisBusy(handle()) && waitFor(POLLIN, QDeadlineTimer(reactPatience))) {
        }
        if (m_connection) {
            result.reset(PQgetResult(handle()));
        }
    }
    if (!isOpen()) {
        close();
    }
    return failure(error);
}

Result<PgResultPtr> PostgresLink::nextResult(const std::stop_token &stop, QDeadlineTimer deadline)
{
    Result<PgResultPtr> result = receive(stop, deadline);
    if (!result || !*result) {
        return result;
    }
    const ExecStatusType status = PQresultStatus(result->get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
        refuseCopy(status);
        return failure(ErrorCode::InvalidInput,
                       Links::tr("COPY from or to the client needs a file. Use the export or import of a table "
                                 "instead."));
    }
    return result;
}

Result<PgResultPtr> PostgresLink::receiveAll(const std::stop_token &stop, QDeadlineTimer deadline)
{
    PgResultPtr last;
    while (true) {
        Result<PgResultPtr> result = nextResult(stop, deadline);
        if (!result || !*result) {
            return result ? Result<PgResultPtr>(std::move(last)) : std::move(result);
        }
        last = std::move(*result);
    }
}

Result<PgResultPtr> PostgresLink::run(const QString &sql, const QVariantList &parameters, const std::stop_token &stop,
                                      QDeadlineTimer deadline)
{
    if (const Result<void> sent = send(sql, parameters, Rows::Together, stop); !sent) {
        return failure(sent.error());
    }
    return receiveAll(stop, deadline);
}

void PostgresLink::discardAnswer()
{
    QDeadlineTimer patience(discardPatience);
    while (m_connection && PQtransactionStatus(handle()) == PQTRANS_ACTIVE) {
        while (m_connection && PQisBusy(handle())) {
            // Reading goes on while rows come quickly, but not for ever: a long answer is cancelled.
            if (!m_isCancelling &&
                (patience.hasExpired() || pollFor(PQsocket(handle()), POLLIN, -1, patience) != Polled::Ready)) {
                cancelStatement();
            }
            if (!waitFor(POLLIN, QDeadlineTimer(reactPatience))) {
                break;
            }
        }
        if (m_connection && !PgResultPtr(PQgetResult(handle()))) {
            break;
        }
        if (!m_isCancelling && patience.hasExpired()) {
            cancelStatement();
        }
    }
    m_lastMessage = {};
    if (!isOpen()) {
        close();
    }
}

bool PostgresLink::looksAlive()
{
    // Bounded: what a server sends unasked is little.
    for (int i = 0; i < 16 && isOpen(); ++i) {
        if (pollFor(PQsocket(handle()), POLLIN, -1, QDeadlineTimer(0)) != Polled::Ready) {
            return true;
        }
        if (PQconsumeInput(handle())) {
            PQisBusy(handle()); // parses it: a farewell goes to the notices
        }
    }
    if (!isOpen()) {
        close();
    }
    return isOpen();
}

bool PostgresLink::answers(std::chrono::milliseconds patience)
{
    return looksAlive() && run(QString(), {}, {}, QDeadlineTimer(patience)).has_value();
}

} // namespace Roost

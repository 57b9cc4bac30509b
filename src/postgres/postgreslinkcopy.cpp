// COPY in and out: the part of PostgresLink that moves data in bulk.

#include "postgres/connectionerror.h"
#include "postgres/polling.h"
#include "postgres/postgreslink.h"

#include <QCoreApplication>

#include <algorithm>

#include "postgres/libpq.h"

namespace Roost {

namespace {

/// For a notice that arrives in parts, from one part to the next.
constexpr auto answerPatience = std::chrono::milliseconds(300);
constexpr qsizetype mostNotices = 500;
/// What a socket that is ready for writing surely takes, and from which on libpq sends.
constexpr qsizetype sliceBytes = 8192;

struct Copies
{
    Q_DECLARE_TR_FUNCTIONS(PostgresLinkCopy)
};

struct Piece
{
    char *bytes = nullptr;
    ~Piece() { PQfreemem(bytes); }
};

} // namespace

Result<void> PostgresLink::beginCopy(const QString &sql, int direction, const std::stop_token &stop)
{
    if (Result<void> sent = send(sql, {}, Rows::Together, stop); !sent) {
        return sent;
    }
    const Result<PgResultPtr> first = receive(stop, QDeadlineTimer::Forever);
    if (!first) {
        return failure(first.error());
    }
    const int status = *first ? int(PQresultStatus(first->get())) : int(PGRES_EMPTY_QUERY);
    if (status == direction) {
        return {};
    }
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
        refuseCopy(status);
    } else {
        discardAnswer();
    }
    return failure(ErrorCode::InvalidInput, direction == PGRES_COPY_OUT
                                                ? Copies::tr("This is not a COPY … TO STDOUT statement.")
                                                : Copies::tr("This is not a COPY … FROM STDIN statement."));
}

/// Ends a COPY that nobody here serves.
void PostgresLink::refuseCopy(int direction)
{
    if (direction == PGRES_COPY_OUT) {
        cancelStatement();
        const auto ignore = [this] {
            while (m_connection) {
                Piece piece;
                const int size = PQgetCopyData(handle(), &piece.bytes, 1);
                if (size < 0 || (size == 0 && !waitFor(POLLIN, m_cancelDeadline))) {
                    return;
                }
            }
        };
        ignore();
    } else if (!endCopyIn("no data is sent for this statement")) {
        close();
    }
    discardAnswer();
}

Result<qint64> PostgresLink::copyOut(const QString &sql, const std::function<bool(QByteArrayView)> &sink,
                                     const std::stop_token &stop)
{
    if (const Result<void> begun = beginCopy(sql, PGRES_COPY_OUT, stop); !begun) {
        return failure(begun.error());
    }
    const WakeOnStop wakeOnStop(stop, m_wake);
    while (true) {
        Piece piece;
        const int size = PQgetCopyData(handle(), &piece.bytes, 1);
        if (size < 0) {
            break;
        }
        if (size == 0) {
            if (const Result<void> waited = waitFor(POLLIN, QDeadlineTimer::Forever); !waited && !m_connection) {
                return failure(waited.error());
            } else if (!waited) {
                break;
            }
            continue;
        }
        // While data flows fast, the wait above is never reached.
        if (!m_isCancelling && (stop.stop_requested() || !sink(QByteArrayView(piece.bytes, size)))) {
            cancelStatement();
        }
    }
    const bool wasStopped = m_isCancelling;
    const Result<PgResultPtr> end = receiveAll(stop, QDeadlineTimer::Forever);
    if (!end) {
        return failure(end.error());
    }
    if (wasStopped) {
        return failure(Error::cancelled());
    }
    return *end ? QByteArray(PQcmdTuples(end->get())).toLongLong() : 0;
}

Result<void> PostgresLink::flush()
{
    while (const int left = PQflush(handle())) {
        if (left < 0) {
            return failure(lost());
        }
        if (const Result<void> waited = waitFor(POLLIN | POLLOUT, QDeadlineTimer::Forever); !waited) {
            return m_connection ? failure(lost()) : waited;
        }
    }
    return {};
}

/// In slices, each when the socket has room for it: a write that finds none makes libpq read, and then what the server
/// said would not be seen to have come.
Result<void> PostgresLink::putPiece(const QByteArray &piece)
{
    for (qsizetype given = 0; given < piece.size() && !m_isCancelling; given += sliceBytes) {
        const qsizetype size = std::min(sliceBytes, piece.size() - given);
        while (pollFor(PQsocket(handle()), POLLOUT, -1, QDeadlineTimer(0)) != Polled::Ready) {
            if (const Result<void> waited = waitFor(POLLIN | POLLOUT, QDeadlineTimer::Forever); !waited) {
                return m_connection ? failure(lost()) : waited;
            }
        }
        noteAnswer();
        int put = 0;
        while ((put = PQputCopyData(handle(), piece.constData() + given, int(size))) == 0) {
            if (Result<void> flushed = flush(); !flushed) {
                return flushed;
            }
        }
        if (put < 0) {
            return failure(lost());
        }
    }
    // Sent whole before the next one is asked for: else libpq would keep all of a file in memory.
    return flush();
}

Result<void> PostgresLink::endCopyIn(const char *reason)
{
    int put = 0;
    while ((put = PQputCopyEnd(handle(), reason)) == 0) {
        if (Result<void> flushed = flush(); !flushed) {
            return flushed;
        }
    }
    return put < 0 ? failure(lost()) : flush();
}

/// Remembers that something came, before it is taken in.
void PostgresLink::noteAnswer()
{
    if (!m_wasAnswered && pollFor(PQsocket(handle()), POLLIN, -1, QDeadlineTimer(0)) == Polled::Ready) {
        m_wasAnswered = true;
        m_noticesAtAnswer = m_notices.size();
    }
}

/// libpq keeps an error to itself until all data is sent, which may take an hour; notices it gives out at once. So what
/// came and was no notice was an error. (Servers before 14 also tell of settings that a trigger changes; and the list
/// of notices does not grow for ever.)
bool PostgresLink::looksRefused()
{
    if (PQserverVersion(handle()) < 140000 || m_notices.size() > mostNotices) {
        return false;
    }
    noteAnswer();
    if (!std::exchange(m_wasAnswered, false)) {
        return false;
    }
    do {
        // No data: what came is looked at.
        if (!PQconsumeInput(handle()) || PQputCopyData(handle(), "", 0) < 0) {
            return false; // the connection is lost, and the next step says so
        }
        if (m_notices.size() > m_noticesAtAnswer) {
            return false;
        }
    } while (pollFor(PQsocket(handle()), POLLIN, m_wake.descriptor(), QDeadlineTimer(answerPatience)) == Polled::Ready);
    return true;
}

Result<qint64> PostgresLink::copyIn(const QString &sql, const std::function<QByteArray()> &source,
                                    const std::stop_token &stop)
{
    if (const Result<void> begun = beginCopy(sql, PGRES_COPY_IN, stop); !begun) {
        return failure(begun.error());
    }
    m_wasAnswered = false;
    {
        const WakeOnStop wakeOnStop(stop, m_wake);
        bool isRefused = false;
        while (!m_isCancelling && !stop.stop_requested() && !isRefused) {
            const QByteArray piece = source();
            if (piece.isEmpty()) {
                break;
            }
            if (const Result<void> put = putPiece(piece); !put) {
                return failure(put.error());
            }
            isRefused = looksRefused();
        }
        const bool isStopped = m_isCancelling || stop.stop_requested();
        if (isStopped) {
            m_isCancelling = true;
            m_cancelDeadline = QDeadlineTimer(std::chrono::seconds(2));
        }
        const char *reason = isStopped   ? "stopped by the user"
                             : isRefused ? "the server had refused the data"
                                         : nullptr;
        if (const Result<void> ended = endCopyIn(reason); !ended) {
            return failure(ended.error());
        }
    }
    const Result<PgResultPtr> end = receiveAll(stop, QDeadlineTimer::Forever);
    if (!end) {
        return failure(end.error());
    }
    return *end ? QByteArray(PQcmdTuples(end->get())).toLongLong() : 0;
}

} // namespace Roost

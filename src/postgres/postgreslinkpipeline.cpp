// Many statements in one round trip, and the one statement that is never cancelled: the part of PostgresLink that
// applies changes.

#include "postgres/connectionerror.h"
#include "postgres/polling.h"
#include "postgres/postgreslink.h"
#include "postgres/statementparameters.h"

#include <QCoreApplication>

#include "postgres/libpq.h"

namespace Roost {

namespace {

struct Pipelines
{
    Q_DECLARE_TR_FUNCTIONS(PostgresLinkPipeline)
};

constexpr qsizetype bytesAtOnce =
    qsizetype(256) * 1024; // libpq keeps what is not sent yet: this much, and one statement

Result<qsizetype> sendStatement(PGconn *connection, const SqlStatement &statement)
{
    const Result<QByteArray> text = encodeText(statement.sql);
    const Result<StatementParameters> values = StatementParameters::encode(statement.parameters);
    if (!text || !values) {
        return failure(text ? values.error() : text.error());
    }
    if (!PQsendQueryParams(connection, text->constData(), values->count(), nullptr, values->pointers(), nullptr,
                           nullptr, 0)) {
        return failure(ErrorCode::Internal, Pipelines::tr("The statement could not be sent."),
                       QString::fromUtf8(PQerrorMessage(connection)));
    }
    return text->size() + values->byteCount();
}

} // namespace

/// How far a pipeline is.
struct PostgresLink::Pipeline
{
    const std::vector<SqlStatement> &statements;
    OnError onError;
    size_t sent = 0;
    size_t syncsSent = 0;
    size_t syncsSeen = 0;
    size_t answered = 0;
    bool isSentWhole = false;
    bool isInAnswer = false;
    int emptyAnswers = 0;                        ///< in a row: more than one means that the two sides disagree
    std::optional<Error> problem = std::nullopt; ///< why nothing more is sent
    std::vector<Answer> answers = {};

    bool hasAnswersToCome() const { return answered < sent || syncsSeen < syncsSent; }
    bool isOver() const { return isSentWhole && !hasAnswersToCome(); }
};

/// Hands statements to libpq, as many as go out at once, and at the end what makes the server answer.
Result<void> PostgresLink::sendNext(Pipeline &pipeline)
{
    const auto sync = [this, &pipeline] {
        ++pipeline.syncsSent;
        return PQpipelineSync(handle()) != 0;
    };
    const bool isEach = pipeline.onError == OnError::GoOn;
    for (qsizetype bytes = 0; !pipeline.isSentWhole && bytes < bytesAtOnce;) {
        const bool hasFailed = !isEach && !pipeline.answers.empty() && pipeline.answers.back().error;
        if (pipeline.sent == pipeline.statements.size() || m_isCancelling || pipeline.problem || hasFailed) {
            pipeline.isSentWhole = true;
            if ((!isEach || pipeline.syncsSent == 0) && !sync()) {
                return failure(lost());
            }
            break;
        }
        const Result<qsizetype> size = sendStatement(handle(), pipeline.statements.at(pipeline.sent));
        if (!size && !isOpen()) {
            return failure(lost());
        }
        if (!size) {
            pipeline.problem = size.error();
            continue;
        }
        bytes += *size;
        ++pipeline.sent;
        if (isEach && !sync()) {
            return failure(lost());
        }
    }
    return {};
}

/// One result that is there already.
Result<void> PostgresLink::takeNext(Pipeline &pipeline)
{
    PgResultPtr result(PQgetResult(handle()));
    if (!result) {
        if (std::exchange(pipeline.isInAnswer, false)) {
            ++pipeline.answered;
            return {};
        }
        return isOpen() && ++pipeline.emptyAnswers == 1 ? Result<void>() : failure(lost());
    }
    pipeline.emptyAnswers = 0;
    switch (PQresultStatus(result.get())) {
    case PGRES_PIPELINE_SYNC:
        ++pipeline.syncsSeen;
        return {};
    case PGRES_PIPELINE_ABORTED:
        pipeline.isInAnswer = true;
        return {};
    case PGRES_FATAL_ERROR: {
        pipeline.isInAnswer = true;
        Answer answer;
        answer.message = serverMessageOf(result.get());
        answer.error = errorIn(result.get());
        if (!m_connection || answer.error->code == ErrorCode::ConnectionLost) {
            return failure(*answer.error);
        }
        pipeline.answers.push_back(std::move(answer));
        return {};
    }
    default:
        pipeline.isInAnswer = true;
        pipeline.answers.push_back({std::move(result), std::nullopt, {}});
        return {};
    }
}

/// Reads while it writes: a server whose answers nobody takes would take no statements either.
Result<void> PostgresLink::moveAlong(Pipeline &pipeline)
{
    while (true) {
        int left = PQflush(handle());
        if (left == 0 && !pipeline.isSentWhole) {
            if (Result<void> sent = sendNext(pipeline); !sent) {
                return sent;
            }
            left = PQflush(handle());
        }
        // With what cannot be written, there may still be to read why.
        while (pipeline.hasAnswersToCome() && !PQisBusy(handle())) {
            if (Result<void> taken = takeNext(pipeline); !taken) {
                return taken;
            }
        }
        if (pipeline.isOver()) {
            return {};
        }
        if (left < 0) {
            return failure(lost());
        }
        if (left == 0 && !pipeline.isSentWhole) {
            continue;
        }
        const auto events = short(left > 0 ? POLLIN | POLLOUT : POLLIN);
        if (Result<void> waited = waitFor(events, QDeadlineTimer::Forever); !waited && !m_connection) {
            return waited;
        }
    }
}

Result<std::vector<PostgresLink::Answer>> PostgresLink::runPipeline(const std::vector<SqlStatement> &statements,
                                                                    OnError onError, const std::stop_token &stop)
{
    if (const Result<void> begun = begin(stop); !begun) {
        return failure(begun.error());
    }
    if (!PQenterPipelineMode(handle())) {
        return failure(ErrorCode::Internal, Pipelines::tr("The statements could not be sent."),
                       QString::fromUtf8(PQerrorMessage(handle())));
    }
    Pipeline pipeline{statements, onError};
    {
        const WakeOnStop wakeOnStop(stop, m_wake);
        if (const Result<void> moved = moveAlong(pipeline); !moved) {
            close();
            return failure(m_isCancelling ? Error::cancelled() : moved.error());
        }
    }
    if (!PQexitPipelineMode(handle())) {
        close(); // cannot be, after the last answer; and if it is, nothing more can be told from this connection
    }
    if (m_isCancelling) {
        return failure(Error::cancelled());
    }
    if (pipeline.problem) {
        return failure(*pipeline.problem);
    }
    return std::move(pipeline.answers);
}

Result<PgResultPtr> PostgresLink::runToTheEnd(const QString &sql, const std::stop_token &stop,
                                              std::chrono::milliseconds patience)
{
    if (const Result<void> sent = send(sql, {}, Rows::Together, {}); !sent) {
        return failure(sent.error());
    }
    const WakeOnStop wakeOnStop(stop, m_wake);
    QDeadlineTimer until = QDeadlineTimer::Forever;
    PgResultPtr last;
    std::optional<Error> error;
    while (true) {
        while (PQisBusy(handle())) {
            const int wake = until.isForever() ? m_wake.descriptor() : -1;
            const Polled polled = pollFor(PQsocket(handle()), POLLIN, wake, until);
            if (polled == Polled::Stopped) {
                until = QDeadlineTimer(patience);
            } else if (polled == Polled::TimedOut) {
                close();
                return failure(connectTimedOut(m_spec.parameters));
            } else if (!PQconsumeInput(handle())) {
                break; // what the server said last may still be there to be read
            }
        }
        PgResultPtr result(PQgetResult(handle()));
        if (!result) {
            break;
        }
        if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) {
            error = errorIn(result.get());
            if (error->code == ErrorCode::ConnectionLost) {
                close(); // a farewell is no answer
            }
            if (!m_connection) {
                break;
            }
        } else {
            last = std::move(result);
        }
    }
    if (!isOpen()) {
        close();
    }
    if (last) {
        return last; // it was answered, whatever became of the connection after that
    }
    return failure(error ? *error : lost());
}

} // namespace Roost

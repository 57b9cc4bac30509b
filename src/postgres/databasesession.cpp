#include "postgres/databasesession.h"

#include "postgres/sessionworker.h"

namespace Roost {

struct DatabaseSession::Private
{
    std::shared_ptr<SessionWorker> worker;
    int unfinished = 0;
};

DatabaseSession::DatabaseSession(ConnectionSpec spec, QObject *parent)
    : QObject(parent)
    , m_spec(std::move(spec))
    , d(std::make_unique<Private>())
{
    const QPointer<DatabaseSession> self(this);
    d->worker = std::make_shared<SessionWorker>(m_spec, SessionWorker::Events{[self](const ServerInfo &server) {
                                                                                  if (self) {
                                                                                      emit self->opened(server);
                                                                                  }
                                                                              },
                                                                              [self] {
                                                                                  if (self) {
                                                                                      emit self->lost();
                                                                                  }
                                                                              }});
}

DatabaseSession::~DatabaseSession()
{
    d->worker->end();
}

void DatabaseSession::cancelAll()
{
    d->worker->cancelAll();
}

bool DatabaseSession::isBusy() const
{
    return d->unfinished > 0;
}

bool DatabaseSession::waitForEnded(std::chrono::milliseconds patience)
{
    return SessionWorker::waitForEnded(patience);
}

void DatabaseSession::submitErased(QObject *receiver, ErasedWork work, ErasedDone done, bool repeatable)
{
    SessionTask task;
    task.work = std::move(work);
    task.done = std::move(done);
    task.receiver = receiver;
    task.hasReceiver = receiver != nullptr;
    task.repeatable = repeatable;
    task.ended = [self = QPointer<DatabaseSession>(this)] {
        if (self && --self->d->unfinished == 0) {
            emit self->busyChanged(false);
        }
    };
    const bool wasIdle = d->unfinished++ == 0;
    d->worker->submit(std::move(task));
    if (wasIdle) {
        emit busyChanged(true);
    }
}

} // namespace Roost

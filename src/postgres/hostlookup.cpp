#include "postgres/hostlookup.h"

#include "postgres/connectionerror.h"
#include "postgres/polling.h"

#include <memory>
#include <netdb.h>
#include <sys/socket.h>
#include <thread>

namespace Roost {

namespace {

/// Shared with the thread that asks: it may outlive the one who waits.
struct Question
{
    QByteArray host;
    WakeEvent answered;
    QList<QByteArray> addresses;
    int error = 0;
};

void ask(Question &question, int flags)
{
    addrinfo wanted = {};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = flags;
    addrinfo *found = nullptr;
    question.error = getaddrinfo(question.host.constData(), nullptr, &wanted, &found);
    for (const addrinfo *entry = found; entry; entry = entry->ai_next) {
        char text[NI_MAXHOST];
        if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0 &&
            !question.addresses.contains(QByteArray(text))) {
            question.addresses.append(text);
        }
    }
    if (found) {
        freeaddrinfo(found);
    }
}

} // namespace

Result<QList<QByteArray>> lookUpHost(const ConnectionParameters &parameters, const std::stop_token &stop,
                                     QDeadlineTimer deadline, int *lookupError)
{
    const auto question = std::make_shared<Question>();
    question->host = parameters.host.toUtf8();
    ask(*question, AI_NUMERICHOST);
    if (question->error == 0) {
        return question->addresses;
    }
    // A thread of its own, left behind when it takes too long: nothing can end a blocking lookup.
    std::thread([question] {
        ask(*question, 0);
        question->answered.raise();
    }).detach();

    const WakeEvent wake;
    const WakeOnStop wakeOnStop(stop, wake);
    switch (pollFor(question->answered.descriptor(), POLLIN, wake.descriptor(), deadline)) {
    case Polled::Stopped:
        return failure(Error::cancelled());
    case Polled::TimedOut:
        return failure(connectTimedOut(parameters));
    case Polled::Ready:
        break;
    }
    if (lookupError) {
        *lookupError = question->error;
    }
    if (question->error != 0 || question->addresses.isEmpty()) {
        return failure(hostNotFound(parameters, question->error));
    }
    return question->addresses;
}

} // namespace Roost

#include "support/tcpproxy.h"

#include "postgres/wakeevent.h"

#include <QByteArray>
#include <QtEndian>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <deque>
#include <fcntl.h>
#include <list>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace Roost::Testing {

namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t pieceSize = 64 * 1024;
constexpr size_t mostWaiting = 64;                           // pieces a direction: then the sender has to wait
constexpr auto longestQueue = std::chrono::milliseconds(20); // before a slow link: more would be a delay of its own

sockaddr_in loopback(int port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(quint16(port));
    return address;
}

struct Piece
{
    Clock::time_point due;
    QByteArray bytes;
};

/// One direction of a connection.
struct Flow
{
    int from = -1;
    int to = -1;
    std::deque<Piece> waiting;
    bool hasEnded = false; ///< `from` sends no more
};

struct Pair
{
    Flow toServer;
    Flow toClient;
    bool serverSpokeLast = true;
    bool isBroken = false;
    bool isCutting = false; ///< cut as soon as the server has what is waiting for it
};

void resetSocket(int socket)
{
    const linger now = {1, 0}; // close() then sends RST
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(socket);
}

} // namespace

struct TcpProxy::Private
{
    int target = 0;
    int listener = -1;
    int port = 0;
    std::atomic<int> roundTrips = 0;
    std::atomic<int> connections = 0;
    std::atomic<qint64> toClient = 0;
    std::atomic<qint64> toServer = 0;
    std::atomic<int> delayMs = 0;
    std::atomic<qint64> bytesPerSecond = 0;
    Clock::time_point freeToServer; ///< when the link has sent what it was given
    Clock::time_point freeToClient;
    std::atomic<bool> isStalled = false;
    std::atomic<bool> isEnding = false;
    std::atomic<int> cutsWanted = 0;
    std::atomic<bool> isOrderly = false; ///< a cut is an end (FIN), not a reset
    std::atomic<qint64> bytesLeft = -1;
    std::atomic<qint64> bytesLeftToServer = -1;
    WakeEvent wake;
    std::list<Pair> pairs;
    std::thread thread;

    void run();
    void accept();
    void receive(Pair &pair, Flow &flow);
    void send(Pair &pair, Flow &flow);
    void cutAll();
    int nextDueMs() const;
    Clock::time_point &freeAt(bool isToServer) { return isToServer ? freeToServer : freeToClient; }
    bool hasRoom(bool isToServer) { return freeAt(isToServer) - Clock::now() < longestQueue; }
    Clock::time_point dueAfter(bool isToServer, qsizetype size);
};

void TcpProxy::Private::accept()
{
    const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) {
        return;
    }
    ++connections;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(target);
    if (::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        resetSocket(client);
        close(server);
        return;
    }
    for (const int socket : {client, server}) {
        const int on = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    }
    Pair pair;
    pair.toServer.from = pair.toClient.to = client;
    pair.toServer.to = pair.toClient.from = server;
    pairs.push_back(std::move(pair));
}

void TcpProxy::Private::receive(Pair &pair, Flow &flow)
{
    QByteArray bytes(qsizetype(pieceSize), Qt::Uninitialized);
    const ssize_t size = ::recv(flow.from, bytes.data(), pieceSize, 0);
    if (size < 0) {
        pair.isBroken = pair.isBroken || (errno != EAGAIN && errno != EINTR);
        return;
    }
    bytes.truncate(size);
    flow.hasEnded = size == 0;
    const bool isToServer = &flow == &pair.toServer;
    if (size > 0 && isToServer) {
        if (std::exchange(pair.serverSpokeLast, false)) {
            ++roundTrips;
        }
        toServer += size;
        if (bytesLeftToServer >= 0 && (bytesLeftToServer -= size) <= 0) {
            bytes.chop(-bytesLeftToServer.exchange(-1));
            pair.isCutting = true;
        }
    } else if (size > 0) {
        toClient += size;
        if (bytesLeft >= 0 && (bytesLeft -= size) < 0) {
            bytesLeft = -1;
            ++cutsWanted;
            wake.raise();
            return; // the piece that was too much is not forwarded
        }
    }
    if (size > 0 && bytes.isEmpty()) {
        return;
    }
    flow.waiting.push_back({dueAfter(isToServer, bytes.size()), bytes}); // an empty one is the end
}

/// When so much that is sent now has arrived.
Clock::time_point TcpProxy::Private::dueAfter(bool isToServer, qsizetype size)
{
    Clock::time_point &free = freeAt(isToServer);
    free = std::max(free, Clock::now());
    if (bytesPerSecond > 0) {
        free += std::chrono::nanoseconds(qint64(size) * 1'000'000'000 / bytesPerSecond);
    }
    return free + std::chrono::milliseconds(delayMs);
}

void TcpProxy::Private::send(Pair &pair, Flow &flow)
{
    while (!flow.waiting.empty() && flow.waiting.front().due <= Clock::now()) {
        QByteArray &bytes = flow.waiting.front().bytes;
        if (bytes.isEmpty()) {
            ::shutdown(flow.to, SHUT_WR);
            flow.waiting.pop_front();
            continue;
        }
        const ssize_t size = ::send(flow.to, bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL);
        if (size < 0) {
            pair.isBroken = pair.isBroken || (errno != EAGAIN && errno != EINTR);
            return;
        }
        // Only what has reached the client can have been waited for.
        pair.serverSpokeLast = pair.serverSpokeLast || &flow == &pair.toClient;
        bytes.remove(0, size);
        if (bytes.isEmpty()) {
            flow.waiting.pop_front();
        }
    }
}

void TcpProxy::Private::cutAll()
{
    const bool resets = !isOrderly.exchange(false);
    for (const Pair &pair : pairs) {
        for (const int socket : {pair.toServer.from, pair.toServer.to}) {
            if (resets) {
                resetSocket(socket);
            } else {
                ::shutdown(socket, SHUT_RDWR);
                close(socket);
            }
        }
    }
    pairs.clear();
}

int TcpProxy::Private::nextDueMs() const
{
    int next = bytesPerSecond > 0 && !pairs.empty() ? int(longestQueue.count()) : -1; // then there is room again
    for (const Pair &pair : pairs) {
        for (const Flow *flow : {&pair.toServer, &pair.toClient}) {
            if (!flow->waiting.empty()) {
                const auto left =
                    std::chrono::ceil<std::chrono::milliseconds>(flow->waiting.front().due - Clock::now());
                const int ms = std::max(0, int(left.count()));
                next = next < 0 ? ms : std::min(next, ms);
            }
        }
    }
    return next;
}

void TcpProxy::Private::run()
{
    while (!isEnding) {
        std::vector<pollfd> watched = {{wake.descriptor(), POLLIN, 0}, {listener, POLLIN, 0}};
        std::vector<std::pair<Pair *, Flow *>> flows;
        for (Pair &pair : pairs) {
            for (Flow *flow : {&pair.toServer, &pair.toClient}) {
                const bool mayRead = !isStalled && !flow->hasEnded && flow->waiting.size() < mostWaiting &&
                                     hasRoom(flow == &pair.toServer);
                const bool mayWrite = !isStalled && !flow->waiting.empty() && flow->waiting.front().due <= Clock::now();
                watched.push_back({mayRead ? flow->from : -1, POLLIN, 0});
                watched.push_back({mayWrite ? flow->to : -1, POLLOUT, 0});
                flows.emplace_back(&pair, flow);
            }
        }
        ::poll(watched.data(), watched.size(), isStalled ? -1 : nextDueMs());
        wake.clear();
        if (cutsWanted.exchange(0) > 0) {
            cutAll();
            continue;
        }
        for (size_t i = 0; i < flows.size() && !isStalled; ++i) {
            if (watched[2 + 2 * i].revents != 0) {
                receive(*flows[i].first, *flows[i].second);
            }
            send(*flows[i].first, *flows[i].second);
        }
        pairs.remove_if([](const Pair &pair) {
            if (pair.isCutting && pair.toServer.waiting.empty()) {
                close(pair.toServer.to); // it reads what came, and then the end
                resetSocket(pair.toServer.from);
                return true;
            }
            const bool isOver = pair.isBroken || (pair.toServer.hasEnded && pair.toClient.hasEnded &&
                                                  pair.toServer.waiting.empty() && pair.toClient.waiting.empty());
            if (isOver) {
                close(pair.toServer.from);
                close(pair.toServer.to);
            }
            return isOver;
        });
        if (watched[1].revents != 0) {
            accept();
        }
    }
    cutAll();
}

TcpProxy::TcpProxy(int targetPort)
    : d(std::make_unique<Private>())
{
    d->target = targetPort;
    d->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(d->listener, reinterpret_cast<sockaddr *>(&address), size) != 0 || ::listen(d->listener, 64) != 0 ||
        ::getsockname(d->listener, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
        qFatal("The proxy cannot listen on loopback.");
    }
    d->port = ntohs(address.sin_port);
    d->thread = std::thread([this] { d->run(); });
}

TcpProxy::~TcpProxy()
{
    d->isEnding = true;
    d->wake.raise();
    d->thread.join();
    close(d->listener);
}

int TcpProxy::port() const
{
    return d->port;
}

int TcpProxy::roundTrips() const
{
    return d->roundTrips;
}

void TcpProxy::resetCount()
{
    d->roundTrips = 0;
}

int TcpProxy::connections() const
{
    return d->connections;
}

qint64 TcpProxy::bytesToClient() const
{
    return d->toClient;
}

qint64 TcpProxy::bytesToServer() const
{
    return d->toServer;
}

void TcpProxy::setDelayMs(int oneWay)
{
    d->delayMs = oneWay;
}

void TcpProxy::setBytesPerSecond(qint64 rate)
{
    d->bytesPerSecond = rate;
}

void TcpProxy::cut()
{
    ++d->cutsWanted;
    d->wake.raise();
}

void TcpProxy::stall(bool on)
{
    d->isStalled = on;
    d->wake.raise();
}

void TcpProxy::cutAfterBytes(qint64 toClient)
{
    d->isOrderly = false;
    d->bytesLeft = toClient;
}

void TcpProxy::endAfterBytes(qint64 toClient)
{
    d->isOrderly = toClient >= 0;
    d->bytesLeft = toClient;
}

void TcpProxy::cutAfterBytesToServer(qint64 toServer)
{
    d->bytesLeftToServer = toServer;
}

} // namespace Roost::Testing

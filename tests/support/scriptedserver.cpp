#include "support/scriptedserver.h"

#include <arpa/inet.h>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <set>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace Roost::Testing {

namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(quint16(port));
    return address;
}

int listenOnLoopback(int backlog, int &port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(socket, reinterpret_cast<sockaddr *>(&address), size) != 0 || ::listen(socket, backlog) != 0 ||
        ::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
        qFatal("No port to listen on");
    }
    port = ntohs(address.sin_port);
    return socket;
}

/// False once the connection has ended.
bool pass(int from, int to)
{
    char buffer[16384];
    const ssize_t count = ::recv(from, buffer, sizeof buffer, 0);
    return count > 0 && ::send(to, buffer, size_t(count), MSG_NOSIGNAL) == count;
}

} // namespace

struct ScriptedServer::Private
{
    Script script;
    int port = 0;
    int listener = -1;
    std::mutex mutex;
    bool isEnding = false;
    std::set<int> open;
    std::vector<std::thread> threads;
    std::thread acceptor;

    void accept();
    void serve(int socket);
};

void ScriptedServer::Private::accept()
{
    while (true) {
        const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex);
        if (isEnding || socket < 0) {
            if (socket >= 0) {
                ::close(socket);
            }
            return;
        }
        open.insert(socket);
        threads.emplace_back([this, socket] { serve(socket); });
    }
}

void ScriptedServer::Private::serve(int socket)
{
    script(socket);
    const std::lock_guard lock(mutex);
    open.erase(socket);
    ::close(socket);
}

ScriptedServer::ScriptedServer(Script script)
    : d(std::make_unique<Private>())
{
    d->script = std::move(script);
    d->listener = listenOnLoopback(16, d->port);
    d->acceptor = std::thread([this] { d->accept(); });
}

ScriptedServer::~ScriptedServer()
{
    {
        const std::lock_guard lock(d->mutex);
        d->isEnding = true;
        for (const int socket : d->open) {
            ::shutdown(socket, SHUT_RDWR);
        }
    }
    ::shutdown(d->listener, SHUT_RDWR); // ends the accept()
    d->acceptor.join();
    for (std::thread &thread : d->threads) {
        thread.join();
    }
    ::close(d->listener);
}

int ScriptedServer::port() const
{
    return d->port;
}

QByteArray ScriptedServer::read(int socket, qsizetype count)
{
    QByteArray bytes(count, '\0');
    // Asked for nothing it would wait for something.
    const ssize_t got = count == 0 ? 0 : ::recv(socket, bytes.data(), size_t(count), MSG_WAITALL);
    return bytes.left(std::max<ssize_t>(got, 0));
}

QByteArray ScriptedServer::readUntil(int socket, const QByteArray &end)
{
    QByteArray bytes;
    char next = 0;
    while (!bytes.endsWith(end) && ::recv(socket, &next, 1, 0) == 1) {
        bytes += next;
    }
    return bytes;
}

void ScriptedServer::write(int socket, const QByteArray &bytes)
{
    [[maybe_unused]] const ssize_t sent = ::send(socket, bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL);
}

void ScriptedServer::waitForEnd(int socket)
{
    char ignored[1024];
    while (::recv(socket, ignored, sizeof ignored, 0) > 0) {
    }
}

void ScriptedServer::refuse(int socket, const QByteArray &sqlState, const QByteArray &text)
{
    QByteArray fields;
    for (const QByteArray &field : {"SFATAL" + QByteArray(), "VFATAL" + QByteArray(), "C" + sqlState, "M" + text}) {
        fields += field + '\0';
    }
    fields += '\0';
    const quint32 length = htonl(quint32(fields.size() + 4));
    write(socket, "E" + QByteArray(reinterpret_cast<const char *>(&length), sizeof length) + fields);
    waitForEnd(socket);
}

void ScriptedServer::relayTls(int socket, int port, const QByteArray &request, const QByteArray &greeting)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0) {
        write(server, request);
        bool isOpen = read(server, 1) == "S";
        write(server, greeting);
        while (isOpen) {
            pollfd watched[] = {{socket, POLLIN, 0}, {server, POLLIN, 0}};
            isOpen = ::poll(watched, 2, -1) > 0;
            isOpen = isOpen && (watched[0].revents == 0 || pass(socket, server));
            isOpen = isOpen && (watched[1].revents == 0 || pass(server, socket));
        }
    }
    ::close(server);
}

struct SilentPort::Private
{
    int port = 0;
    std::vector<int> sockets;
};

SilentPort::SilentPort()
    : d(std::make_unique<Private>())
{
    d->sockets.push_back(listenOnLoopback(0, d->port));
    const sockaddr_in address = loopback(d->port);
    constexpr int enough = 8; // Linux takes one or two into a queue of none
    for (int i = 0; i < enough; ++i) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        [[maybe_unused]] const int result =
            ::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address);
        d->sockets.push_back(socket);
    }
}

SilentPort::~SilentPort()
{
    for (const int socket : d->sockets) {
        ::close(socket);
    }
}

int SilentPort::port() const
{
    return d->port;
}

} // namespace Roost::Testing

#include "support/scriptedrender.h"

#include <QJsonDocument>

#include <mutex>

namespace Roost::Testing {

QJsonObject instanceJson(const QJsonObject &members)
{
    QJsonObject instance =
        QJsonDocument::fromJson(R"({"name":"class-db","plan":"free","version":"15","region":"frankfurt",
            "role":"primary","status":"available","suspended":"not_suspended","suspenders":[],
            "databaseName":"test","databaseUser":"my_database_user","createdAt":"2026-11-01T10:00:00Z",
            "ipAllowList":[{"cidrBlock":"0.0.0.0/0","description":"everywhere"}],"readReplicas":[],
            "dashboardUrl":"https://dashboard.render.com/d/dpg-c0ffee00000000000002-a",
            "owner":{"id":"tea-c0ffee00000000000001","name":"Ada","email":"ada@example.com","type":"team"}})")
            .object();
    instance.insert(QStringLiteral("id"), scriptedInstanceId);
    for (auto it = members.begin(); it != members.end(); ++it) {
        instance.insert(it.key(), it.value());
    }
    return instance;
}

namespace {

void answer(int socket, const QJsonObject &body, const QByteArray &status)
{
    const QByteArray bytes = QJsonDocument(body).toJson();
    ScriptedServer::write(socket, "HTTP/1.1 " + status +
                                      "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                                      QByteArray::number(bytes.size()) + "\r\n\r\n" + bytes);
}

/// Of the request's head.
qsizetype lengthIn(const QByteArray &head)
{
    const QByteArray name = "content-length:";
    const qsizetype at = head.toLower().indexOf(name);
    return at < 0 ? 0 : head.mid(at + name.size()).split('\r').first().trimmed().toInt();
}

} // namespace

ScriptedServer::Script httpAnswer(const QJsonObject &body, const QByteArray &status)
{
    return [body, status](int socket) {
        ScriptedServer::readUntil(socket, "\r\n\r\n");
        answer(socket, body, status);
    };
}

ScriptedServer::Script instanceAnswer(const QJsonObject &members)
{
    struct State
    {
        std::mutex mutex;
        QJsonObject instance;
    };
    const auto state = std::make_shared<State>();
    state->instance = instanceJson(members);
    return [state](int socket) {
        const QByteArray head = ScriptedServer::readUntil(socket, "\r\n\r\n");
        const QByteArray body = ScriptedServer::read(socket, lengthIn(head));
        const std::lock_guard lock(state->mutex);
        const QJsonObject changes = QJsonDocument::fromJson(body).object();
        for (auto it = changes.begin(); head.startsWith("PATCH") && it != changes.end(); ++it) {
            state->instance.insert(it.key(), it.value());
        }
        answer(socket, state->instance, "200 OK");
    };
}

} // namespace Roost::Testing

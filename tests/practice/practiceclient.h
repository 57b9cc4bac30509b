#pragma once

#include "practice/practicerender.h"
#include "process/pgtoolchain.h"

#include <QElapsedTimer>
#include <QHash>
#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace Roost::Testing {

/// What the stand-in for Render answered, as a plain HTTP client sees it.
struct PracticeResponse
{
    int status = 0; ///< 0: the connection ended without an answer
    QByteArray body;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case

    QJsonObject object() const { return QJsonDocument::fromJson(body).object(); }
    QJsonArray array() const { return QJsonDocument::fromJson(body).array(); }
    QString message() const { return object()[u"message"].toString(); }
};

/// What psql says to a statement at a URL of the API: its output, or "failed: " and the error.
inline QString askPsql(const QString &url, const QString &sql, const QString &database = {})
{
    static const auto tools = serverToolchain(JobContext());
    const QUrl parsed(url);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGPASSWORD"), parsed.password());
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(tools->tool(QStringLiteral("psql")),
                  {QStringLiteral("-XAtq"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                   QStringLiteral("-h"), parsed.host(), QStringLiteral("-p"), QString::number(parsed.port(5432)),
                   QStringLiteral("-U"), parsed.userName(), QStringLiteral("-d"),
                   database.isEmpty() ? parsed.path().mid(1) : database, QStringLiteral("-c"), sql});
    process.waitForFinished();
    const QString errors = QString::fromUtf8(process.readAllStandardError());
    return process.exitCode() == 0 ? QString::fromUtf8(process.readAllStandardOutput()).trimmed()
                                   : QStringLiteral("failed: ") + errors;
}

/// A stand-in for Render of one test, in a folder of its own, and a client that knows nothing of Roost's.
class PracticeStage
{
public:
    PracticeStage()
        : m_folder(QDir::tempPath() + QStringLiteral("/roost-test-XXXXXX"))
    {
        options.folder = m_folder.filePath(QStringLiteral("render"));
        options.home = m_folder.path();
        options.hasSample = false;
        options.clusterSettings = {{QStringLiteral("fsync"), QStringLiteral("off")},
                                   {QStringLiteral("full_page_writes"), QStringLiteral("off")},
                                   {QStringLiteral("synchronous_commit"), QStringLiteral("off")}};
        options.settings = {
            {QStringLiteral("creating_ms"), 50}, {QStringLiteral("build_ms"), 50}, {QStringLiteral("update_ms"), 50}};
    }

    PracticeRenderOptions options;

    /// Empty, or why it does not run.
    QString start()
    {
        m_render = std::make_unique<PracticeRender>(options);
        JobContext context;
        const auto started = m_render->start(context);
        return started ? QString() : started.error().message + u'\n' + started.error().detail;
    }
    void stop() { m_render.reset(); }
    QString folder() const { return m_folder.path(); }
    RenderAccess access() const { return m_render->access(); }

    /// `path`: "/postgres" of the API, or "/practice/…".
    PracticeResponse ask(const QByteArray &method, const QString &path, const QJsonValue &body = {},
                         int timeoutMs = 30'000)
    {
        QByteArray content;
        if (body.isObject()) {
            content = QJsonDocument(body.toObject()).toJson();
        } else if (body.isArray()) {
            content = QJsonDocument(body.toArray()).toJson();
        }
        return send(method, path, content, "Bearer " + access().key.revealUtf8(), timeoutMs);
    }
    PracticeResponse send(const QByteArray &method, const QString &path, const QByteArray &content,
                          const QByteArray &authorization, int timeoutMs = 30'000)
    {
        // Not QNetworkAccessManager: it sends a request again when the connection ends without an answer.
        const QUrl api = access().api;
        const QString target = path.startsWith(u"/practice/") ? path : api.path() + path;
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(api.port()));
        QByteArray head = method + ' ' + QUrl(target).toEncoded() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " +
                          "application/json\r\nContent-Length: " + QByteArray::number(content.size()) + "\r\n";
        head += authorization.isEmpty() ? QByteArray() : "Authorization: " + authorization + "\r\n";
        socket.write(head + "\r\n" + content);
        QByteArray answer;
        QElapsedTimer timer;
        timer.start();
        while (!isWhole(answer) && timer.elapsed() < timeoutMs &&
               (socket.waitForReadyRead(int(timeoutMs - timer.elapsed())) || socket.bytesAvailable() > 0)) {
            answer += socket.readAll();
        }
        return parsed(answer);
    }
    PracticeResponse get(const QString &path) { return ask("GET", path); }
    PracticeResponse post(const QString &path, const QJsonValue &body = {}) { return ask("POST", path, body); }

    QJsonObject draft(const QString &name = QStringLiteral("class-db")) const
    {
        return {{QStringLiteral("name"), name},
                {QStringLiteral("ownerId"), QStringLiteral("tea-practice000000000000")},
                {QStringLiteral("plan"), QStringLiteral("free")},
                {QStringLiteral("version"), QStringLiteral("15")},
                {QStringLiteral("region"), QStringLiteral("oregon")},
                {QStringLiteral("databaseName"), QStringLiteral("class_db")}};
    }
    QString statusOf(const QString &id)
    {
        return get(QStringLiteral("/postgres/") + id).object()[u"status"].toString();
    }
    /// Creates one and waits until it is available; its id, or nothing.
    QString createAvailable(const QJsonObject &wanted)
    {
        const QString id = post(QStringLiteral("/postgres"), wanted).object()[u"id"].toString();
        return !id.isEmpty() && QTest::qWaitFor([&] { return statusOf(id) == u"available"; }, 60'000) ? id : QString();
    }

private:
    static PracticeResponse parsed(const QByteArray &answer)
    {
        const qsizetype end = answer.indexOf("\r\n\r\n");
        PracticeResponse response;
        if (end < 0) {
            return response;
        }
        const QList<QByteArray> lines = answer.left(end).split('\n');
        response.status = lines.first().split(' ').value(1).toInt();
        for (const QByteArray &line : lines.mid(1)) {
            response.headers[line.left(line.indexOf(':')).toLower()] = line.mid(line.indexOf(':') + 1).trimmed();
        }
        response.body = answer.mid(end + 4);
        return response;
    }
    static bool isWhole(const QByteArray &answer)
    {
        const PracticeResponse response = parsed(answer);
        return response.status != 0 && response.body.size() >= response.headers["content-length"].toInt();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PracticeRender> m_render;
};

} // namespace Roost::Testing

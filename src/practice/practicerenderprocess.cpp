#include "practice/practicerenderprocess.h"

#include "core/redact.h"
#include "practice/practicerender.h"
#include "practice/serverprocess.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLockFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QSaveFile>
#include <QTimer>

#include <condition_variable>
#include <csignal>
#include <mutex>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PracticeRender)
};

constexpr int startTimeoutMs = 120'000;
constexpr int stopTimeoutMs = 60'000;
constexpr int answerTimeoutMs = 30'000;
constexpr int glanceMs = 100;

QString folder()
{
    return Paths::practice() + QStringLiteral("/render");
}

QString noteFile()
{
    return folder() + QStringLiteral("/running.json");
}

QString logFile()
{
    return folder() + QStringLiteral("/serve.log");
}

QString lockFile()
{
    return folder() + QStringLiteral("/serve.lock");
}

std::optional<QJsonObject> readNote()
{
    QFile file(noteFile());
    if (!file.open(QIODevice::ReadOnly)) {
        return std::nullopt;
    }
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

Result<void> writeNote(const RenderAccess &access)
{
    const QJsonObject note{{QStringLiteral("url"), access.api.toString()},
                           {QStringLiteral("key"), access.key.reveal()},
                           {QStringLiteral("pid"), QCoreApplication::applicationPid()}};
    QSaveFile file(noteFile());
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
        file.write(QJsonDocument(note).toJson()) < 0 || !file.commit()) {
        return failure(
            ErrorCode::FileFailed,
            Text::tr("%1 could not be written: %2. Check the space there.").arg(noteFile(), file.errorString()));
    }
    return {};
}

/// Beside this program, or beside its folder, where tests are; empty when there is none.
QString cliProgram()
{
    const QString here = QCoreApplication::applicationDirPath();
    for (const QString &place : {here + QStringLiteral("/roost-cli"), here + QStringLiteral("/../bin/roost-cli")}) {
        if (QFileInfo(place).isExecutable()) {
            return QFileInfo(place).canonicalFilePath();
        }
    }
    return {};
}

QString logTail()
{
    constexpr qint64 tail = 4096;
    QFile file(logFile());
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    file.seek(qMax(qint64(0), file.size() - tail));
    return redact(QString::fromUtf8(file.readAll()));
}

} // namespace

qint64 practiceRenderProcess()
{
    if (!QFileInfo::exists(lockFile())) {
        return 0;
    }
    // The file itself may be of a run that was killed.
    QLockFile lock(lockFile());
    lock.setStaleLockTime(0);
    if (lock.tryLock(0)) {
        return 0;
    }
    qint64 pid = 0;
    QString host;
    QString program;
    return lock.getLockInfo(&pid, &host, &program) ? pid : 0;
}

std::optional<RenderAccess> runningPracticeRender()
{
    const auto note = readNote();
    const qint64 pid = practiceRenderProcess();
    if (!note || pid == 0 || note->value(u"pid").toInteger() != pid) {
        return std::nullopt;
    }
    return RenderAccess{QUrl(note->value(u"url").toString()), Secret(note->value(u"key").toString())};
}

Result<RenderAccess> startPracticeRender(JobContext &context)
{
    if (const auto running = runningPracticeRender()) {
        return *running;
    }
    const QString program = cliProgram();
    if (program.isEmpty()) {
        return failure(ErrorCode::ToolMissing,
                       Text::tr("The program roost-cli, which runs the practice account, is not beside %1. Install "
                                "Roost completely.")
                           .arg(QCoreApplication::applicationFilePath()));
    }
    if (!Paths::ensureFolder(folder())) {
        return failure(ErrorCode::FileFailed, Text::tr("The folder %1 for the practice account could not be made. "
                                                       "Check the space and the permissions there.")
                                                  .arg(folder()));
    }
    context.report({Text::tr("Starting the practice account"), 0, 0, {}});
    QFile::remove(logFile());
    QProcess process;
    process.setProgram(program);
    process.setArguments({QStringLiteral("practice"), QStringLiteral("serve")});
    process.setWorkingDirectory(QStringLiteral("/"));
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(logFile());
    qint64 pid = 0;
    if (!process.startDetached(&pid)) {
        return failure(ErrorCode::ProcessFailed,
                       Text::tr("The practice account could not be started: %1.").arg(process.errorString()));
    }
    std::optional<RenderAccess> running;
    // It may be another one that somebody starts at the same time: that one is as good.
    const bool inTime = waitUntil(
        [&] {
            running = runningPracticeRender();
            return running || context.isCancelled() || (!isAlive(pid) && practiceRenderProcess() == 0);
        },
        startTimeoutMs);
    if (running) {
        return *running;
    }
    ::kill(pid_t(pid), SIGTERM);
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    return failure(inTime ? ErrorCode::ProcessFailed : ErrorCode::TimedOut,
                   inTime ? Text::tr("The practice account ended while it was starting. The details show why.")
                          : Text::tr("The practice account did not start within two minutes."),
                   logTail());
}

Result<void> stopPracticeRender(JobContext &context)
{
    const qint64 pid = practiceRenderProcess();
    if (pid <= 1) {
        return {};
    }
    context.report({Text::tr("Stopping the practice account"), 0, 0, {}});
    ::kill(pid_t(pid), SIGTERM);
    if (!waitUntil([&] { return practiceRenderProcess() != pid || context.isCancelled(); }, stopTimeoutMs)) {
        return failure(ErrorCode::TimedOut, Text::tr("The practice account does not end; its process is %1.").arg(pid));
    }
    return context.isCancelled() ? failure(Error::cancelled()) : Result<void>();
}

Result<void> servePracticeRender(JobContext &context)
{
    if (!Paths::ensureFolder(folder())) {
        return failure(ErrorCode::FileFailed, Text::tr("The folder %1 for the practice account could not be made. "
                                                       "Check the space and the permissions there.")
                                                  .arg(folder()));
    }
    QLockFile lock(lockFile());
    lock.setStaleLockTime(0);
    if (!lock.tryLock(glanceMs)) {
        return failure(ErrorCode::AlreadyExists, Text::tr("The practice account runs already, in another process."));
    }
    std::mutex mutex;
    std::condition_variable_any changed;
    bool isOver = false;
    PracticeRenderOptions options = practiceRenderOptions();
    options.endsAlone = true;
    options.ended = [&] {
        const std::scoped_lock guard(mutex);
        isOver = true;
        changed.notify_all();
    };
    PracticeRender render(options);
    if (auto started = render.start(context); !started) {
        return started;
    }
    if (auto written = writeNote(render.access()); !written) {
        return written;
    }
    {
        std::unique_lock guard(mutex);
        changed.wait(guard, context.stopToken(), [&] { return isOver; });
    }
    QFile::remove(noteFile());
    render.stop();
    return {};
}

Result<QJsonObject> askPracticeRender(const RenderAccess &access, const QByteArray &method, const QString &path,
                                      const QJsonObject &body, JobContext &context)
{
    QUrl url = access.api;
    url.setPath(path);
    QNetworkAccessManager network;
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    request.setRawHeader("Authorization", "Bearer " + access.key.revealUtf8());
    request.setTransferTimeout(answerTimeoutMs);
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(
        request, method, body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson(QJsonDocument::Compact)));
    QEventLoop loop;
    QTimer glance;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(&glance, &QTimer::timeout, &loop, [&] {
        if (context.isCancelled()) {
            loop.quit();
        }
    });
    glance.start(glanceMs);
    if (!reply->isFinished()) {
        loop.exec();
    }
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    const QJsonObject answer = QJsonDocument::fromJson(reply->readAll()).object();
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    constexpr int firstProblem = 300;
    if (status == 0) {
        return failure(ErrorCode::ConnectionFailed,
                       Text::tr("The practice account does not answer. Start it again with “practice start --render”."),
                       redact(reply->errorString()));
    }
    if (status >= firstProblem) {
        Error error{ErrorCode::ServerRefused,
                    Text::tr("The practice account refused it: %1.").arg(answer[u"message"].toString()),
                    {},
                    {}};
        error.httpStatus = status;
        return failure(error);
    }
    return answer;
}

namespace {

Result<QDateTime> timeFrom(const Result<QJsonObject> &answer)
{
    if (!answer) {
        return failure(answer.error());
    }
    return QDateTime::fromString((*answer)[u"now"].toString(), Qt::ISODateWithMs);
}

} // namespace

Result<QDateTime> practiceTime(const RenderAccess &access, JobContext &context)
{
    return timeFrom(askPracticeRender(access, "GET", QStringLiteral("/practice/clock"), {}, context));
}

Result<QDateTime> movePracticeClock(const RenderAccess &access, int days, JobContext &context)
{
    return timeFrom(askPracticeRender(access, "POST", QStringLiteral("/practice/clock"),
                                      {{QStringLiteral("days"), days}}, context));
}

} // namespace Roost

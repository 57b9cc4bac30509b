#include "app/logfile.h"

#include "core/redact.h"
#include "storage/paths.h"

#include <QDateTime>
#include <QFile>

#include <cstdio>

namespace Roost {

namespace {

constexpr qint64 largest = qint64(1024) * 1024;
LogFile *theLog = nullptr;

const char *word(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return "debug";
    case QtInfoMsg:
        return "info";
    case QtWarningMsg:
        return "warning";
    case QtCriticalMsg:
        return "critical";
    case QtFatalMsg:
        return "fatal";
    }
    return "";
}

} // namespace

LogFile::LogFile()
{
    theLog = this;
    qInstallMessageHandler(handle);
}

LogFile::~LogFile()
{
    qInstallMessageHandler(nullptr);
    theLog = nullptr;
    if (m_writer.joinable()) {
        m_writer.request_stop();
        m_changed.notify_all();
    }
}

void LogFile::handle(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    const QString time = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
    const QString category = QString::fromLatin1(context.category ? context.category : "default");
    const QByteArray line =
        QStringLiteral("%1 %2 %3: %4\n").arg(time, QString::fromLatin1(word(type)), category, redact(text)).toUtf8();
    if (type != QtDebugMsg && type != QtInfoMsg) {
        std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
    }
    if (theLog) {
        theLog->add(line);
    }
}

void LogFile::add(QByteArray line)
{
    constexpr size_t most = 1000;
    const std::scoped_lock lock(m_mutex);
    if (m_lines.size() < most) {
        m_lines.push_back(std::move(line));
        m_changed.notify_all();
    }
}

void LogFile::open(const QString &folder)
{
    const QString file = folder + QStringLiteral("/roost.log");
    m_writer = std::jthread([this, folder, file](const std::stop_token &stop) {
        if (!Paths::ensureFolder(folder)) {
            return;
        }
        while (!stop.stop_requested()) {
            {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, stop, [this] { return !m_lines.empty(); });
            }
            write(file);
        }
    });
}

void LogFile::write(const QString &file)
{
    std::deque<QByteArray> lines;
    {
        const std::scoped_lock lock(m_mutex);
        lines.swap(m_lines);
    }
    if (lines.empty()) {
        return;
    }
    if (QFile(file).size() > largest) {
        QFile::remove(file + QStringLiteral(".1"));
        QFile::rename(file, file + QStringLiteral(".1"));
    }
    QFile log(file);
    if (!log.open(QIODevice::WriteOnly | QIODevice::Append)) {
        return;
    }
    log.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    for (const QByteArray &line : lines) {
        log.write(line);
    }
}

} // namespace Roost

#pragma once

#include <QByteArray>
#include <QString>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace Roost {

/// Takes Qt's messages: redacted, with time and category, to standard error and into a file. A thread of its own writes
/// the file, so that nobody waits for a disk. One for the process; made before the application object.
class LogFile
{
public:
    LogFile();
    ~LogFile(); ///< writes what is left
    LogFile(const LogFile &) = delete;
    LogFile &operator=(const LogFile &) = delete;

    /// Begins the file; what was said before is in it.
    void open(const QString &folder);

private:
    static void handle(QtMsgType type, const QMessageLogContext &context, const QString &text);
    void add(QByteArray line);
    void write(const QString &file);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<QByteArray> m_lines;
    std::jthread m_writer;
};

} // namespace Roost

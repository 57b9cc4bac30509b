#include "support/childbrake.h"

#include <QDir>
#include <QFile>

#include <chrono>
#include <csignal>
#include <unistd.h>

namespace Roost::Testing {

namespace {

using namespace std::chrono_literals;

} // namespace

/// `/proc/PID/stat` begins "PID (name) state parent".
int childNamed(const QByteArray &program)
{
    const QByteArray parent = QByteArray::number(::getpid());
    const auto entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &entry : entries) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(entry));
        if (!entry.at(0).isDigit() || !file.open(QIODevice::ReadOnly)) {
            continue;
        }
        const QByteArray stat = file.readAll();
        const auto afterName = stat.sliced(qMin(stat.lastIndexOf(')') + 2, stat.size())).split(' ');
        if (stat.contains('(' + program + ')') && afterName.value(1) == parent) {
            return entry.toInt();
        }
    }
    return 0;
}

ChildBrake::ChildBrake(QByteArray program)
    : m_program(std::move(program))
    , m_thread([this](const std::stop_token &stop) { work(stop); })
{
}

ChildBrake::~ChildBrake() = default;

void ChildBrake::work(const std::stop_token &stop) const
{
    while (!stop.stop_requested()) {
        const pid_t child = m_isEngaged ? childNamed(m_program) : 0;
        if (child > 0) {
            ::kill(child, SIGSTOP);
            std::this_thread::sleep_for(45ms);
            ::kill(child, SIGCONT);
        }
        std::this_thread::sleep_for(5ms);
    }
}

} // namespace Roost::Testing

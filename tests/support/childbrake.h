#pragma once

#include <QByteArray>

#include <atomic>
#include <thread>

namespace Roost::Testing {

/// The process of a child of this process, or 0 when there is none of that name.
[[nodiscard]] int childNamed(const QByteArray &program);

/// Slows down a child of this process, so that a test can rely on being in the middle of its work on any machine: once
/// engaged, the child of that name runs a tenth of the time. It is let go with this object.
class ChildBrake
{
public:
    explicit ChildBrake(QByteArray program); ///< "pg_dump"
    ~ChildBrake();
    ChildBrake(const ChildBrake &) = delete;
    ChildBrake &operator=(const ChildBrake &) = delete;

    void engage() { m_isEngaged = true; }

private:
    void work(const std::stop_token &stop) const;

    const QByteArray m_program;
    std::atomic<bool> m_isEngaged = false;
    std::jthread m_thread;
};

} // namespace Roost::Testing

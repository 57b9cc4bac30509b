#pragma once

#include <QByteArray>
#include <QList>
#include <QStringList>

#include <atomic>
#include <thread>

namespace Roost::Testing {

/// Looks for a marked password in whatever form it may have got out: as it is, in part, percent-encoded or quoted (its
/// longest run of letters and digits is looked for), as hexadecimal digits, base64 or UTF-16.
class LeakSearch
{
public:
    explicit LeakSearch(const QString &secret);

    bool isIn(const QByteArray &bytes) const;
    bool isIn(const QString &text) const { return isIn(text.toUtf8()); }
    /// The files below a folder that hold it in their content or their name; links are not followed.
    QStringList filesIn(const QString &folder) const;

private:
    QList<QByteArray> m_forms;
};

/// Looks at the arguments of every process, every few milliseconds, on a thread of its own, as long as it lives.
class ArgumentSampler
{
public:
    explicit ArgumentSampler(const LeakSearch &search);
    ~ArgumentSampler() = default;
    ArgumentSampler(const ArgumentSampler &) = delete;
    ArgumentSampler &operator=(const ArgumentSampler &) = delete;

    int hits() const { return m_hits; }
    int rounds() const { return m_rounds; }

private:
    void watch(const std::stop_token &stop);

    const LeakSearch m_search;
    std::atomic<int> m_hits = 0;
    std::atomic<int> m_rounds = 0;
    std::jthread m_thread; ///< last: it ends before what it uses
};

} // namespace Roost::Testing

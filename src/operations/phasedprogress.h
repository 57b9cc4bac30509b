#pragma once

#include "core/jobcontext.h"

namespace Roost {

/// The progress of an operation of several phases as one percentage that never goes back: estimates change while the
/// work goes on, but a bar that jumps back tells the user that nobody knows. On the operation's thread.
class PhasedProgress
{
public:
    explicit PhasedProgress(const JobContext &context)
        : m_context(context)
    {
    }

    /// The part of the whole (0 … 1) that the next reports fill.
    void enter(double from, double to);
    /// `fraction` of the phase (0 … 1); `amount` in words, may be empty; `bytes` as Progress::bytes.
    void report(const QString &step, double fraction = 0, const QString &amount = {}, qint64 bytes = -1);

private:
    static constexpr qint64 total = 10000;

    const JobContext &m_context;
    double m_from = 0;
    double m_to = 1;
    qint64 m_best = 0;
};

/// "3.4 MB", as files and tables are shown everywhere.
[[nodiscard]] QString amountText(qint64 bytes);

} // namespace Roost

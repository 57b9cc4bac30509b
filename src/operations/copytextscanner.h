#pragma once

#include "operations/recordscanner.h"

namespace Roost {

/// TSV as COPY writes it in its text format: no quotes, `\t`, `\n` and the like within values, `\N` for NULL.
class CopyTextScanner : public SeparatedScanner
{
public:
    explicit CopyTextScanner(ScanPlan plan);
    bool finish() override;

protected:
    void run() override;

private:
    bool passField();
    bool passEscape();

    bool m_isWithinField = false; ///< an escaped line end is where the block ended
    bool m_isEnded = false;       ///< by a line with `\.`
};

} // namespace Roost

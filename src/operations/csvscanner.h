#pragma once

#include "operations/recordscanner.h"

#include <array>

namespace Roost {

/// How the CSV at hand is written. COPY gets the same delimiter and quote.
struct CsvForm
{
    char delimiter = ',';
    char quote = '"';    ///< 0: there are no quotes, they are characters like others
    QByteArray nullText; ///< an unquoted field with this is NULL, besides an empty one
    /// What COPY is told: it cannot do without a quote, so for files without one it gets a character that is in none.
    char copyQuote() const { return quote == 0 ? '\x01' : quote; }
};

/// CSV by RFC 4180, strictly: what is ambiguous is refused with its line. For files up to any size.
class CsvScanner : public SeparatedScanner
{
public:
    CsvScanner(ScanPlan plan, CsvForm form);
    bool finish() override;

protected:
    void run() override;

private:
    bool passUnquoted();
    bool passQuoted();
    bool endUnquoted();
    bool endQuoted();
    void countLines(const char *from, const char *to);

    const CsvForm m_form;
    std::array<bool, 256> m_stops{}; ///< what ends an unquoted run
    qint64 m_quoteLine = 0;          ///< where the open quote stands
    qint64 m_quotedBytes = 0;
    bool m_isOpen = false; ///< within quotes
};

} // namespace Roost

#pragma once

#include "practice/practicecall.h"

#include <QJsonArray>
#include <QString>

#include <optional>

namespace Roost {

/// What goes wrong on purpose with the next calls. As JSON:
///   {"method":"POST","path":"/postgres","kind":"drop_after","count":1,"skip":0,"status":503,"retryAfter":2}
/// `method` and `path` choose the calls, "" any; in the path `*` stands for one part and a last `**` for any rest.
/// `count`: how many calls, 1 unless given, -1 for all; `skip`: so many matching calls first go well.
struct PracticeFault
{
    enum class Kind {
        None,
        DropBefore, ///< "drop_before": the connection ends, nothing was done
        DropAfter,  ///< "drop_after": done, but the connection ends before the answer
        Error,      ///< "error": status (500 unless given), nothing was done
        ErrorAfter, ///< "error_after": done, but the answer is that status
        Stall,      ///< "stall": nothing is done, no answer ever comes
        StallAfter, ///< "stall_after": done, no answer ever comes
        BadJson,    ///< "bad_json": done, the answer is no JSON
        CutBody     ///< "cut_body": done, the connection ends in the middle of the answer
    };
    QByteArray method;
    QStringList path;
    Kind kind = Kind::None;
    int count = 1;
    int skip = 0;
    int status = 500;
    int retryAfter = -1; ///< seconds; negative: no such header

    /// Absent when the JSON is none.
    static std::optional<PracticeFault> from(const QJsonObject &object);
    bool concerns(const PracticeCall &call) const;
    bool isBeforeDoing() const { return kind == Kind::DropBefore || kind == Kind::Error || kind == Kind::Stall; }
};

/// Those that are still to come.
class PracticeFaults
{
public:
    void add(const PracticeFault &fault) { m_faults += fault; }
    void clear() { m_faults.clear(); }
    qsizetype size() const { return m_faults.size(); }
    /// What happens to this call; the first that concerns it.
    PracticeFault take(const PracticeCall &call);

private:
    QList<PracticeFault> m_faults;
};

} // namespace Roost

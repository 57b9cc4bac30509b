#pragma once

#include "birdstable.h"
#include "naivechangeset.h"

#include <map>
#include <random>

namespace Roost::Testing {

/// How often what occurred: a run in which something never did shows nothing about it.
struct ScriptCounts
{
    QMap<QString, int> of;
    void add(const char *what) { ++of[QString::fromLatin1(what)]; }
};

/// One user who stages edits and applies them while another session and the network get in the way, and a prediction of
/// the table in memory, made without any code that is tested (but for the order in which changes are sent).
class EditScript
{
public:
    static QString tableSql();
    EditScript(BirdsTable &server, const ChangeTarget &target, TcpProxy &proxy, unsigned seed, ScriptCounts &counts);

    /// Runs it to its end; what went wrong, or an empty text.
    QString run();

private:
    using Table = std::map<QString, CellValues>; ///< by id
    enum class Expected { Applied, Conflicts, Refused };
    struct Prediction
    {
        Expected expected = Expected::Applied;
        Table after; ///< when applied
        QMap<QString, ChangeConflict::Kind> conflicts;
        RowChange refused;
    };

    int below(int end) { return int(m_random() % unsigned(end)); }
    bool oneIn(int times) { return below(times) == 0; }
    QString freshId() { return QString::number(m_nextId++); }
    QString anyColumn();
    CellValue anyValue(const QString &column);
    CellValues anyRow(const QString &id);
    QString anyId(const Table &table);

    void fill();
    void edit();
    void editOnce();
    void editRow(const QString &id);
    void editNewRow();
    /// The other session changes the table; `m_truth` goes along.
    void interfere(int times);
    void cutSomewhere();
    Result<ApplyOutcome> apply();
    Result<ApplyOutcome> applyWhileOthersHoldLocks();
    void connect();

    Prediction predict() const;
    QString judge(const Result<ApplyOutcome> &outcome);
    QString judgeUnknown(const UnknownCommit &commit, const Prediction &prediction);
    QString judgeConflicts(const ApplyOutcome &outcome, const Prediction &prediction);
    QString judgeStored(const ApplyOutcome &outcome, const Prediction &prediction) const;
    QString judgeRefusal(const ChangeRefusal &refusal, const Prediction &prediction);
    void resolve(const ChangeConflict &conflict);
    void finish(const Table &after);
    QString compareTable() const;

    BirdsTable &m_server;
    const ChangeTarget &m_target;
    TcpProxy &m_proxy;
    ScriptCounts &m_counts;
    std::mt19937 m_random;
    std::unique_ptr<DatabaseConnection> m_connection;
    Table m_truth;           ///< what the table must hold
    Table m_seen;            ///< what the user has read of it
    ChangeSet m_changes;     ///< what is tested
    NaiveChangeSet m_staged; ///< what it should hold
    int m_nextId = 100;
    bool m_isDone = false;
    bool m_mayCut = true;
};

} // namespace Roost::Testing

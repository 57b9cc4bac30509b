#pragma once

#include "gui/table/tablepageparts.h"
#include "postgres/applychanges.h"

#include <QObject>

#include <functional>

class QPushButton;

namespace Roost {

/// From staged edits to the database, as the user goes through it: the preview, what came of applying, conflicts and
/// refusals, and the question when a page is left.
class TableApply : public QObject
{
    Q_OBJECT

public:
    explicit TableApply(const TableParts &parts);

    void apply();
    void showSql();
    /// Asks first where much would be lost.
    void discard();
    /// Calls `done` with true once nothing is staged any more: applied, discarded, or there was nothing. False when the
    /// user wants to stay, or applying failed.
    void settle(std::function<void(bool)> done);
    /// What is edited somewhere and not staged yet; set by the page. False: it cannot be staged as it is.
    void setStager(std::function<bool()> stage) { m_stage = std::move(stage); }

signals:
    /// The cell that the server refused.
    void refused(int row, int column);
    void applied();

private:
    void answered(const Result<ApplyOutcome> &result, int count);
    void failed(const Error &error);
    void conflicted(const QList<ChangeConflict> &conflicts);
    void wasRefused(const ChangeRefusal &refusal);
    void unknown();
    void foundOut(bool wasApplied);
    void tell(bool isSettled);
    bool stageOpenEdits();
    int stagedCount() const;
    QPushButton *addAgainButton(const QString &text);

    TableParts m_parts;
    std::function<bool()> m_stage;
    std::function<void(bool)> m_settled;
};

} // namespace Roost

#pragma once

#include "gui/dialogs/dialog.h"
#include "postgres/applychanges.h"

#include <QList>

class QButtonGroup;
class QLabel;
class QListWidget;
class QPushButton;
class QRadioButton;
class QTableWidget;

namespace Roost {

/// Rows that somebody else has changed or deleted while they were edited here: each with what it was, what you made of
/// it and what stands there now, to choose from. Accepted: choices() says what is wanted.
class ConflictDialog : public Dialog
{
    Q_OBJECT

public:
    ConflictDialog(const ChangeTarget &target, const QList<ChangeConflict> &conflicts, QWidget *parent = nullptr);

    const QList<ChangeConflict> &conflicts() const { return m_conflicts; }
    /// For each conflict: true to keep mine (of a row that is gone: to add it again), false to take theirs.
    const QList<bool> &choices() const { return m_keepsMine; }

private:
    void build();
    QWidget *buildRight();
    void showConflict(int at);
    void fillTable(const ChangeConflict &conflict);
    void choose(int at, bool keepsMine);
    void chooseAll(bool keepsMine);
    QString keyText(const RowChange &change) const;
    void updateItem(int at);

    ChangeTarget m_target;
    QList<ChangeConflict> m_conflicts;
    QList<bool> m_keepsMine;
    int m_shown = -1;
    QListWidget *m_list = nullptr;
    QLabel *m_heading = nullptr;
    QLabel *m_explanation = nullptr;
    QTableWidget *m_table = nullptr;
    QButtonGroup *m_group = nullptr;
    QRadioButton *m_mine = nullptr;
    QRadioButton *m_theirs = nullptr;
    QPushButton *m_apply = nullptr;
};

} // namespace Roost

#pragma once

#include "postgres/changeset.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace Roost {

/// The line below the rows that says what is staged, with what can be done about it. Hidden while nothing is.
class StagedBar : public QFrame
{
    Q_OBJECT

public:
    explicit StagedBar(QWidget *parent = nullptr);

    void show(const ChangeSet::Counts &counts, bool isApplying);
    using QFrame::show;

signals:
    void discardWanted();
    void sqlWanted();
    void applyWanted();

private:
    QLabel *m_text;
    QPushButton *m_discard;
    QPushButton *m_sql;
    QPushButton *m_apply;
};

/// "1 changed · 2 new · 1 deleted"
[[nodiscard]] QString stagedText(const ChangeSet::Counts &counts);
/// "1 change", "3 changes"
[[nodiscard]] QString changesText(int count);

} // namespace Roost

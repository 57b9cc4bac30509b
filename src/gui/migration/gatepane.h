#pragma once

#include "gui/migration/migrationpane.h"
#include "operations/migration.h"

namespace Roost {

class Notice;
class PlainTable;
class TypedName;
class Card;

/// The gate: what is proven, what will be gone for ever and what stays, and the name to type. While something is not
/// proven it is shut, and says why.
class GatePane : public MigrationPane
{
    Q_OBJECT

public:
    explicit GatePane(QWidget *parent = nullptr);
    void show(const MigrationState &state, const MigrationPause &pause);
    using QWidget::show;

signals:
    void opened(const QString &name);
    void stopWanted();
    void goBackWanted();
    void lookAgainWanted();

private:
    void fillTable();
    void update();
    static QString headingOf(const MigrationState &state, bool isOpen);
    static QString goneText(const MigrationPlan &plan);
    static QString staysText(const MigrationState &state);
    static QString verbOf(const MigrationPlan &plan);

    MigrationState m_state;
    bool m_isOpen = false;
    Notice *m_problems;
    QLabel *m_why;
    PlainTable *m_table;
    QLabel *m_gone;
    QLabel *m_stays;
    Card *m_typedCard;
    TypedName *m_typed;
    QPushButton *m_again;
    QPushButton *m_back;
    QPushButton *m_open;
};

} // namespace Roost

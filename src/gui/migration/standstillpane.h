#pragma once

#include "gui/migration/migrationpane.h"
#include "operations/migration.h"

namespace Roost {

class Notice;

/// A migration that does not go on by itself: why, what is safe, and what can be done.
class StandstillPane : public MigrationPane
{
    Q_OBJECT

public:
    explicit StandstillPane(QWidget *parent = nullptr);

    void showFailure(const MigrationState &state, const Error &error);
    void showStanding(const MigrationState &state);
    void showElsewhere(const MigrationState &state, qint64 process);
    void showUnreadable(const Error &error);
    void showGivenUp(const MigrationState &state);

signals:
    void goOnWanted();
    void stopWanted();
    void goBackWanted();
    void lookAgainWanted();
    void planWanted();
    void backupsWanted();

private:
    void offer(std::initializer_list<QPushButton *> buttons);
    static QString safetyText(const MigrationState &state);

    Notice *m_notice;
    QLabel *m_text;
    QPushButton *m_stop;
    QPushButton *m_back;
    QPushButton *m_backups;
    QPushButton *m_look;
    QPushButton *m_plan;
    QPushButton *m_goOn;
};

} // namespace Roost

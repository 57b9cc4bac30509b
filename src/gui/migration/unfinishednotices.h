#pragma once

#include <QWidget>

class QVBoxLayout;

namespace Roost {

class UnfinishedMigrations;
struct UnfinishedMigration;

/// "Moving school-db is not finished: 6 of 18 steps", with what can be done about it; on top of a page. Takes no room
/// while there is none.
class UnfinishedNotices : public QWidget
{
    Q_OBJECT

public:
    /// Of one saved connection; of all when `profileId` is empty.
    UnfinishedNotices(UnfinishedMigrations *migrations, const QString &profileId, QWidget *parent = nullptr);

signals:
    void goOnWanted(const QString &id);
    void giveUpWanted(const QString &id);
    void showWanted(const QString &id);

private:
    void update();
    void add(const UnfinishedMigration &migration);

    UnfinishedMigrations *m_migrations;
    QString m_profileId;
    QVBoxLayout *m_column;
};

} // namespace Roost

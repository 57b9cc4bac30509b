#pragma once

#include "gui/actions.h"

#include <QObject>

#include <functional>

class QWidget;

namespace Roost {

struct Services;

/// Carries out what the window's menus say, on a given instance or database: gets the connection ready, opens the
/// dialog, and says afterwards what has changed.
class MainWindowVerbs : public QObject
{
    Q_OBJECT

public:
    MainWindowVerbs(Services &services, QWidget *window);

    void addConnection();
    void editConnection(const QString &instanceId);
    void removeConnection(const QString &instanceId);
    void disconnectInstance(const QString &instanceId);
    void copyConnection(const QString &instanceId, const QString &database, Actions::CopyForm form);
    void examine(const QString &instanceId);
    void createDatabase(const QString &instanceId);
    void renameDatabase(const QString &instanceId, const QString &database);
    void dropDatabase(const QString &instanceId, const QString &database);
    void backUp(const QString &instanceId, const QString &database);
    void backUpAll(const QString &instanceId);
    void restore(const QString &instanceId, const QString &database, const QString &file = {});
    void resetDatabase(const QString &instanceId, const QString &database);
    void askCreationDate(const QString &instanceId);

signals:
    void connectionSaved(const QString &instanceId);
    void connectionMended(const QString &instanceId);
    void instanceGone(const QString &instanceId);
    void databaseMade(const QString &instanceId, const QString &database);
    void databaseGone(const QString &instanceId, const QString &database);
    void databaseChanged(const QString &instanceId, const QString &database); ///< what is in it is other than before

private:
    /// Calls `then` with the connection to the database (the instance's default one if empty), or shows why there is
    /// none.
    void withDatabase(const QString &instanceId, const QString &database,
                      const std::function<void(const DatabaseRef &)> &then);
    QStringList existing(const QString &instanceId) const;

    Services &m_services;
    QWidget *m_window;
};

} // namespace Roost

#pragma once

#include "storage/expirynoticestore.h"

#include <QDateTime>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace Roost {

struct Services;

/// Keeps the days right while the program runs: takes the time of the accounts over into the instances, lets badges
/// change at midnight, and shows reminders when they are due. Looks by the clock on the wall once a minute, so it also
/// does after the computer slept.
class ExpiryWatch : public QObject
{
    Q_OBJECT

public:
    ExpiryWatch(Services &services, QObject *parent = nullptr);

    /// Looks now.
    void check();

signals:
    void reminded(int count);

private:
    void takeClock();
    void remind();
    bool accountsAreSettled() const;

    Services &m_services;
    QTimer m_timer;
    QStringList m_badges;       ///< as they were last
    QList<NoticeKey> m_settled; ///< shown, by us or another program
    bool m_isReminding = false;
    QDateTime m_notBefore; ///< the desktop took nothing; it is tried again then
};

} // namespace Roost

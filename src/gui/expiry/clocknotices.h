#pragma once

#include <QHash>
#include <QWidget>

#include <chrono>

class QVBoxLayout;

namespace Roost {

class Notice;
struct Services;

/// Says of each account whose time is not this computer's that days are counted with it. The time of a practice account
/// can be moved on.
class ClockNotices : public QWidget
{
    Q_OBJECT

public:
    explicit ClockNotices(Services &services, QWidget *parent = nullptr);

private:
    void update();
    void move(const QString &accountId);

    Services &m_services;
    QVBoxLayout *m_column;
    QHash<QString, Notice *> m_notices;
};

/// "3 days", "2 hours", "6 minutes"; translated.
[[nodiscard]] QString spanText(std::chrono::seconds span);

} // namespace Roost

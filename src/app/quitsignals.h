#pragma once

#include <QObject>

class QSocketNotifier;

namespace Roost {

/// SIGINT, SIGTERM and SIGHUP as a Qt signal, so that what runs is ended in order. Lives in the GUI thread.
class QuitSignals : public QObject
{
    Q_OBJECT

public:
    explicit QuitSignals(QObject *parent = nullptr);
    ~QuitSignals() override;

signals:
    void received();

private:
    QSocketNotifier *m_notifier = nullptr;
};

} // namespace Roost

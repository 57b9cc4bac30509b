#pragma once

#include <QObject>

namespace Roost {

/// Turns SIGINT, SIGTERM and SIGHUP into a signal in the thread it lives in; the handlers only write to a pipe. A
/// second one ends the program at once, by that signal. One for the process.
class SignalCanceller : public QObject
{
    Q_OBJECT

public:
    explicit SignalCanceller(QObject *parent = nullptr);

signals:
    void cancelRequested();

private:
    void take();
    bool m_asked = false;
};

} // namespace Roost

#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"

#include <QLockFile>
#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>

class QWidget;

namespace Roost {

struct Services;

/// Practice from the window's side: starts and stops the private server by jobs, finds one that a crash left running,
/// and stops at the end the one that this window is responsible for.
class MainWindowPractice : public QObject
{
    Q_OBJECT

public:
    MainWindowPractice(Services &services, QWidget *window);

    /// Looks, off the GUI thread, whether it runs.
    void lookForRunning();
    void start();
    void stop();
    /// Stops it when this window is responsible for it; then calls `done`, in any case.
    void stopAtExit(std::function<void()> done);

signals:
    void started();

private:
    struct Running
    {
        ConnectionSpec spec;
        std::shared_ptr<QLockFile> lock; ///< held by the window that stops it at its end; null when that is another
    };
    static Result<Running> connectTo(bool wasRunning);
    void take(const Running &running);

    Services &m_services;
    QPointer<QWidget> m_window;
    std::shared_ptr<QLockFile> m_lock;
};

} // namespace Roost

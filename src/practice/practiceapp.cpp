#include "practice/practiceapp.h"

namespace Roost {

PracticeApp::PracticeApp(LaunchRequest request, Events events)
    : m_request(std::move(request))
    , m_thread([request = m_request, events = std::move(events)](const std::stop_token &stop) {
        LaunchEvents launch;
        launch.ready = [&events](const QString &) { events.ready(); };
        launch.output = events.output;
        JobContext context(stop);
        if (auto run = runBirdApp(request, launch, context); !run) {
            events.ended(run.error().detail.isEmpty() ? run.error().message
                                                      : run.error().message + u'\n' + run.error().detail);
        }
    })
{
}

PracticeApp::~PracticeApp()
{
    end();
}

void PracticeApp::end()
{
    std::call_once(m_ended, [this] {
        m_thread.request_stop();
        m_thread.join();
    });
}

} // namespace Roost

#include "gui/table/tablepagework.h"

#include <QElapsedTimer>
#include <QTimer>

namespace Roost {

void PacedWork::start(const QString &title, qsizetype count, Step step, Done done)
{
    Q_ASSERT(!m_isRunning);
    m_title = title;
    m_at = 0;
    m_count = count;
    m_step = std::move(step);
    m_done = std::move(done);
    m_isRunning = true;
    slice();
}

void PacedWork::slice()
{
    if (!m_isRunning) {
        return;
    }
    constexpr qint64 sliceMs = 8;
    QElapsedTimer clock;
    clock.start();
    while (m_at < m_count && clock.elapsed() < sliceMs) {
        if (!m_step(m_at)) {
            end(false);
            return;
        }
        ++m_at;
    }
    if (m_at >= m_count) {
        end(false);
        return;
    }
    emit changed();
    QTimer::singleShot(0, this, &PacedWork::slice);
}

void PacedWork::stop()
{
    if (m_isRunning) {
        end(true);
    }
}

void PacedWork::end(bool wasStopped)
{
    m_isRunning = false;
    m_step = nullptr;
    if (const Done done = std::exchange(m_done, nullptr)) {
        done(wasStopped);
    }
    emit changed();
}

} // namespace Roost

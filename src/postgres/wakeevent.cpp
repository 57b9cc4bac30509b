#include "postgres/wakeevent.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace Roost {

WakeEvent::WakeEvent()
    : m_descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

WakeEvent::~WakeEvent()
{
    if (m_descriptor >= 0) {
        close(m_descriptor);
    }
}

void WakeEvent::raise() const
{
    // A full counter is a raised one: the result does not matter.
    [[maybe_unused]] const int written = eventfd_write(m_descriptor, 1);
}

void WakeEvent::clear() const
{
    eventfd_t value = 0;
    [[maybe_unused]] const int read = eventfd_read(m_descriptor, &value);
}

} // namespace Roost

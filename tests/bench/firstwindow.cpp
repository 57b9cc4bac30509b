// firstwindow RUNS PROGRAM_A PROGRAM_B: milliseconds from starting each program to its first window on the screen, in
// turn, and the ratio of the medians. Measured from outside, by the X server's own notice of the mapped window.
#include <xcb/xcb.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int patienceMs = 20'000;

bool isOwnWindowMapped(const xcb_generic_event_t *event, xcb_connection_t *connection)
{
    if ((event->response_type & 0x7f) != XCB_MAP_NOTIFY) {
        return false;
    }
    const auto *mapped = reinterpret_cast<const xcb_map_notify_event_t *>(event);
    auto *geometry = xcb_get_geometry_reply(connection, xcb_get_geometry(connection, mapped->window), nullptr);
    const bool isBig = geometry != nullptr && geometry->width > 200;
    std::free(geometry);
    return isBig;
}

/// Milliseconds, or a negative number when no window came.
double timeToFirstWindow(xcb_connection_t *connection, const char *program)
{
    while (auto *old = xcb_poll_for_event(connection)) {
        std::free(old);
    }
    const auto start = Clock::now();
    const pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        execl(program, program, static_cast<char *>(nullptr));
        _exit(127);
    }
    double elapsed = -1;
    while (elapsed < 0 && Clock::now() - start < std::chrono::milliseconds(patienceMs)) {
        pollfd wait{xcb_get_file_descriptor(connection), POLLIN, 0};
        poll(&wait, 1, 100);
        while (auto *event = xcb_poll_for_event(connection)) {
            if (elapsed < 0 && isOwnWindowMapped(event, connection)) {
                elapsed = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
            }
            std::free(event);
        }
    }
    kill(-child, SIGTERM);
    waitpid(child, nullptr, 0);
    return elapsed;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: firstwindow RUNS PROGRAM_A PROGRAM_B\n");
        return 2;
    }
    auto *connection = xcb_connect(nullptr, nullptr);
    if (xcb_connection_has_error(connection) != 0) {
        std::fprintf(stderr, "no display\n");
        return 1;
    }
    const auto *screen = xcb_setup_roots_iterator(xcb_get_setup(connection)).data;
    const uint32_t mask = XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY;
    xcb_change_window_attributes(connection, screen->root, XCB_CW_EVENT_MASK, &mask);
    xcb_flush(connection);

    std::vector<double> a;
    std::vector<double> b;
    for (int run = 0; run <= std::atoi(argv[1]); ++run) {
        const double first = timeToFirstWindow(connection, argv[2]);
        const double second = timeToFirstWindow(connection, argv[3]);
        if (first < 0 || second < 0) {
            std::fprintf(stderr, "no window came\n");
            return 1;
        }
        if (run > 0) { // the first pair warms the caches
            a.push_back(first);
            b.push_back(second);
        }
    }
    std::printf("start to first window, median of %zu: %.0f ms against %.0f ms, ratio %.2f\n", a.size(), median(a),
                median(b), median(a) / median(b));
    xcb_disconnect(connection);
    return 0;
}

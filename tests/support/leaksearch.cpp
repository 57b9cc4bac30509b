#include "support/leaksearch.h"

#include <QDirIterator>
#include <QFile>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <dirent.h>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

namespace Roost::Testing {

namespace {

QByteArray longestWord(const QByteArray &text)
{
    QByteArray longest;
    QByteArray word;
    for (const char c : text + ' ') {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            word += c;
            continue;
        }
        if (word.size() > longest.size()) {
            longest = word;
        }
        word.clear();
    }
    return longest;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Without Qt: this runs hundreds of times a second beside the test.
QByteArray argumentsOf(const char *pid)
{
    const QByteArray path = QByteArray("/proc/") + pid + "/cmdline";
    const int file = ::open(path.constData(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return {};
    }
    QByteArray arguments;
    char block[4096];
    for (ssize_t count = 0; (count = ::read(file, block, sizeof block)) > 0;) {
        arguments.append(block, count);
    }
    ::close(file);
    return arguments;
}

} // namespace

LeakSearch::LeakSearch(const QString &secret)
{
    const QByteArray utf8 = secret.toUtf8();
    const QByteArray word = longestWord(utf8);
    m_forms = {word, utf8.toHex(), utf8.toBase64(QByteArray::OmitTrailingEquals),
               QByteArray(reinterpret_cast<const char *>(secret.utf16()), secret.size() * 2)};
}

bool LeakSearch::isIn(const QByteArray &bytes) const
{
    return std::any_of(m_forms.begin(), m_forms.end(),
                       [&bytes](const QByteArray &form) { return bytes.contains(form); });
}

QStringList LeakSearch::filesIn(const QString &folder) const
{
    QStringList found;
    const auto filter = QDir::Files | QDir::Hidden | QDir::System;
    for (QDirIterator it(folder, filter, QDirIterator::Subdirectories); it.hasNext();) {
        const QString path = it.next();
        if (isIn(path) || (it.fileInfo().isFile() && isIn(contentOf(path)))) {
            found += path;
        }
    }
    return found;
}

ArgumentSampler::ArgumentSampler(const LeakSearch &search)
    : m_search(search)
    , m_thread([this](const std::stop_token &stop) { watch(stop); })
{
}

void ArgumentSampler::watch(const std::stop_token &stop)
{
    constexpr std::chrono::milliseconds pause(3);
    std::mutex mutex;
    std::condition_variable_any ended;
    while (!stop.stop_requested()) {
        if (DIR *processes = ::opendir("/proc")) {
            while (const dirent *entry = ::readdir(processes)) {
                if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])) != 0 &&
                    m_search.isIn(argumentsOf(entry->d_name))) {
                    ++m_hits;
                }
            }
            ::closedir(processes);
        }
        ++m_rounds;
        std::unique_lock lock(mutex);
        ended.wait_for(lock, stop, pause, [] { return false; });
    }
}

} // namespace Roost::Testing

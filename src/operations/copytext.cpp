#include "operations/copytext.h"

#include <cstring>

namespace Roost {

namespace {

char unescaped(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    default:
        return letter;
    }
}

} // namespace

void CopyTextLine::parse(QByteArrayView line)
{
    if (line.endsWith('\n')) {
        line.chop(1);
    }
    m_cells.clear();
    // Never longer than the line, so it does not move while views into it are made.
    m_plain.resize(line.size());
    char *plain = m_plain.data();
    const char *at = line.data();
    const char *const end = at + line.size();
    while (true) {
        const auto *tab = static_cast<const char *>(at == end ? nullptr : std::memchr(at, '\t', size_t(end - at)));
        const char *const stop = tab ? tab : end;
        const QByteArrayView raw(at, stop - at);
        if (raw == QByteArrayView("\\N")) {
            m_cells.push_back({{}, true});
        } else if (raw.isEmpty() || !std::memchr(at, '\\', size_t(raw.size()))) {
            m_cells.push_back({raw, false});
        } else {
            char *const begin = plain;
            for (const char *c = at; c < stop; ++c) {
                *plain++ = *c == '\\' && c + 1 < stop ? unescaped(*++c) : *c;
            }
            m_cells.push_back({QByteArrayView(begin, plain - begin), false});
        }
        if (!tab) {
            return;
        }
        at = tab + 1;
    }
}

} // namespace Roost

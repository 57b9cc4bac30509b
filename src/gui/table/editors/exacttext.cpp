#include "gui/table/editors/exacttext.h"

#include <algorithm>

namespace Roost {

namespace {

const QChar shownLineEnd = QChar::ParagraphSeparator;

/// Documents keep these for themselves.
bool isReserved(QChar c)
{
    return c.unicode() == 0xFDD0 || c.unicode() == 0xFDD1;
}

bool endsLine(QChar c)
{
    return c == u'\n' || c == u'\r' || c == shownLineEnd || isReserved(c);
}

/// Where to cut the piece of a long line that starts at `from`: behind a blank if there is one near.
qsizetype cut(QStringView line, qsizetype from)
{
    constexpr qsizetype piece = ExactText::longestLine / 2;
    constexpr qsizetype nearby = 200;
    const qsizetype end = from + piece;
    for (qsizetype i = end; i > end - nearby; --i) {
        if (line[i - 1] == u' ' || line[i - 1] == u',') {
            return i;
        }
    }
    return line[end].isLowSurrogate() ? end - 1 : end;
}

} // namespace

void ExactText::addSpecial(QChar shown, const QString &exact)
{
    m_specials.push_back({m_shown.size(), exact});
    m_shown += shown;
}

void ExactText::append(QStringView line)
{
    qsizetype from = 0;
    while (line.size() - from > longestLine) {
        const qsizetype to = cut(line, from);
        m_shown += line.mid(from, to - from);
        addSpecial(shownLineEnd, QString());
        from = to;
    }
    m_shown += line.mid(from);
}

void ExactText::setText(const QString &exact)
{
    const qsizetype first = exact.indexOf(u'\n');
    m_lineEnd = first > 0 && exact[first - 1] == u'\r' ? QStringLiteral("\r\n") : QStringLiteral("\n");
    take(exact);
}

/// As setText(), with the line end that there is.
void ExactText::take(const QString &exact)
{
    m_shown.clear();
    m_shown.reserve(exact.size() + exact.size() / (longestLine / 2));
    m_specials.clear();
    const QStringView text(exact);
    qsizetype start = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (!endsLine(c)) {
            continue;
        }
        append(text.mid(start, i - start));
        const bool isPair = c == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n';
        const QStringView sign = text.mid(i, isPair ? 2 : 1);
        if (sign == m_lineEnd) {
            m_shown += shownLineEnd;
        } else {
            addSpecial(isReserved(c) ? QChar(QChar::ReplacementCharacter) : QChar(shownLineEnd), sign.toString());
        }
        i += isPair ? 1 : 0;
        start = i + 1;
    }
    append(text.mid(start));
}

QString ExactText::replace(qsizetype from, qsizetype to, const QString &exact)
{
    ExactText part;
    part.m_lineEnd = m_lineEnd;
    part.take(exact);
    const qsizetype shift = part.m_shown.size() - (to - from);
    std::erase_if(m_specials, [from, to](const Special &special) { return special.at >= from && special.at < to; });
    const auto behind = std::find_if(m_specials.begin(), m_specials.end(),
                                     [from](const Special &special) { return special.at >= from; });
    std::for_each(behind, m_specials.end(), [shift](Special &special) { special.at += shift; });
    for (Special &special : part.m_specials) {
        special.at += from;
    }
    m_specials.insert(behind, part.m_specials.begin(), part.m_specials.end());
    m_shown.replace(from, to - from, part.m_shown);
    return part.m_shown;
}

void ExactText::edit(const QString &shown, qsizetype from)
{
    const qsizetype shorter = std::min(m_shown.size(), shown.size());
    const qsizetype same =
        std::mismatch(m_shown.cbegin(), m_shown.cbegin() + shorter, shown.cbegin()).first - m_shown.cbegin();
    const qsizetype head = std::min(same, from);
    qsizetype tail = 0;
    while (tail < shorter - head && m_shown[m_shown.size() - 1 - tail] == shown[shown.size() - 1 - tail]) {
        ++tail;
    }
    const qsizetype end = m_shown.size() - tail; // [head, end) was replaced
    const qsizetype shift = shown.size() - m_shown.size();
    std::erase_if(m_specials, [head, end](const Special &special) { return special.at >= head && special.at < end; });
    for (Special &special : m_specials) {
        if (special.at >= end) {
            special.at += shift;
        }
    }
    m_shown = shown;
}

QString ExactText::exact() const
{
    QString text;
    text.reserve(m_shown.size());
    qsizetype from = 0;
    const auto appendPlain = [this, &text, &from](qsizetype to) {
        const qsizetype start = text.size();
        text += QStringView(m_shown).mid(from, to - from);
        if (m_lineEnd.size() == 1) {
            std::replace(text.begin() + start, text.end(), QChar(shownLineEnd), QChar(u'\n'));
        } else {
            text.replace(start, text.size() - start, text.mid(start).replace(shownLineEnd, m_lineEnd));
        }
        from = to + 1;
    };
    for (const Special &special : m_specials) {
        appendPlain(special.at);
        text += special.exact;
    }
    appendPlain(m_shown.size());
    return text;
}

qsizetype ExactText::shownPosition(qsizetype exactPosition) const
{
    qsizetype exact = 0;
    auto special = m_specials.cbegin();
    for (qsizetype i = 0; i < m_shown.size(); ++i) {
        if (exact >= exactPosition && !(special != m_specials.cend() && special->at == i && special->exact.isEmpty())) {
            return i;
        }
        if (special != m_specials.cend() && special->at == i) {
            exact += special->exact.size();
            ++special;
        } else {
            exact += m_shown[i] == shownLineEnd ? m_lineEnd.size() : 1;
        }
    }
    return m_shown.size();
}

} // namespace Roost

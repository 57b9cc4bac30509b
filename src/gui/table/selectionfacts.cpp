#include "gui/table/selectionfacts.h"

#include "gui/table/gridview.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QItemSelectionModel>
#include <QLocale>

#include <algorithm>

namespace Roost {

namespace {

constexpr int blockDigits = 9;
constexpr qint64 blockBase = 1'000'000'000;
constexpr qint64 mostSummed = 10000;
constexpr int longestNumber = 2000;

bool areDigits(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

} // namespace

bool ExactSum::add(QStringView number)
{
    const bool isNegative = number.startsWith(u'-');
    const QStringView digits = isNegative ? number.mid(1) : number;
    const qsizetype point = digits.indexOf(u'.');
    const QStringView whole = point < 0 ? digits : digits.left(point);
    const QStringView fraction = point < 0 ? QStringView() : digits.mid(point + 1);
    if (whole.isEmpty() || !areDigits(whole) || !areDigits(fraction) || digits.size() > longestNumber) {
        return false;
    }
    const qint64 sign = isNegative ? -1 : 1;
    int block = 0;
    for (qsizetype end = whole.size(); end > 0; end -= blockDigits, ++block) {
        const qsizetype begin = qMax<qsizetype>(0, end - blockDigits);
        m_blocks[block] += sign * whole.mid(begin, end - begin).toLongLong();
    }
    block = -1;
    for (qsizetype begin = 0; begin < fraction.size(); begin += blockDigits, --block) {
        const QString padded = fraction.mid(begin, blockDigits).toString().leftJustified(blockDigits, u'0');
        m_blocks[block] += sign * padded.toLongLong();
    }
    m_decimals = qMax(m_decimals, int(fraction.size()));
    return true;
}

QString ExactSum::text() const
{
    // Each block between 0 and 999,999,999, the sign of the whole apart.
    std::map<int, qint64> blocks = m_blocks;
    const auto normalise = [&blocks] {
        qint64 carry = 0;
        const int low = blocks.empty() ? 0 : qMin(0, blocks.begin()->first);
        int high = blocks.empty() ? 0 : qMax(0, blocks.rbegin()->first);
        for (int at = low; at <= high; ++at) {
            qint64 value = blocks[at] + carry;
            carry = 0;
            if (at < high || (value >= blockBase)) {
                carry = value >= 0 ? value / blockBase : -((-value + blockBase - 1) / blockBase);
                value -= carry * blockBase;
            }
            blocks[at] = value;
            if (at == high && carry != 0) {
                ++high;
            }
        }
        return blocks.rbegin()->second < 0;
    };
    const bool isNegative = normalise();
    if (isNegative) {
        for (auto &[at, value] : blocks) {
            value = -value;
        }
        normalise();
    }
    QString whole;
    QString fraction;
    for (auto it = blocks.rbegin(); it != blocks.rend(); ++it) {
        const QString digits = QString::number(it->second);
        if (it->first >= 0) {
            whole += whole.isEmpty() ? digits : digits.rightJustified(blockDigits, u'0');
        } else {
            fraction += digits.rightJustified(blockDigits, u'0');
        }
    }
    while (whole.size() > 1 && whole.startsWith(u'0')) {
        whole.remove(0, 1);
    }
    const QLocale locale;
    constexpr int group = 3;
    for (qsizetype at = whole.size() - group; at > 0; at -= group) {
        whole.insert(at, locale.groupSeparator());
    }
    const QString decimals = fraction.left(m_decimals).leftJustified(m_decimals, u'0');
    return (isNegative ? QStringLiteral("-") : QString()) + whole +
           (m_decimals > 0 ? locale.decimalPoint() + decimals : QString());
}

SelectionFacts::SelectionFacts(GridView *grid, RowsModel *rows)
    : QObject(grid)
    , m_grid(grid)
    , m_rows(rows)
{
    constexpr int pause = 80;
    m_pause.setSingleShot(true);
    m_pause.setInterval(pause);
    connect(&m_pause, &QTimer::timeout, this, &SelectionFacts::count);
    connect(grid, &GridView::selectionChosen, &m_pause, qOverload<>(&QTimer::start));
    connect(rows, &RowsModel::changesChanged, &m_pause, qOverload<>(&QTimer::start));
}

void SelectionFacts::count()
{
    qint64 cells = 0;
    const QItemSelection chosen = m_grid->selectionModel()->selection();
    for (const QItemSelectionRange &part : chosen) {
        cells += part.isValid() ? qint64(part.height()) * part.width() : 0;
    }
    QString text;
    if (cells > 1) {
        text = tr("%1 cells").arg(countText(cells));
        const QString total = cells <= mostSummed ? sum() : QString();
        if (!total.isEmpty()) {
            text = tr("%1, sum %2").arg(text, total);
        }
    }
    if (text != m_text) {
        m_text = text;
        emit changed();
    }
}

/// Empty unless all of them are numbers that are here.
QString SelectionFacts::sum() const
{
    ExactSum sum;
    bool isAny = false;
    const QItemSelection chosen = m_grid->selectionModel()->selection();
    for (const QItemSelectionRange &part : chosen) {
        for (int column = part.left(); column <= part.right(); ++column) {
            if (!m_rows->columns().value(column).isNumeric) {
                return {};
            }
            for (int row = part.top(); row <= part.bottom(); ++row) {
                if (!m_rows->index(row, column).data(RowsModel::LoadedRole).toBool()) {
                    return {};
                }
                const CellValue value = m_rows->value(row, column);
                if (value && !sum.add(*value)) {
                    return {};
                }
                isAny = isAny || value;
            }
        }
    }
    return isAny ? sum.text() : QString();
}

} // namespace Roost

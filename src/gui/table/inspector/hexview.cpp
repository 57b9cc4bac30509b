#include "gui/table/inspector/hexview.h"

#include "gui/theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>

namespace Roost {

namespace {

constexpr int wide = 16;
constexpr int narrow = 8;
constexpr int smallest = 4;
constexpr int offsetDigits = 8;
constexpr int margin = 8;
constexpr qsizetype mostCopied = 64 * 1024;

int charactersFor(int perLine)
{
    return offsetDigits + 2 + perLine * 3 + 1 + perLine;
}

} // namespace

HexView::HexView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("hexView"));
    setAccessibleName(tr("Bytes"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    setFont(font);
}

void HexView::setBytes(const QByteArray &bytes)
{
    m_bytes = bytes;
    m_word.clear();
    verticalScrollBar()->setValue(0);
    arrange();
    setAccessibleDescription(line(0));
}

void HexView::setWord(const QString &word)
{
    setBytes({});
    m_word = word;
    setAccessibleDescription(word);
    viewport()->update();
}

int HexView::lineHeight() const
{
    return fontMetrics().height() + 3;
}

int HexView::lineCount() const
{
    return int((m_bytes.size() + m_perLine - 1) / m_perLine);
}

QString HexView::line(int number) const
{
    const qsizetype from = qsizetype(number) * m_perLine;
    const QByteArray part = m_bytes.mid(from, m_perLine);
    QString line = QStringLiteral("%1  ").arg(from, offsetDigits, 16, QLatin1Char('0'));
    for (int i = 0; i < m_perLine; ++i) {
        line += i < part.size() ? QStringLiteral("%1 ").arg(uchar(part[i]), 2, 16, QLatin1Char('0'))
                                : QStringLiteral("   ");
    }
    line += u' ';
    for (const char c : part) {
        line += c >= 0x20 && c < 0x7F ? QChar::fromLatin1(c) : QChar(u'·');
    }
    return line;
}

void HexView::arrange()
{
    const int advance = fontMetrics().horizontalAdvance(u'0');
    const int room = viewport()->width() - 2 * margin;
    m_perLine = charactersFor(wide) * advance <= room     ? wide
                : charactersFor(narrow) * advance <= room ? narrow
                                                          : smallest;
    const int visible = qMax(1, viewport()->height() / lineHeight());
    verticalScrollBar()->setRange(0, qMax(0, lineCount() - visible));
    verticalScrollBar()->setPageStep(visible);
    viewport()->update();
}

void HexView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    arrange();
}

void HexView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        arrange();
    }
}

void HexView::paintEvent(QPaintEvent *)
{
    const Colors &colors = Theme::instance().colors();
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), colors.base);
    painter.setFont(font());
    if (m_bytes.isEmpty()) {
        QFont italic = QWidget::font();
        italic.setItalic(true);
        painter.setFont(italic);
        painter.setPen(colors.subtle);
        painter.drawText(viewport()->rect(), Qt::AlignCenter, m_word.isEmpty() ? tr("no bytes") : m_word);
        return;
    }
    const int first = verticalScrollBar()->value();
    const int height = lineHeight();
    const int advance = painter.fontMetrics().horizontalAdvance(u'0');
    const int offsetWidth = (offsetDigits + 2) * advance;
    for (int i = 0; i * height < viewport()->height() && first + i < lineCount(); ++i) {
        const QString text = line(first + i);
        const int baseline = i * height + fontMetrics().ascent() + margin / 2;
        painter.setPen(colors.subtle);
        painter.drawText(margin, baseline, text.left(offsetDigits));
        painter.setPen(colors.text);
        painter.drawText(margin + offsetWidth, baseline, text.mid(offsetDigits + 2, qsizetype(m_perLine) * 3));
        painter.setPen(colors.subtle);
        painter.drawText(margin + offsetWidth + (m_perLine * 3 + 1) * advance, baseline,
                         text.mid(offsetDigits + 3 + qsizetype(m_perLine) * 3));
    }
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy(true);
        return;
    }
    QScrollBar *bar = verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_Home:
        bar->setValue(0);
        break;
    case Qt::Key_End:
        bar->setValue(bar->maximum());
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        break;
    }
}

void HexView::copy(bool asHex) const
{
    const QByteArray part = m_bytes.left(mostCopied);
    if (asHex) {
        QGuiApplication::clipboard()->setText(QStringLiteral("\\x") + QString::fromLatin1(part.toHex()));
        return;
    }
    QStringList lines;
    for (int i = 0; i < lineCount() && qsizetype(i) * m_perLine < mostCopied; ++i) {
        lines += line(i);
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

void HexView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_bytes.isEmpty()) {
        return;
    }
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool all = m_bytes.size() <= mostCopied;
    menu->addAction(all ? tr("Copy as \\x…") : tr("Copy the First 64 kB as \\x…"), this, [this] { copy(true); });
    menu->addAction(all ? tr("Copy as Shown") : tr("Copy the First 64 kB as Shown"), this, [this] { copy(false); });
    menu->popup(event->globalPos());
}

} // namespace Roost

#include "gui/table/inspector/textpage.h"

#include "gui/table/editors/exacttextedit.h"
#include "gui/table/inspector/jsontext.h"
#include "gui/table/inspector/valuefacts.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

QToolButton *barButton(const char *name, const QString &text, const QString &tip, bool isCheckable, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(QString::fromLatin1(name));
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setCheckable(isCheckable);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

TextPage::TextPage(QWidget *parent)
    : QWidget(parent)
    , m_edit(new ExactTextEdit(this))
    , m_wrap(barButton("inspectorWrap", tr("Wrap"), tr("Break long lines at the edge"), true, this))
    , m_monospace(barButton("inspectorMonospace", tr("Mono"), tr("Fixed-width font"), true, this))
    , m_format(barButton("inspectorFormat", tr("Format"), tr("Write a value a line; numbers and keys stay as they are"),
                         false, this))
    , m_size(roleLabel(QString(), "small", this))
    , m_sizePause(new QTimer(this))
{
    m_edit->setObjectName(QStringLiteral("inspectorText"));
    m_edit->setAccessibleName(tr("Value"));
    m_wrap->setChecked(true);
    m_format->hide();
    m_size->setObjectName(QStringLiteral("inspectorSize"));
    m_size->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(Spacing::unit / 4);
    bar->addWidget(m_wrap);
    bar->addWidget(m_monospace);
    bar->addWidget(m_format);
    bar->addStretch();
    bar->addWidget(m_size);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit / 2);
    layout->addWidget(m_edit);
    layout->addLayout(bar);
    constexpr int sizePauseMs = 150;
    m_sizePause->setSingleShot(true);
    m_sizePause->setInterval(sizePauseMs);
    connect(m_sizePause, &QTimer::timeout, this, &TextPage::showSize);
    connect(m_wrap, &QToolButton::toggled, this, [this](bool wraps) {
        m_edit->setLineWrapMode(wraps ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
    });
    connect(m_monospace, &QToolButton::toggled, this, &TextPage::setMonospace);
    connect(m_format, &QToolButton::clicked, this, &TextPage::format);
    connect(m_edit, &ExactTextEdit::pastedTooMuch, this, &TextPage::pastedTooMuch);
    connect(m_edit, &ExactTextEdit::editedByUser, this, [this] {
        showNull(false);
        m_sizePause->start();
        emit edited();
    });
}

void TextPage::setJson(bool isJson)
{
    if (m_isJson != isJson) {
        m_isJson = isJson;
        m_monospace->setChecked(isJson);
    }
    m_format->setVisible(isJson && m_isEditable);
}

void TextPage::setEditable(bool isEditable)
{
    m_isEditable = isEditable;
    m_edit->setReadOnly(!isEditable || m_isPartial);
    m_format->setVisible(m_isJson && isEditable);
}

void TextPage::setMonospace(bool isMonospace)
{
    QFont font = isMonospace ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : QFont(this->font());
    font.setPointSizeF(this->font().pointSizeF());
    font.setItalic(m_isNull);
    m_edit->setFont(font);
}

void TextPage::setValue(const CellValue &value)
{
    m_value = value;
    const QString &text = value ? *value : QString();
    m_isPartial = text.size() > ExactTextEdit::mostEditable;
    m_edit->setExact(m_isPartial ? text.left(shownOfLong) : text);
    m_edit->setReadOnly(!m_isEditable || m_isPartial);
    showNull(!value);
    showSize();
}

CellValue TextPage::value() const
{
    if (m_isPartial) {
        return m_value;
    }
    return m_isNull ? CellValue() : CellValue(m_edit->exact());
}

void TextPage::setNull()
{
    m_isPartial = false;
    m_edit->setExact(QString());
    m_edit->setReadOnly(!m_isEditable);
    showNull(true);
    showSize();
    emit edited();
}

void TextPage::showNull(bool isNull)
{
    m_isNull = isNull;
    QFont font = m_edit->font();
    if (font.italic() != isNull) {
        font.setItalic(isNull);
        m_edit->setFont(font);
    }
    m_edit->viewport()->setFont(font); // in which the place holder is drawn
    m_edit->setPlaceholderText(isNull ? QStringLiteral("NULL") : tr("empty"));
}

void TextPage::showSize()
{
    m_size->setText(m_isNull ? QString()
                    : m_isPartial
                        ? tr("the first %1 of %2 characters").arg(countText(shownOfLong), countText(m_value->size()))
                        : textSize(m_edit->exact()));
}

void TextPage::goTo(qsizetype place)
{
    m_edit->goTo(place);
    m_edit->setFocus();
}

void TextPage::format()
{
    const QString text = m_edit->exact();
    if (!m_isNull && !m_edit->isReadOnly() && !jsonProblem(text, false)) {
        m_edit->replaceAll(prettyJson(text));
        m_edit->moveCursor(QTextCursor::Start);
    }
}

} // namespace Roost

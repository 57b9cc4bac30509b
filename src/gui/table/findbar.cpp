#include "gui/table/findbar.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>

namespace Roost {

FindBar::FindBar(QWidget *parent)
    : QFrame(parent)
    , m_line(new QLineEdit)
    , m_previous(new QToolButton)
    , m_next(new QToolButton)
    , m_whole(new QPushButton(tr("Search whole table")))
    , m_result(subtleLabel({}))
{
    constexpr int lineWidth = 260;
    setObjectName(QStringLiteral("findBar"));
    setAccessibleName(tr("Find"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Spacing::card - 4, Spacing::unit / 2, Spacing::card - 4, Spacing::unit / 2);
    layout->setSpacing(Spacing::unit / 2);
    m_line->setObjectName(QStringLiteral("findText"));
    m_line->setAccessibleName(tr("Text to find"));
    m_line->setPlaceholderText(tr("Find in the rows"));
    m_line->setClearButtonEnabled(true);
    m_line->setMinimumWidth(lineWidth);
    m_line->addAction(Theme::icon(QStringLiteral("edit-find")), QLineEdit::LeadingPosition);
    const auto button = [&](QToolButton *tool, const char *name, const char *icon, const QString &hint) {
        tool->setObjectName(QLatin1String(name));
        tool->setIcon(Theme::icon(QLatin1String(icon)));
        tool->setAccessibleName(hint);
        tool->setToolTip(hint);
    };
    button(m_previous, "findPrevious", "go-up", tr("Previous match (Shift+F3)"));
    button(m_next, "findNext", "go-down", tr("Next match (F3)"));
    auto *end = new QToolButton;
    button(end, "closeFind", "window-close", tr("Close (Esc)"));
    m_whole->setObjectName(QStringLiteral("findWholeTable"));
    m_whole->setToolTip(tr("Lets the server look at every row, also those that are not loaded"));
    m_result->setObjectName(QStringLiteral("findResult"));
    m_result->setTextFormat(Qt::PlainText);
    layout->addWidget(m_line);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    layout->addWidget(m_whole);
    layout->addSpacing(Spacing::unit);
    layout->addWidget(m_result, 1);
    layout->addWidget(end);
    connect(m_line, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_result->clear();
        Theme::restyle(m_result);
        emit textChanged(text);
        if (!text.isEmpty()) {
            emit findRequested(text, false, false);
        }
    });
    connect(m_previous, &QToolButton::clicked, this, [this] { findNext(true); });
    connect(m_next, &QToolButton::clicked, this, [this] { findNext(false); });
    connect(m_whole, &QPushButton::clicked, this, [this] {
        if (m_isSearching) {
            emit stopRequested();
        } else if (!text().isEmpty()) {
            emit findRequested(text(), false, true);
        }
    });
    connect(end, &QToolButton::clicked, this, &FindBar::close);
    hide();
}

QString FindBar::text() const
{
    return m_line->text();
}

void FindBar::setText(const QString &text)
{
    m_line->setText(text);
}

void FindBar::open()
{
    show();
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
    if (!text().isEmpty()) {
        emit textChanged(text());
    }
}

void FindBar::close()
{
    if (isHidden()) {
        return;
    }
    hide();
    emit textChanged({});
    emit closed();
}

void FindBar::findNext(bool backward)
{
    if (!text().isEmpty()) {
        emit findRequested(text(), backward, false);
    }
}

void FindBar::showResult(const QString &result, bool isFound)
{
    m_result->setText(result);
    m_result->setProperty("role", isFound ? QStringLiteral("subtle") : QStringLiteral("warning"));
    Theme::restyle(m_result);
}

void FindBar::setSearching(bool isSearching)
{
    m_isSearching = isSearching;
    m_whole->setText(isSearching ? tr("Stop searching") : tr("Search whole table"));
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) {
        close();
    } else if (isEnter || event->key() == Qt::Key_F3) {
        findNext(event->modifiers().testFlag(Qt::ShiftModifier));
    } else {
        QFrame::keyPressEvent(event);
    }
}

} // namespace Roost

#include "gui/migration/migrationpane.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int scrollBarRoom = 14;

} // namespace

MigrationPane::MigrationPane(const QString &heading, QWidget *parent)
    : QWidget(parent)
    , m_heading(headingLabel(heading))
    , m_column(nullptr)
    , m_body(new QVBoxLayout)
    , m_fixed(new QVBoxLayout)
    , m_footer(paragraph({}))
    , m_buttons(new QHBoxLayout)
    , m_scroll(new QScrollArea)
{
    m_heading->setObjectName(QStringLiteral("migrationHeading"));
    m_heading->setWordWrap(true);
    auto *inner = new QWidget;
    inner->setProperty("page", true);
    m_column = new QVBoxLayout(inner);
    m_column->setContentsMargins(0, 0, scrollBarRoom, Spacing::unit);
    m_column->setSpacing(Spacing::card);
    m_body->setSpacing(Spacing::card - 4);
    m_column->addLayout(m_body);
    m_column->addStretch(1);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(inner);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    // As wide with a scroll bar as without one, so that it ends where the buttons do.
    connect(m_scroll->verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int end) {
        const int bar = end > 0 ? m_scroll->verticalScrollBar()->sizeHint().width() : 0;
        m_column->setContentsMargins(0, 0, qMax(0, scrollBarRoom - bar), Spacing::unit);
    });
    m_fixed->setSpacing(Spacing::unit);
    m_fixed->setContentsMargins(0, 0, scrollBarRoom, 0);
    m_footer->setObjectName(QStringLiteral("migrationFooter"));
    m_footer->setAlignment(Qt::AlignRight);
    m_footer->setContentsMargins(0, 0, scrollBarRoom, 0);
    m_footer->hide();
    m_buttons->setSpacing(Spacing::unit);
    m_buttons->setContentsMargins(0, 0, scrollBarRoom, 0);
    m_buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::card - 4);
    layout->addWidget(m_heading);
    layout->addWidget(m_scroll, 1);
    layout->addLayout(m_fixed);
    layout->addWidget(m_footer);
    layout->addLayout(m_buttons);
}

void MigrationPane::setHeading(const QString &heading)
{
    m_heading->setText(heading);
    setAccessibleName(heading);
}

void MigrationPane::setFooter(const QString &text, const char *role)
{
    m_footer->setProperty("role", QString::fromLatin1(role));
    Theme::restyle(m_footer);
    m_footer->setText(text);
    m_footer->setVisible(!text.isEmpty());
}

QString MigrationPane::heading() const
{
    return m_heading->text();
}

QPushButton *MigrationPane::addButton(const char *name, const QString &text, bool isRight, const char *kind)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setAutoDefault(false);
    if (kind) {
        button->setProperty("kind", QString::fromLatin1(kind));
    }
    if (isRight) {
        m_buttons->addWidget(button);
        return button;
    }
    int stretch = 0;
    while (stretch < m_buttons->count() && m_buttons->itemAt(stretch)->widget()) {
        ++stretch;
    }
    m_buttons->insertWidget(stretch, button);
    return button;
}

void MigrationPane::addFixed(QWidget *widget)
{
    m_fixed->addWidget(widget);
}

void MigrationPane::fillWithBody()
{
    constexpr int all = 100; // against the stretch below it
    m_column->setStretchFactor(m_body, all);
}

void MigrationPane::scrollToTop()
{
    m_scroll->verticalScrollBar()->setValue(0);
}

} // namespace Roost

#include "gui/widgets/emptystate.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

EmptyState::EmptyState(const QString &iconName, const QString &title, const QString &text, QWidget *parent)
    : QWidget(parent)
    , m_title(headingLabel(title))
    , m_text(paragraph(text))
    , m_buttons(new QVBoxLayout)
{
    constexpr int widest = 420;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::card, Spacing::card, Spacing::card, Spacing::card);
    layout->setSpacing(Spacing::unit);
    layout->addStretch(2);
    if (!iconName.isEmpty()) {
        auto *icon = new QLabel;
        constexpr int size = 40;
        const auto draw = [icon, iconName] { icon->setPixmap(Theme::icon(iconName).pixmap(QSize(size, size))); };
        draw();
        connect(&Theme::instance(), &Theme::changed, icon, draw);
        icon->setAlignment(Qt::AlignCenter);
        layout->addWidget(icon);
    }
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    layout->addWidget(m_title);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setProperty("role", QStringLiteral("subtle"));
    m_text->setMaximumWidth(widest);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(m_text, 100);
    row->addStretch();
    layout->addLayout(row);
    layout->addSpacing(Spacing::unit);
    m_buttons->setSpacing(Spacing::unit);
    layout->addLayout(m_buttons);
    layout->addStretch(3);
}

void EmptyState::setText(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_text->setText(text);
}

QPushButton *EmptyState::addButton(const QString &objectName, const QString &text, bool isPrimary)
{
    auto *button = new QPushButton(text);
    button->setObjectName(objectName);
    if (isPrimary) {
        button->setProperty("kind", QStringLiteral("primary"));
    }
    m_buttons->addWidget(button, 0, Qt::AlignHCenter);
    return button;
}

} // namespace Roost

#include "gui/dialogs/fold.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace Roost {

Fold::Fold(QWidget *parent)
    : QWidget(parent)
    , m_header(new QToolButton(this))
    , m_layout(new QVBoxLayout(this))
{
    m_header->setObjectName(QStringLiteral("foldHeader"));
    m_header->setProperty("kind", QStringLiteral("fold"));
    m_header->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_header->setAutoRaise(true);
    m_header->setCheckable(true);
    m_header->setArrowType(Qt::RightArrow);
    m_header->setFocusPolicy(Qt::StrongFocus);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_header, 0, Qt::AlignLeft);
    connect(m_header, &QToolButton::toggled, this, [this](bool open) {
        m_header->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        if (m_content) {
            m_content->setVisible(open);
        }
        emit toggled(open);
    });
}

void Fold::setTitle(const QString &title)
{
    m_header->setText(title);
    m_header->setAccessibleName(QString(title).remove(u'&'));
}

QString Fold::title() const
{
    return m_header->text();
}

void Fold::setContent(QWidget *content)
{
    delete m_content;
    m_content = content;
    m_layout->addWidget(content);
    content->setVisible(isOpen());
}

bool Fold::isOpen() const
{
    return m_header->isChecked();
}

void Fold::setOpen(bool open)
{
    m_header->setChecked(open);
}

} // namespace Roost

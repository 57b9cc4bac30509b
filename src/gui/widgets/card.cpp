#include "gui/widgets/card.h"

#include "gui/theme/theme.h"

#include <QLabel>
#include <QVBoxLayout>

namespace Roost {

Card::Card(QWidget *parent)
    : QFrame(parent)
    , m_body(new QVBoxLayout(this))
{
    setProperty("card", true);
    m_body->setContentsMargins(Spacing::card, Spacing::card - 4, Spacing::card, Spacing::card - 4);
    m_body->setSpacing(Spacing::unit / 2);
}

QLabel *roleLabel(const QString &text, const char *role, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setProperty("role", QString::fromLatin1(role));
    return label;
}

QLabel *titleLabel(const QString &text, QWidget *parent)
{
    return roleLabel(text, "title", parent);
}

QLabel *headingLabel(const QString &text, QWidget *parent)
{
    return roleLabel(text, "heading", parent);
}

QLabel *subtleLabel(const QString &text, QWidget *parent)
{
    return roleLabel(text, "subtle", parent);
}

QLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setWordWrap(true);
    return label;
}

QFrame *hairline(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("line", true);
    line->setFixedHeight(1);
    return line;
}

} // namespace Roost

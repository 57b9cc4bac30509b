#include "gui/dialogs/typedname.h"

#include "gui/theme/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace Roost {

TypedName::TypedName(QWidget *parent)
    : QWidget(parent)
    , m_label(new QLabel(this))
    , m_field(new QLineEdit(this))
{
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_label->setBuddy(m_field);
    QFont bold = m_label->font();
    bold.setBold(true);
    m_label->setFont(bold);
    m_field->setObjectName(QStringLiteral("typedName"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_label);
    layout->addWidget(m_field);
    setFocusProxy(m_field);
    connect(m_field, &QLineEdit::textChanged, this, [this] { emit changed(matches()); });
}

void TypedName::setExpected(const QString &name, const QString &purpose)
{
    m_expected = name;
    // A name is somebody's text: its ampersands are no mnemonics.
    QString shown = name;
    shown.replace(u'&', QStringLiteral("&&"));
    m_label->setText(tr("Type  %1  %2").arg(shown, purpose));
    m_field->setAccessibleName(tr("Type %1 %2").arg(name, purpose));
    m_field->clear();
    emit changed(matches());
}

bool TypedName::matches() const
{
    return !m_expected.isEmpty() && m_field->text() == m_expected;
}

} // namespace Roost

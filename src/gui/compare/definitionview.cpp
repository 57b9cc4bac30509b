#include "gui/compare/definitionview.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/sqlhighlighter.h"
#include "postgres/manifestcompare.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace Roost {

DefinitionView::DefinitionView(QWidget *parent)
    : QWidget(parent)
    , m_title(headingLabel({}))
    , m_words(roleLabel({}, "subtle"))
    , m_sides(new QWidget)
    , m_firstName(roleLabel({}, "small"))
    , m_secondName(roleLabel({}, "small"))
    , m_first(new QPlainTextEdit)
    , m_second(new QPlainTextEdit)
{
    setObjectName(QStringLiteral("definitionView"));
    m_title->setObjectName(QStringLiteral("definitionTitle"));
    m_title->setWordWrap(true);
    m_words->setObjectName(QStringLiteral("definitionWords"));
    m_words->setWordWrap(true);
    auto *across = new QHBoxLayout(m_sides);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(Spacing::card);
    across->addWidget(buildSide(m_firstName, m_first, "firstDefinition"));
    across->addWidget(buildSide(m_secondName, m_second, "secondDefinition"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::card, Spacing::card, Spacing::card, Spacing::card);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_title);
    layout->addWidget(m_words);
    layout->addWidget(m_sides, 1);
    layout->addStretch();
}

QWidget *DefinitionView::buildSide(QLabel *name, QPlainTextEdit *text, const char *objectName)
{
    text->setObjectName(QLatin1String(objectName));
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setProperty("role", QStringLiteral("mono"));
    name->setBuddy(text);
    new SqlHighlighter(text->document());
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Spacing::unit / 2);
    column->addWidget(name);
    column->addWidget(text, 1);
    return side;
}

void DefinitionView::setSides(const QString &first, const QString &second)
{
    m_firstName->setText(first);
    m_secondName->setText(second);
    m_first->setAccessibleName(tr("As it is in %1").arg(first));
    m_second->setAccessibleName(tr("As it is in %1").arg(second));
}

void DefinitionView::show(const ManifestDifference &difference)
{
    m_title->setText(difference.what);
    m_words->setText(difference.text);
    const QString none = tr("not there");
    const bool isWritten = !difference.before.isEmpty() || !difference.after.isEmpty();
    m_first->setPlaceholderText(none);
    m_second->setPlaceholderText(none);
    m_first->setPlainText(difference.before);
    m_second->setPlainText(difference.after);
    m_sides->setVisible(isWritten);
}

} // namespace Roost

#include "gui/table/inspector/factlist.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"

#include <QGridLayout>
#include <QLabel>

namespace Roost {

FactList::FactList(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    setObjectName(QStringLiteral("inspectorFacts"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(Spacing::unit + Spacing::unit / 2);
    m_grid->setVerticalSpacing(Spacing::unit / 4);
    m_grid->setColumnStretch(1, 1);
}

void FactList::setFacts(const Facts &facts)
{
    if (facts == m_facts) {
        return;
    }
    m_facts = facts;
    while (m_labels.size() < facts.size()) {
        QLabel *name = roleLabel(QString(), "small", this);
        QLabel *value = roleLabel(QString(), "", this);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        const auto row = int(m_labels.size());
        m_grid->addWidget(name, row, 0, Qt::AlignTop | Qt::AlignLeft);
        m_grid->addWidget(value, row, 1, Qt::AlignTop);
        m_labels.append(qMakePair(name, value));
    }
    for (qsizetype i = 0; i < m_labels.size(); ++i) {
        const bool isUsed = i < facts.size();
        m_labels[i].first->setVisible(isUsed);
        m_labels[i].second->setVisible(isUsed);
        if (isUsed) {
            m_labels[i].first->setText(facts[i].first);
            m_labels[i].second->setText(facts[i].second);
            m_labels[i].second->setAccessibleName(facts[i].first + QStringLiteral(": ") + facts[i].second);
        }
    }
}

} // namespace Roost

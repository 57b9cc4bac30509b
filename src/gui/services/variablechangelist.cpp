#include "gui/services/variablechangelist.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/elidedlabel.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace Roost {

namespace {

ElidedLabel *valueLabel(const QString &text, const QString &name)
{
    auto *label = new ElidedLabel(text);
    label->setObjectName(name);
    label->setProperty("role", QStringLiteral("mono"));
    return label;
}

} // namespace

VariableChangeList::VariableChangeList(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("variableChanges"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Spacing::unit);
}

QWidget *VariableChangeList::rowFor(int index, const VariableChange &change)
{
    auto *card = new Card;
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(Spacing::card);
    grid->setVerticalSpacing(Spacing::unit / 2);
    grid->setColumnStretch(1, 1);
    QString key = change.key;
    auto *check = new QCheckBox(key.replace(u'&', QStringLiteral("&&")));
    check->setObjectName(QStringLiteral("change-") + change.key);
    check->setChecked(change.isWanted);
    m_checks += check;
    connect(check, &QCheckBox::toggled, this, [this, index](bool isOn) {
        m_plan.changes[index].isWanted = isOn;
        emit changed();
    });
    const QString holder = !change.holder.isGroup ? tr("Variable of %1").arg(change.holder.name)
                           : change.sharedBy.size() > 1
                               ? tr("Environment group %1, shared by %2")
                                     .arg(change.holder.name, change.sharedBy.join(QStringLiteral(", ")))
                               : tr("Environment group %1").arg(change.holder.name);
    auto *who = roleLabel(holder, change.sharedBy.size() > 1 ? "warning" : "small");
    who->setWordWrap(true);
    grid->addWidget(check, 0, 0, 1, 2);
    grid->addWidget(who, 1, 0, 1, 2);
    grid->addWidget(subtleLabel(tr("Now")), 2, 0);
    grid->addWidget(valueLabel(change.oldValue ? change.oldShown : tr("not set"), QStringLiteral("old-") + change.key),
                    2, 1);
    grid->addWidget(subtleLabel(tr("Then")), 3, 0);
    grid->addWidget(valueLabel(change.newValue ? change.newShown : tr("not set"), QStringLiteral("new-") + change.key),
                    3, 1);
    int row = 4;
    for (const QString &notice : change.notices) {
        auto *label = roleLabel(notice, "small");
        label->setWordWrap(true);
        grid->addWidget(label, row++, 0, 1, 2);
    }
    if (change.holder.isGroup && !change.why.isEmpty()) {
        auto *label = roleLabel(change.why, "small");
        label->setWordWrap(true);
        grid->addWidget(label, row, 0, 1, 2);
    }
    card->body()->addLayout(grid);
    return card;
}

void VariableChangeList::setPlan(const VariablePlan &plan)
{
    m_plan = plan;
    m_checks.clear();
    while (QLayoutItem *item = m_column->takeAt(0)) {
        if (QWidget *old = item->widget()) {
            old->hide();
            old->deleteLater();
        }
        delete item;
    }
    for (int i = 0; i < plan.changes.size(); ++i) {
        m_column->addWidget(rowFor(i, plan.changes[i]));
    }
    emit changed();
}

VariablePlan VariableChangeList::plan() const
{
    return m_plan;
}

bool VariableChangeList::hasWanted() const
{
    return std::any_of(m_plan.changes.begin(), m_plan.changes.end(),
                       [](const VariableChange &change) { return change.isWanted; });
}

} // namespace Roost

#include "gui/table/stagedbar.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace Roost {

StagedBar::StagedBar(QWidget *parent)
    : QFrame(parent)
    , m_text(new QLabel)
    , m_discard(new QPushButton(tr("Discard")))
    , m_sql(new QPushButton(tr("Show SQL")))
    , m_apply(new QPushButton)
{
    setObjectName(QStringLiteral("stagedBar"));
    m_text->setObjectName(QStringLiteral("stagedText"));
    m_text->setTextFormat(Qt::PlainText);
    m_discard->setObjectName(QStringLiteral("discardChanges"));
    m_discard->setToolTip(tr("Forget these changes"));
    m_sql->setObjectName(QStringLiteral("showSql"));
    m_sql->setToolTip(tr("What will run (Ctrl+Shift+S)"));
    m_apply->setObjectName(QStringLiteral("applyChanges"));
    m_apply->setProperty("kind", QStringLiteral("primary"));
    m_apply->setToolTip(tr("All of it in one transaction, or nothing (Ctrl+S)"));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(Spacing::card - 4, Spacing::unit, Spacing::card - 4, Spacing::unit);
    row->setSpacing(Spacing::unit);
    row->addWidget(m_text, 1);
    row->addWidget(m_discard);
    row->addWidget(m_sql);
    row->addWidget(m_apply);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(hairline());
    layout->addLayout(row);
    connect(m_discard, &QPushButton::clicked, this, &StagedBar::discardWanted);
    connect(m_sql, &QPushButton::clicked, this, &StagedBar::sqlWanted);
    connect(m_apply, &QPushButton::clicked, this, &StagedBar::applyWanted);
    hide();
}

void StagedBar::show(const ChangeSet::Counts &counts, bool isApplying)
{
    m_text->setText(tr("%1, not yet in the database").arg(stagedText(counts)));
    m_apply->setText(isApplying ? tr("Applying…") : tr("Apply %1").arg(changesText(counts.total())));
    for (QPushButton *button : {m_discard, m_sql, m_apply}) {
        button->setEnabled(!isApplying);
    }
    setVisible(counts.total() > 0);
}

QString stagedText(const ChangeSet::Counts &counts)
{
    QStringList parts;
    if (counts.changed > 0) {
        parts += StagedBar::tr("%1 changed").arg(countText(counts.changed));
    }
    if (counts.added > 0) {
        parts += StagedBar::tr("%1 new").arg(countText(counts.added));
    }
    if (counts.removed > 0) {
        parts += StagedBar::tr("%1 deleted").arg(countText(counts.removed));
    }
    return parts.join(QStringLiteral(" · "));
}

QString changesText(int count)
{
    return count == 1 ? StagedBar::tr("1 change") : StagedBar::tr("%1 changes").arg(countText(count));
}

} // namespace Roost

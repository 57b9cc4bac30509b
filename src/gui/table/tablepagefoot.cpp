// The part of RowsPane that says how many rows there are, and what is to be known of them.
#include "gui/dialogs/notice.h"
#include "gui/table/selectionfacts.h"
#include "gui/table/stagedbar.h"
#include "gui/table/tablepagerows.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace Roost {

void RowsPane::buildFoot(QBoxLayout *column)
{
    auto *foot = new QHBoxLayout(m_foot);
    foot->setContentsMargins(Spacing::card - 4, Spacing::unit / 2, Spacing::card - 4, Spacing::unit / 2);
    foot->setSpacing(Spacing::unit);
    m_note->setObjectName(QStringLiteral("tableNote"));
    m_count->setObjectName(QStringLiteral("rowCount"));
    m_countExactly->setObjectName(QStringLiteral("countExactly"));
    m_countExactly->setProperty("kind", QStringLiteral("link"));
    m_countExactly->setToolTip(tr("Reads the whole table once; the estimate is the server's own"));
    m_countExactly->hide();
    m_why->setObjectName(QStringLiteral("whyReadOnly"));
    m_why->setProperty("kind", QStringLiteral("link"));
    m_why->hide();
    connect(m_why, &QPushButton::clicked, this,
            [this] { m_parts.tell(Tone::Neutral, tr("Nothing can be edited here."), m_parts.rows->readOnlyReason()); });
    foot->addWidget(m_note);
    foot->addWidget(m_why);
    foot->addStretch(1);
    foot->addWidget(m_count);
    foot->addWidget(m_countExactly);
    m_foot->setObjectName(QStringLiteral("tableFoot"));
    column->addWidget(hairline());
    column->addWidget(m_foot);
    connect(m_countExactly, &QPushButton::clicked, this, [this] { run(TableVerb::CountExactly); });
}

QString RowsPane::countsText() const
{
    const RowsModel::Count count = m_parts.rows->count();
    if (count.rows < 0) {
        return m_parts.rows->isFirstPageHere() ? tr("rows not counted") : QString();
    }
    const QString number = count.isExact ? countText(count.rows) : estimateText(count.rows);
    return count.isExact && count.rows == 1 ? tr("1 row") : tr("%1 rows").arg(number);
}

QString RowsPane::statusText() const
{
    QStringList facts;
    if (const QString counts = countsText(); !counts.isEmpty()) {
        facts += counts;
    }
    if (!m_facts->text().isEmpty()) {
        facts += m_facts->text();
    }
    if (const int staged = m_parts.rows->changes().counts().total(); staged > 0) {
        facts += tr("%1 not applied").arg(changesText(staged));
    }
    return facts.join(QStringLiteral("  ·  "));
}

/// What is to be known of these rows: why they cannot be edited, how they are found, how many there are.
void RowsPane::updateFoot()
{
    RowsModel *rows = m_parts.rows;
    QStringList notes;
    const bool isReadOnly = !rows->readOnlyReason().isEmpty();
    if (isReadOnly) {
        notes += tr("Nothing can be edited here.");
    }
    if (rows->isFirstPageHere() && rows->paging() != Paging::ByKey && m_parts.relation.kind != RelationKind::View) {
        notes += rows->paging() == Paging::ByPlace
                     ? tr("No key: rows stand in the order in which they lie in the file.")
                     : tr("No key: rows are found by counting, so far down takes longer.");
    }
    m_note->setText(notes.join(QStringLiteral("  ")));
    m_why->setVisible(isReadOnly);
    if (rows->state() == RowsModel::State::Loading && !rows->isFirstPageHere()) {
        m_count->setText(tr("Loading…"));
    } else if (rows->isCounting()) {
        m_count->setText(tr("Counting…"));
    } else {
        m_count->setText(countsText());
    }
    m_countExactly->setText(rows->isCounting() ? tr("Stop counting") : tr("Count exactly"));
    m_countExactly->setVisible(rows->isFirstPageHere() && !rows->count().isExact);
    // The status bar has the number of rows; the line is there for what can be done about it, and for notes.
    m_foot->setVisible(!notes.isEmpty() || rows->isCounting() || !m_countExactly->isHidden());
    emit statusChanged();
}

} // namespace Roost

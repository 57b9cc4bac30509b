#include "gui/table/tablepagefilter.h"

#include "gui/dialogs/notice.h"
#include "gui/table/filterrow.h"
#include "gui/table/gridview.h"
#include "gui/table/tablepagewhere.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/rowsmodel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace Roost {

namespace {

constexpr qsizetype longestShown = 60;

/// "species_id = 3"
QString chipText(const FilterCondition &condition)
{
    const QString value = conditionText(condition).simplified();
    const QString shown = value.size() > longestShown ? value.left(longestShown) + QChar(0x2026) : value;
    return QStringLiteral("%1 %2").arg(condition.column, shown);
}

} // namespace

TableFilter::TableFilter(const TableParts &parts, WhereBox *where, QLabel *problem, QWidget *chips)
    : QObject(parts.page)
    , m_parts(parts)
    , m_where(where)
    , m_problem(problem)
    , m_chips(chips)
    , m_chipRow(new QHBoxLayout(chips))
{
    m_chipRow->setContentsMargins(Spacing::card - 4, 0, Spacing::card - 4, Spacing::unit);
    m_chipRow->setSpacing(Spacing::unit);
    chips->hide();
    problem->hide();
    connect(where, &WhereBox::wanted, this, &TableFilter::apply);
    connect(where, &WhereBox::left, this, [this] { m_parts.grid->setFocus(Qt::OtherFocusReason); });
    connect(where, &WhereBox::problemChanged, this, [this](const QString &text) {
        m_problem->setText(text);
        m_problem->setVisible(!text.isEmpty());
    });
    connect(parts.grid->filterRow(), &FilterRow::conditionsChanged, this, &TableFilter::apply);
    connect(parts.rows, &RowsModel::filterChanged, this, &TableFilter::follow);
}

RowFilter TableFilter::composed() const
{
    return {m_link.filter.conditions + m_parts.grid->filterRow()->conditions(), m_where->applied()};
}

bool TableFilter::isActive() const
{
    return !composed().isEmpty();
}

void TableFilter::apply()
{
    const RowFilter wanted = composed();
    if (wanted == m_parts.rows->filter()) {
        m_parts.rows->refresh(); // asked for again: it may have failed, or been stopped
    } else {
        m_isApplying = true;
        m_parts.rows->setFilter(wanted);
        m_isApplying = false;
    }
    updateChips();
    emit changed();
}

/// The rows went back to an earlier filter: a new one was given up.
void TableFilter::follow()
{
    if (m_isApplying) {
        return;
    }
    const RowFilter &now = m_parts.rows->filter();
    QList<FilterCondition> rest = now.conditions;
    const qsizetype count = m_link.filter.conditions.size();
    if (count > 0 && rest.mid(0, count) == m_link.filter.conditions) {
        rest = rest.mid(count);
    } else {
        m_link = {};
    }
    m_parts.grid->filterRow()->setConditions(rest);
    if (now.where != m_where->applied()) {
        const QString typed = m_where->text();
        m_where->setApplied(now.where);
        m_where->setText(typed.isEmpty() ? now.where : typed); // what was typed stays, to be tried again
    }
    updateChips();
    emit changed();
}

void TableFilter::showLink(const TableLink &link)
{
    m_link = link;
    m_parts.grid->filterRow()->setConditions({});
    m_where->setApplied(link.filter.where);
    apply();
}

void TableFilter::filterBy(const QModelIndex &cell, bool isExcluded)
{
    using Operator = FilterCondition::Operator;
    if (!cell.isValid() || cell.data(RowsModel::ShortenedRole).toBool()) {
        return;
    }
    const CellValue value = m_parts.rows->value(cell.row(), cell.column());
    FilterCondition wanted{m_parts.rows->columns()[cell.column()].name,
                           value ? (isExcluded ? Operator::NotEqual : Operator::Equal)
                                 : (isExcluded ? Operator::IsNotNull : Operator::IsNull),
                           value ? QStringList{*value} : QStringList()};
    QList<FilterCondition> conditions = m_parts.grid->filterRow()->conditions();
    conditions.removeIf([&wanted](const FilterCondition &one) { return one.column == wanted.column; });
    conditions += wanted;
    m_parts.grid->filterRow()->setConditions(conditions);
    showFilterRow(true);
    apply();
}

void TableFilter::clear()
{
    m_link = {};
    m_parts.grid->filterRow()->setConditions({});
    m_where->setApplied({});
    apply();
}

void TableFilter::showFilterRow(bool isShown)
{
    m_parts.grid->setFilterRowVisible(isShown);
    emit changed();
}

bool TableFilter::blames(const Error &error)
{
    const RowFilter &filter = m_parts.rows->filter();
    if (filter.where.isEmpty() || error.code != ErrorCode::ServerRefused || filter.where != m_where->applied()) {
        return false;
    }
    m_where->setProblem(error.message);
    return true;
}

void TableFilter::updateChips()
{
    while (QLayoutItem *item = m_chipRow->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide(); // it may be the one that was clicked
            widget->setObjectName(QString());
            widget->deleteLater();
        }
        delete item;
    }
    for (qsizetype i = 0; i < m_link.filter.conditions.size(); ++i) {
        const QString text = chipText(m_link.filter.conditions[i]);
        auto *chip = new QPushButton(QString(text).replace(u'&', QStringLiteral("&&")) + QStringLiteral("   \u2715"));
        chip->setObjectName(QStringLiteral("filterChip"));
        chip->setAccessibleName(tr("Only %1; remove this filter").arg(text));
        chip->setToolTip(tr("Remove this filter"));
        connect(chip, &QPushButton::clicked, this, [this, i] {
            m_link.filter.conditions.removeAt(i);
            apply();
        });
        m_chipRow->addWidget(chip);
    }
    m_chipRow->addStretch();
    m_chips->setVisible(!m_link.filter.conditions.isEmpty());
}

} // namespace Roost

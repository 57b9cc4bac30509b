#include "gui/table/sortwarning.h"

#include "gui/dialogs/notice.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QPushButton>

namespace Roost {

namespace {

constexpr qint64 sortedWithoutAsking = 200000;

QString columnsText(const QList<SortColumn> &sort)
{
    QStringList names;
    for (const SortColumn &column : sort) {
        names += column.column;
    }
    return names.join(QStringLiteral(", "));
}

} // namespace

SortWarning::SortWarning(const TableParts &parts, Notice *notice)
    : QObject(parts.page)
    , m_parts(parts)
    , m_notice(notice)
{
}

void SortWarning::sort(const QList<SortColumn> &sort)
{
    drop();
    const RowsModel::Count count = m_parts.rows->count();
    const qint64 rows = qMax(m_parts.relation.estimatedRows, count.rows);
    if (sort.isEmpty() || rows <= sortedWithoutAsking) {
        m_parts.rows->setSort(sort);
        return;
    }
    setAsking(true);
    m_parts.rows->estimateSort(sort, this,
                               [this, sort, generation = m_generation](const Result<SortEstimate> &estimate) {
                                   if (generation == m_generation) {
                                       setAsking(false);
                                       estimated(sort, estimate);
                                   }
                               });
}

void SortWarning::estimated(const QList<SortColumn> &sort, const Result<SortEstimate> &estimate)
{
    // Of the whole table its size is known better than by a plan, whose figures are of one worker.
    const bool isWhole = m_parts.rows->filter().isEmpty();
    const qint64 atLeast = isWhole && estimate && !estimate->usesIndex ? m_parts.relation.estimatedRows : 0;
    const qint64 rows = estimate ? qMax(estimate->rows, atLeast) : 0;
    if (rows <= sortedWithoutAsking) {
        m_parts.rows->setSort(sort); // if it cannot be asked, it cannot be sorted either, and says why
        return;
    }
    m_notice->say(
        Tone::Warning, tr("Sorting by %1 takes a while.").arg(columnsText(sort)),
        tr("No index fits: the server reads %1 rows and sorts them, again for each page that you look at. It can be "
           "stopped at any time. An index makes it fast: CREATE INDEX ON %2 (%3);")
            .arg(estimateText(rows), m_parts.relation.id.quoted(), [&] {
                QStringList parts;
                for (const SortColumn &column : sort) {
                    parts += quoteIdentifier(column.column) + (column.descending ? QStringLiteral(" DESC") : QString());
                }
                return parts.join(QStringLiteral(", "));
            }()));
    QPushButton *anyway = m_notice->addButton(QStringLiteral("sortAnyway"), tr("Sort anyway"));
    QPushButton *cancel = m_notice->addButton(QStringLiteral("doNotSort"), tr("Cancel"));
    connect(anyway, &QPushButton::clicked, this, [this, sort] {
        m_notice->clear();
        m_parts.rows->setSort(sort);
    });
    connect(cancel, &QPushButton::clicked, this, [this] { m_notice->clear(); });
}

void SortWarning::drop()
{
    ++m_generation;
    m_notice->clear();
    setAsking(false);
}

void SortWarning::setAsking(bool isAsking)
{
    if (m_isAsking != isAsking) {
        m_isAsking = isAsking;
        emit askingChanged();
    }
}

} // namespace Roost

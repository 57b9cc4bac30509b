#include "gui/table/copyrows.h"

#include "gui/table/pasterows.h"
#include "gui/table/tablepagework.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QTimer>

namespace Roost {

namespace {

constexpr int mostRows = 1000000;
constexpr qsizetype mostFetched = 200; ///< long values, one round trip each

QString lines(const QList<RowColumn> &columns, const QList<QList<CellValue>> &rows, bool withHeaders, bool marksNull)
{
    QStringList lines;
    lines.reserve(rows.size() + 1);
    if (withHeaders) {
        QStringList names;
        for (const RowColumn &column : columns) {
            names += copiedCell(column.name, false);
        }
        lines += names.join(u'\t');
    }
    for (const QList<CellValue> &row : rows) {
        QStringList cells;
        for (const CellValue &value : row) {
            cells += copiedCell(value, marksNull);
        }
        lines += cells.join(u'\t');
    }
    return lines.join(u'\n');
}

} // namespace

RowCopier::RowCopier(const TableParts &parts, std::optional<ExportFormat> format, bool withHeaders)
    : QObject(parts.rows)
    , m_parts(parts)
    , m_format(format)
    , m_withHeaders(withHeaders)
    , m_block(parts.grid->selectedBlock(mostRows))
    , m_isBlock(format || parts.grid->selectionModel()->selection().size() <= 1)
{
    for (const int column : std::as_const(m_block.columns)) {
        m_columns += parts.rows->columns().value(column);
    }
    m_unloaded = parts.grid->selectedRowCount() - m_block.rows.size();
    // Other rows have come: what was chosen is not there any more.
    connect(parts.rows, &QAbstractItemModel::modelAboutToBeReset, this, &QObject::deleteLater);
    QTimer::singleShot(0, this, &RowCopier::collect);
}

void RowCopier::collect()
{
    constexpr qint64 slice = 8;
    QElapsedTimer clock;
    clock.start();
    while (m_next < m_block.rows.size() && clock.elapsed() < slice) {
        addRow(m_block.rows[m_next++]);
    }
    if (m_next < m_block.rows.size()) {
        QTimer::singleShot(0, this, &RowCopier::collect);
        return;
    }
    if (m_missing.size() > mostFetched) {
        m_shortened = m_missing.size();
        m_missing.clear();
    }
    fetchNext();
}

void RowCopier::addRow(int row)
{
    if (!m_parts.rows->index(row, 0).data(RowsModel::LoadedRole).toBool()) {
        ++m_unloaded;
        return;
    }
    QList<CellValue> values;
    values.reserve(m_block.columns.size());
    for (const int column : std::as_const(m_block.columns)) {
        const QModelIndex cell = m_parts.rows->index(row, column);
        if (!m_isBlock && !m_parts.grid->selectionModel()->isSelected(cell)) {
            values += CellValue();
            continue;
        }
        if (cell.data(RowsModel::ShortenedRole).toBool()) {
            m_missing += Missing{m_values.size(), values.size(), cell};
        }
        values += m_parts.rows->value(row, column);
    }
    m_values += values;
}

void RowCopier::fetchNext()
{
    if (m_missing.isEmpty()) {
        format();
        return;
    }
    const Missing missing = m_missing.takeLast();
    m_parts.rows->fetchWhole(missing.cell, this, [this, missing](const Result<CellValue> &whole) {
        if (whole) {
            m_values[missing.row][missing.column] = *whole;
        } else {
            ++m_shortened;
        }
        fetchNext();
    });
}

void RowCopier::format()
{
    if (m_values.isEmpty()) {
        finish({});
        return;
    }
    computeBeside<Texts>(
        this,
        [format = m_format, table = m_parts.relation.id, columns = m_columns, values = m_values,
         withHeaders = m_withHeaders] {
            if (format) {
                return Texts{formatRows(*format, table, columns, values, withHeaders), {}};
            }
            return Texts{lines(columns, values, withHeaders, false), lines(columns, values, withHeaders, true)};
        },
        [this](const Texts &texts) { finish(texts); });
}

void RowCopier::finish(const Texts &texts)
{
    const qsizetype rows = m_values.size();
    if (rows > 0) {
        auto *data = new QMimeData; // the clipboard's
        data->setText(texts.text);
        if (!texts.marked.isEmpty()) {
            data->setData(mimeType(), texts.marked.toUtf8());
        }
        QApplication::clipboard()->setMimeData(data);
    }
    QStringList facts;
    if (rows == 1 && m_columns.size() == 1) {
        facts += tr("Copied");
    } else {
        facts += rows == 1 ? tr("Copied 1 row") : tr("Copied %1 rows").arg(countText(rows));
    }
    if (m_unloaded > 0) {
        facts +=
            tr("%1 rows are not loaded and were left out: an export writes all of them").arg(countText(m_unloaded));
    }
    if (m_shortened > 0) {
        facts += tr("of %1 long values only the beginning").arg(countText(m_shortened));
    }
    emit said(facts.join(QStringLiteral("; ")));
    deleteLater();
}

} // namespace Roost

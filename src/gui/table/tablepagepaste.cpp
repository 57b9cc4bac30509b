// The part of TableEdits that pastes.
#include "gui/dialogs/notice.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/table/copyrows.h"
#include "gui/table/tablepageedits.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QTimer>

namespace Roost {

namespace {

constexpr qsizetype addedWithoutAsking = 100;
constexpr qsizetype batch = 50;
constexpr qint64 readMs = 8;

} // namespace

/// The clipboard's lines, read in slices; the window answers in between.
void TableEdits::readClipboard(std::function<void(std::shared_ptr<PastedCells>)> done)
{
    const QMimeData *data = QApplication::clipboard()->mimeData();
    const QString text =
        data->hasFormat(RowCopier::mimeType()) ? QString::fromUtf8(data->data(RowCopier::mimeType())) : data->text();
    if (text.isEmpty()) {
        emit said(tr("The clipboard holds no text."));
        return;
    }
    const auto cells = std::make_shared<PastedCells>(text);
    m_work->start(
        tr("Reading the clipboard"), text.size(), [cells](qsizetype) { return !cells->read(readMs); },
        [cells, done = std::move(done)](bool wasStopped) {
            if (!wasStopped) {
                // In its own turn: the work that follows is a new one.
                QTimer::singleShot(0, qApp, [cells, done] { done(cells); });
            }
        });
}

void TableEdits::paste()
{
    if (!mayEdit()) {
        return;
    }
    if (!m_parts.grid->currentIndex().isValid()) {
        pasteRows();
        return;
    }
    readClipboard([self = QPointer(this)](const std::shared_ptr<PastedCells> &cells) {
        if (self && !cells->rows().isEmpty()) {
            self->pasteInto(cells);
        }
    });
}

void TableEdits::pasteInto(const std::shared_ptr<PastedCells> &cells)
{
    if (m_work->isRunning() || !m_parts.grid->currentIndex().isValid()) {
        return;
    }
    if (cells->rows().size() == 1 && cells->rows().first().size() == 1) {
        pasteOne(cells->rows().first().first());
        return;
    }
    const GridView::Block block = m_parts.grid->selectedBlock(1);
    const int top = block.rows.value(0, m_parts.grid->currentIndex().row());
    const int left = block.columns.value(0, m_parts.grid->currentIndex().column());
    if (cells->rows().size() > 1 && cells->hasHeader(m_parts.rows->columns())) {
        cells->takeHeader();
    }
    const int rowCount = m_parts.rows->rowCount();
    const int columnCount = m_parts.rows->columnCount();
    const auto refusals = std::make_shared<Refusals>();
    const qsizetype lines = cells->rows().size();
    stage(
        tr("Paste"), lines,
        [=, this](qsizetype at) {
            const PastedCells::Row &line = cells->rows()[at];
            for (qsizetype i = 0; i < line.size(); ++i) {
                const qint64 row = top + at;
                const int column = left + int(i);
                if (row >= rowCount || column >= columnCount) {
                    ++refusals->beyond;
                } else {
                    put(int(row), column, pastedValue(line[i], m_parts.rows->columns()[column]), refusals.get());
                }
            }
            return true;
        },
        [this, refusals, lines] {
            report(lines == 1 ? tr("Pasted 1 line") : tr("Pasted %1 lines").arg(countText(lines)), *refusals);
        });
}

/// One value goes into all chosen cells.
void TableEdits::pasteOne(const PastedCells::Cell &cell)
{
    constexpr int mostRows = 100000;
    const auto block = std::make_shared<GridView::Block>(m_parts.grid->selectedBlock(mostRows));
    const bool isBlock = m_parts.grid->selectionModel()->selection().size() <= 1;
    const auto refusals = std::make_shared<Refusals>();
    stage(
        tr("Paste"), block->rows.size(),
        [=, this](qsizetype at) {
            for (const int column : std::as_const(block->columns)) {
                const QModelIndex index = m_parts.rows->index(block->rows[at], column);
                if (isBlock || m_parts.grid->selectionModel()->isSelected(index)) {
                    put(index.row(), column, pastedValue(cell, m_parts.rows->columns()[column]), refusals.get());
                }
            }
            return true;
        },
        [this, refusals] {
            report(refusals->problems + refusals->readOnly > 0 ? tr("Pasted") : QString(), *refusals);
        });
}

void TableEdits::pasteRows()
{
    if (!mayEdit()) {
        return;
    }
    readClipboard([self = QPointer(this)](const std::shared_ptr<PastedCells> &cells) {
        if (self && !cells->rows().isEmpty()) {
            self->askToAdd(cells);
        }
    });
}

/// By the header's names; else by place, from the first column on, or over those that take a value if they are as many.
TableEdits::Target TableEdits::targetOf(PastedCells *cells) const
{
    Target target;
    const QList<RowColumn> &columns = m_parts.rows->columns();
    if (cells->hasHeader(columns)) {
        const QStringList names = cells->takeHeader();
        for (const QString &name : names) {
            const int column = m_parts.rows->columnOf(name);
            target.columns += takesNewValues(column) ? column : -1;
        }
        return target;
    }
    QList<int> taking;
    for (int column = 0; column < columns.size(); ++column) {
        if (takesNewValues(column)) {
            taking += column;
        }
    }
    const qsizetype width = cells->widest();
    if (width == taking.size()) {
        target.columns = taking;
    } else if (width <= columns.size()) {
        for (int column = 0; column < width; ++column) {
            target.columns += takesNewValues(column) ? column : -1;
        }
    } else {
        target.problem =
            tr("The clipboard has lines of %1 cells, and the table %2 columns. Copy only the columns that it "
               "has, or put their names into the first line.")
                .arg(width)
                .arg(columns.size());
    }
    return target;
}

QString TableEdits::sampleOf(const PastedCells &cells, const Target &target) const
{
    constexpr qsizetype shownLines = 3;
    constexpr qsizetype shownCharacters = 24;
    QStringList names;
    for (const int column : target.columns) {
        names += column < 0 ? tr("(left out)") : m_parts.rows->columns()[column].name;
    }
    QStringList lines{names.join(QStringLiteral(" | "))};
    for (qsizetype i = 0; i < qMin(shownLines, cells.rows().size()); ++i) {
        QStringList texts;
        for (const PastedCells::Cell &cell : cells.rows()[i]) {
            texts += cell.isNull ? QStringLiteral("NULL") : cell.text.left(shownCharacters).simplified();
        }
        lines += texts.join(QStringLiteral(" | "));
    }
    return lines.join(u'\n');
}

void TableEdits::askToAdd(const std::shared_ptr<PastedCells> &cells)
{
    if (m_work->isRunning()) {
        return;
    }
    const Target target = targetOf(cells.get());
    if (!target.problem.isEmpty()) {
        m_parts.tell(Tone::Warning, tr("Nothing was pasted."), target.problem);
        return;
    }
    const qsizetype count = cells->rows().size();
    if (count <= addedWithoutAsking) {
        addPasted(cells, target);
        return;
    }
    Prompts::Question question;
    question.title = tr("Add %1 rows?").arg(countText(count));
    question.text =
        tr("The lines of the clipboard become new rows of “%1”. They are not in the database before you apply "
           "them, and can be undone in one step.")
            .arg(m_parts.relation.id.name);
    question.detail = sampleOf(*cells, target);
    question.accept = tr("Add %1 rows").arg(countText(count));
    m_parts.services.prompts->ask(m_parts.page, question, [self = QPointer(this), cells, target](bool accepted) {
        if (self && accepted && !self->m_work->isRunning()) {
            self->addPasted(cells, target);
        }
    });
}

void TableEdits::addPasted(const std::shared_ptr<PastedCells> &cells, const Target &target)
{
    const qsizetype count = cells->rows().size();
    const qsizetype batches = (count + batch - 1) / batch;
    const auto first = std::make_shared<int>(-1);
    const auto refusals = std::make_shared<Refusals>();
    stage(
        count == 1 ? tr("Paste a row") : tr("Paste %1 rows").arg(countText(count)), batches,
        [=, this](qsizetype at) {
            QList<CellValues> rows;
            for (qsizetype line = at * batch; line < qMin(count, (at + 1) * batch); ++line) {
                const PastedCells::Row &pasted = cells->rows()[line];
                CellValues values;
                for (qsizetype i = 0; i < pasted.size(); ++i) {
                    const int column = target.columns.value(i, -1);
                    if (column < 0) {
                        continue;
                    }
                    const RowColumn &info = m_parts.rows->columns()[column];
                    const CellValue value = pastedValue(pasted[i], info);
                    // An empty cell leaves a key to the server.
                    const bool isLeftOut = !value && m_parts.rows->relation().keyColumns.contains(info.name);
                    const QString problem = m_parts.rows->valueProblem(column, value);
                    if (!problem.isEmpty() && !isLeftOut) {
                        ++refusals->problems;
                        refusals->problem = refusals->problem.isEmpty() ? problem : refusals->problem;
                    }
                    if (!isLeftOut) {
                        values.insert(info.name, value);
                    }
                }
                rows += values;
            }
            const int added = m_parts.rows->addRows(rows);
            *first = *first < 0 ? added : *first;
            return added >= 0;
        },
        [this, first, refusals, count] {
            if (*first < 0) {
                emit said(tr("Rows cannot be added here: you have no right to."));
                return;
            }
            emit rowsAdded(*first);
            if (refusals->problems > 0) {
                m_parts.tell(
                    Tone::Warning,
                    tr("%1 rows are added, but the server will not take all of them.").arg(countText(count)),
                    tr("%1 values are wrong, the first one: %2").arg(countText(refusals->problems), refusals->problem));
            }
        });
}

} // namespace Roost

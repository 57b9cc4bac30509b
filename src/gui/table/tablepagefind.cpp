#include "gui/table/tablepagefind.h"

#include "gui/dialogs/notice.h"
#include "gui/table/findbar.h"
#include "gui/table/gotorow.h"
#include "gui/table/gridview.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QPointer>

namespace Roost {

TableFind::TableFind(const TableParts &parts, FindBar *bar)
    : QObject(parts.page)
    , m_parts(parts)
    , m_bar(bar)
{
    connect(bar, &FindBar::findRequested, this, &TableFind::find);
    connect(bar, &FindBar::textChanged, parts.grid, &GridView::setFindText);
    connect(bar, &FindBar::stopRequested, this, &TableFind::stop);
    connect(bar, &FindBar::closed, parts.grid, [this] {
        stop();
        m_parts.grid->setFocus(Qt::OtherFocusReason);
    });
}

void TableFind::open()
{
    m_bar->open();
}

void TableFind::next(bool backward)
{
    if (m_bar->isHidden() || m_bar->text().isEmpty()) {
        open();
    } else {
        m_bar->findNext(backward);
    }
}

void TableFind::setWait(const QString &what)
{
    m_wait = what;
    m_bar->setSearching(!what.isEmpty());
    emit waitChanged();
}

void TableFind::stop()
{
    m_parts.rows->cancelFind();
}

void TableFind::find(const QString &text, bool backward, bool wholeTable)
{
    if (wholeTable) {
        findOnServer(text, backward);
        return;
    }
    const QModelIndex current = m_parts.grid->currentIndex();
    const int last = m_parts.rows->rowCount();
    int column = -1;
    int row = m_parts.rows->findLoaded(text, qMax(0, current.row()), current.isValid() ? current.column() : -1,
                                       backward, &column);
    QString note;
    if (row < 0) { // around the end, and from the other one
        row = m_parts.rows->findLoaded(text, backward ? last : 0, backward ? m_parts.rows->columnCount() : -1, backward,
                                       &column);
        note = backward ? tr("Around the start: the last one in the loaded rows")
                        : tr("Around the end: the first one in the loaded rows");
    }
    if (row < 0) {
        m_bar->showResult(tr("Nothing in the loaded rows"), false);
        return;
    }
    m_parts.grid->goTo(row, column);
    m_bar->showResult(note);
}

void TableFind::findOnServer(const QString &text, bool backward)
{
    const int from = m_parts.grid->currentIndex().isValid() ? m_parts.grid->currentIndex().row() : -1;
    setWait(tr("Looking for “%1” in the whole table…").arg(text.left(40)));
    m_bar->showResult({});
    m_parts.rows->findInTable(
        text, backward ? from - 1 : from + 1, backward, [self = QPointer(this), text, from](const Result<int> &row) {
            if (!self) {
                return;
            }
            self->setWait({});
            if (!row) {
                self->m_bar->showResult(row.error().isCancelled() ? tr("Stopped") : row.error().message,
                                        row.error().isCancelled());
                return;
            }
            if (*row < 0) {
                self->m_bar->showResult(from > 0 ? tr("Nothing from here on") : tr("Nothing in the table"), false);
                return;
            }
            int column = 0;
            const int found = self->m_parts.rows->findLoaded(text, *row, -1, false, &column);
            self->m_parts.grid->goTo(*row, found == *row ? column : -1);
            self->m_bar->showResult(tr("Found"));
        });
}

void TableFind::goTo()
{
    const QModelIndex current = m_parts.grid->currentIndex();
    const RowKey key = current.isValid() ? m_parts.rows->key(current.row()) : RowKey();
    auto *dialog = new GoToRow(m_parts.rows->relation(), m_parts.rows->count().rows, key, m_parts.page);
    connect(dialog, &GoToRow::numberChosen, this, &TableFind::goToNumber);
    connect(dialog, &GoToRow::keyChosen, this, &TableFind::goToKey);
    dialog->open();
}

void TableFind::goToNumber(qint64 number)
{
    const int rows = m_parts.rows->rowCount();
    if (number > rows) {
        emit said(tr("There are only %1 rows").arg(countText(rows)));
    }
    m_parts.grid->goTo(int(qMin<qint64>(number, rows)) - 1);
    m_parts.grid->setFocus(Qt::OtherFocusReason);
}

void TableFind::goToKey(const RowKey &key)
{
    setWait(tr("Going to %1…").arg(key.join(QStringLiteral(", "))));
    m_parts.rows->goToKey(key, [self = QPointer(this), key](const Result<int> &row) {
        if (!self) {
            return;
        }
        self->arrived(row, 0);
        if (row && *row >= 0 && self->m_parts.rows->key(*row) != key) {
            emit self->said(tr("There is no row with this key: this is the next one"));
        }
    });
}

void TableFind::goToEnd()
{
    setWait(tr("Going to the last row…"));
    m_parts.rows->goToEnd([self = QPointer(this)](const Result<int> &row) {
        if (self) {
            self->arrived(row, -1);
        }
    });
}

void TableFind::arrived(const Result<int> &row, int column)
{
    setWait({});
    if (!row) {
        m_parts.notice->sayError(tr("The row was not found."), row.error());
    } else if (*row >= 0) {
        m_parts.grid->goTo(*row, column);
        m_parts.grid->setFocus(Qt::OtherFocusReason);
    }
}

} // namespace Roost

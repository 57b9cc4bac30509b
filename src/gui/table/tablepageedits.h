#pragma once

#include "gui/table/gridview.h"
#include "gui/table/pasterows.h"
#include "gui/table/tablepageparts.h"
#include "gui/table/tablepagework.h"

#include <QObject>

#include <memory>

namespace Roost {

/// Edits of the chosen cells and rows, each one step of undo, in slices where there are many.
class TableEdits : public QObject
{
    Q_OBJECT

public:
    TableEdits(const TableParts &parts, PacedWork *work);

    void insertRow();
    void duplicateRows();
    void deleteRows();
    void restoreRows();
    void setNull();
    void setDefault(); ///< of cells of new rows
    void fillDown();
    void revertCells();
    void revertRows();
    void paste();
    void pasteRows();

    /// Whether any row that is chosen is marked to be deleted, or is new. Looks at the first few hundred.
    bool hasDeletedRows() const;
    bool hasNewRows() const;
    bool hasChangedRows() const;

signals:
    void said(const QString &outcome);
    void rowsAdded(int first); ///< at the end, where nobody sees them

private:
    /// What a paste or a fill could not do, and why.
    struct Refusals
    {
        qint64 unloaded = 0;
        qint64 readOnly = 0;
        qint64 beyond = 0;
        QString problem; ///< the first one known beforehand
        qint64 problems = 0;
    };
    /// Where the cells of a line go: columns of the table, -1 for none.
    struct Target
    {
        QList<int> columns;
        QString problem;
    };

    bool mayEdit();
    void stage(const QString &title, qsizetype count, PacedWork::Step step, std::function<void()> done = {});
    /// True when the value is staged, or stands there already.
    bool put(int row, int column, const CellValue &value, Refusals *refusals);
    void report(const QString &outcome, const Refusals &refusals);
    void eachStaged(const QString &title, bool wholeRows);
    void addCopies(const QList<int> &rows);
    void fetchShortened(QList<QPersistentModelIndex> cells, std::function<void()> done);

    void readClipboard(std::function<void(std::shared_ptr<PastedCells>)> done);
    void pasteInto(const std::shared_ptr<PastedCells> &cells);
    void pasteOne(const PastedCells::Cell &cell);
    void askToAdd(const std::shared_ptr<PastedCells> &cells);
    void addPasted(const std::shared_ptr<PastedCells> &cells, const Target &target);
    Target targetOf(PastedCells *cells) const;
    QString sampleOf(const PastedCells &cells, const Target &target) const;
    bool takesNewValues(int column) const;

    TableParts m_parts;
    PacedWork *m_work;
};

} // namespace Roost

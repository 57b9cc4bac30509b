#pragma once

#include "gui/table/gridview.h"
#include "gui/table/tablepageparts.h"
#include "operations/tableexport.h"

#include <QObject>

#include <optional>

namespace Roost {

/// Puts the chosen cells into the clipboard. Values of which only the beginning is here are read whole first; rows that
/// are not in memory are left out, and said. In slices and off the GUI thread, so that many rows hold nothing up. Ends
/// itself.
class RowCopier : public QObject
{
    Q_OBJECT

public:
    /// Without a format: lines with tabs, as spreadsheets take them.
    RowCopier(const TableParts &parts, std::optional<ExportFormat> format, bool withHeaders);

    /// In the clipboard beside the text: the same lines with NULL marked, for pasting into a table again.
    static QString mimeType() { return QStringLiteral("application/x-roost-cells"); }

signals:
    void said(const QString &outcome); ///< "Copied 3 rows"

private:
    struct Missing
    {
        qsizetype row; ///< in m_values
        qsizetype column;
        QPersistentModelIndex cell;
    };
    struct Texts
    {
        QString text;
        QString marked;
    };
    void collect();
    void addRow(int row);
    void fetchNext();
    void format();
    void finish(const Texts &texts);

    TableParts m_parts;
    std::optional<ExportFormat> m_format;
    bool m_withHeaders;
    GridView::Block m_block;
    bool m_isBlock;
    qsizetype m_next = 0;
    QList<QList<CellValue>> m_values;
    QList<RowColumn> m_columns;
    QList<Missing> m_missing;
    qint64 m_unloaded = 0;
    qint64 m_shortened = 0;
};

} // namespace Roost

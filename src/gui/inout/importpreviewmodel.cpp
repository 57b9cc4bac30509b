#include "gui/inout/importpreviewmodel.h"

#include "gui/theme/theme.h"

#include <QFont>
#include <QPainter>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype longestShown = 200;
constexpr qsizetype longestTip = 2000;

QString inOneLine(const QString &text)
{
    QString line = text.left(longestShown);
    const QString newLine = QStringLiteral(" ⏎ ");
    line.replace(QStringLiteral("\r\n"), newLine);
    line.replace(u'\n', newLine);
    line.replace(u'\r', newLine);
    line.replace(u'\t', QStringLiteral(" ⇥ "));
    return text.size() > longestShown ? line + QChar(0x2026) : line;
}

} // namespace

void ImportPreviewModel::setPreview(const ImportPreview &preview)
{
    beginResetModel();
    m_preview = preview;
    m_problemRow = -1;
    // A row may be of several lines, so the problem is in the last one that begins before it.
    if (preview.problem && preview.problemLine > 0 && !preview.lines.isEmpty()) {
        const auto behind = std::upper_bound(preview.lines.begin(), preview.lines.end(), preview.problemLine);
        const auto row = int(behind - preview.lines.begin()) - 1;
        const bool isShown = behind != preview.lines.end() || preview.lines.last() == preview.problemLine;
        m_problemRow = isShown ? row : -1;
    }
    endResetModel();
}

void ImportPreviewModel::setMapping(const QStringList &mapping)
{
    m_mapping = mapping;
    if (rowCount() > 0 && columnCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::ForegroundRole});
    }
    if (columnCount() > 0) {
        emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    }
}

int ImportPreviewModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_preview.rows.size());
}

int ImportPreviewModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_preview.header.size());
}

QVariant ImportPreviewModel::data(const QModelIndex &index, int role) const
{
    const QList<CellValue> row = m_preview.rows.value(index.row());
    const bool isMissing = index.column() >= row.size(); // in a row that is too short
    const CellValue value = row.value(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return isMissing ? QString() : value ? inOneLine(*value) : QStringLiteral("NULL");
    case Qt::ToolTipRole:
        // A tool tip takes what looks like markup for it.
        return value && value->size() > 40 ? value->left(longestTip).toHtmlEscaped() : QString();
    case Qt::FontRole: {
        QFont font;
        font.setItalic(true);
        return isMissing || value ? QVariant() : font;
    }
    case Qt::ForegroundRole:
        return value && !m_mapping.value(index.column()).isEmpty() ? QVariant() : Theme::instance().colors().subtle;
    case ProblemRole:
        return index.row() == m_problemRow;
    default:
        return {};
    }
}

QVariant ImportPreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        if (role == Qt::ToolTipRole) {
            return tr("Line %1 of the file").arg(m_preview.lines.value(section));
        }
        return role == Qt::DisplayRole ? QVariant(m_preview.lines.value(section)) : QVariant();
    }
    const QString field = m_preview.header.value(section);
    const QString column = m_mapping.value(section);
    switch (role) {
    case Qt::DisplayRole:
        return column.isEmpty() || column == field ? inOneLine(field)
                                                   : QStringLiteral("%1 → %2").arg(inOneLine(field), column);
    case Qt::ToolTipRole:
        return (column.isEmpty() ? tr("%1: left out").arg(inOneLine(field))
                                 : tr("%1 goes to the column %2").arg(inOneLine(field), column))
            .toHtmlEscaped();
    default:
        return {};
    }
}

void ImportPreviewDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem adjusted = option;
    if (index.data(ImportPreviewModel::ProblemRole).toBool()) {
        const TonePair danger = Theme::instance().colors().danger;
        painter->fillRect(option.rect, danger.surface);
        adjusted.palette.setColor(QPalette::Text, danger.text);
    }
    QStyledItemDelegate::paint(painter, adjusted, index);
}

} // namespace Roost

#include "models/rowdifferencesmodel.h"

#include <algorithm>

namespace Roost {

namespace {

using Kind = RowDifference::Kind;
constexpr int longestShown = 400;
constexpr int longestTip = 4000;

const QList<CellValue> &anySide(const RowDifference &row)
{
    return row.after.isEmpty() ? row.before : row.after;
}

QString oneLine(const CellValue &value)
{
    if (!value) {
        return QStringLiteral("NULL");
    }
    const QString line = value->left(longestShown).replace(u'\n', QStringLiteral(" ⏎ "));
    return value->size() > longestShown ? line + u'…' : line;
}

} // namespace

RowDifferencesModel::RowDifferencesModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void RowDifferencesModel::show(std::shared_ptr<const ComparedTable> table)
{
    beginResetModel();
    m_table = std::move(table);
    m_filter = std::nullopt;
    rebuild();
    endResetModel();
}

void RowDifferencesModel::setSides(const QString &first, const QString &second)
{
    m_sides = {first, second};
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

void RowDifferencesModel::setFilter(std::optional<RowDifference::Kind> kind)
{
    if (m_filter != kind) {
        beginResetModel();
        m_filter = kind;
        rebuild();
        endResetModel();
    }
}

void RowDifferencesModel::setShowsEqual(bool shows)
{
    if (m_showsEqual != shows) {
        beginResetModel();
        m_showsEqual = shows;
        rebuild();
        endResetModel();
    }
}

void RowDifferencesModel::rebuild()
{
    m_lines.clear();
    if (!m_table) {
        return;
    }
    for (int at = 0; at < m_table->rows.size(); ++at) {
        const RowDifference &row = m_table->rows.at(at);
        if (m_filter && row.kind != *m_filter) {
            continue;
        }
        bool isFirst = true;
        for (int column = keyColumns(); column < m_table->columns.size(); ++column) {
            if (row.kind != Kind::Changed || m_showsEqual || row.differs.value(column)) {
                m_lines += Line{at, column, isFirst};
                isFirst = false;
            }
        }
        if (isFirst) {
            m_lines += Line{at, -1, true};
        }
    }
}

int RowDifferencesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int RowDifferencesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : keyColumns() + 4;
}

CellValue RowDifferencesModel::valueAt(const Line &line, bool ofFirst) const
{
    const RowDifference &row = m_table->rows.at(line.row);
    const QList<CellValue> &values = ofFirst ? row.before : row.after;
    return line.column < 0 || values.isEmpty() ? CellValue(QString()) : values.at(line.column);
}

QString RowDifferencesModel::textAt(const Line &line, int column) const
{
    const RowDifference &row = m_table->rows.at(line.row);
    if (column == 0) {
        return !line.isFirst               ? QString()
               : row.kind == Kind::Added   ? tr("+ added")
               : row.kind == Kind::Removed ? tr("− removed")
                                           : tr("~ changed");
    }
    if (column <= keyColumns()) {
        return line.isFirst ? oneLine(anySide(row).at(column - 1)) : QString();
    }
    if (column == keyColumns() + 1) {
        return line.column < 0 ? QString() : m_table->columns.at(line.column);
    }
    return oneLine(valueAt(line, column == firstValueColumn()));
}

QVariant RowDifferencesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Line &line = m_lines.at(index.row());
    const RowDifference &row = m_table->rows.at(line.row);
    const bool isValue = index.column() >= firstValueColumn();
    const bool isFirstSide = index.column() == firstValueColumn();
    const bool isThere = isValue && line.column >= 0 && !(isFirstSide ? row.before : row.after).isEmpty();
    switch (role) {
    case Qt::DisplayRole:
        return textAt(line, index.column());
    case Qt::ToolTipRole: {
        const QString text = isThere ? valueAt(line, isFirstSide).value_or(QString()) : QString();
        return text.isEmpty() ? QVariant() : QVariant(text.left(longestTip));
    }
    case Qt::AccessibleTextRole:
        return isValue && !isThere ? tr("no such row") : textAt(line, index.column());
    case KindRole:
        return int(row.kind);
    case IsChangedRole:
        return isThere && (row.kind != Kind::Changed || row.differs.value(line.column));
    case IsNullRole:
        return isThere && !valueAt(line, isFirstSide);
    case IsFirstLineRole:
        return line.isFirst;
    case WholeTextRole:
        return isThere ? valueAt(line, isFirstSide).value_or(QString()) : textAt(line, index.column());
    default:
        return {};
    }
}

QVariant RowDifferencesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || !m_table) {
        return {};
    }
    if (role == Qt::ToolTipRole && section >= firstValueColumn()) {
        return m_sides.at(section - firstValueColumn());
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    if (section == 0) {
        return tr("Row");
    }
    if (section <= keyColumns()) {
        return m_table->columns.at(section - 1);
    }
    return section == keyColumns() + 1 ? tr("Column") : m_sides.at(section - firstValueColumn());
}

} // namespace Roost

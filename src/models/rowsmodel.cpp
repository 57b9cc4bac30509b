#include "models/rowsmodel.h"

#include "models/rowsmodelprivate.h"

namespace Roost {

namespace {

constexpr qsizetype longestShown = 400; ///< bytes of a value that a cell shows
constexpr qsizetype longestTip = 2000;

QString onOneLine(QString text, bool isCut)
{
    text.replace(QStringLiteral("\r\n"), QStringLiteral("↵"));
    text.replace(QLatin1Char('\n'), QChar(0x21B5));
    text.replace(QLatin1Char('\t'), QChar(0x21E5));
    if (isCut) {
        text += QChar(0x2026);
    }
    return text;
}

QString cut(const QString &text, qsizetype longest, bool *isCut)
{
    *isCut = text.size() > longest;
    return *isCut ? text.left(text.at(longest - 1).isHighSurrogate() ? longest - 1 : longest) : text;
}

} // namespace

RowsModel::RowsModel(SessionPool *sessions, ActivityLog *activity, QObject *parent)
    : QAbstractTableModel(parent)
    , d(std::make_unique<Private>(this, sessions, activity))
{
}

RowsModel::~RowsModel()
{
    d->dropWhatRuns();
}

const Instance &RowsModel::instance() const
{
    return d->instance;
}

const QString &RowsModel::database() const
{
    return d->database;
}

const RelationInfo &RowsModel::relation() const
{
    return d->relation;
}

const QList<RowColumn> &RowsModel::columns() const
{
    return d->columns;
}

int RowsModel::columnOf(const QString &name) const
{
    for (int column = 0; column < d->columns.size(); ++column) {
        if (d->columns.at(column).name == name) {
            return column;
        }
    }
    return -1;
}

const TableDescription *RowsModel::description() const
{
    return d->description ? &*d->description : nullptr;
}

bool RowsModel::isFirstPageHere() const
{
    return d->isFirstPageHere;
}

const QList<SortColumn> &RowsModel::sort() const
{
    return d->sort;
}

const RowFilter &RowsModel::filter() const
{
    return d->filter;
}

Paging RowsModel::paging() const
{
    return d->shownQuery.paging();
}

bool RowsModel::isLoading() const
{
    return d->pages.isRunning();
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : d->window.total() + int(d->newRows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(d->columns.size());
}

bool RowsModel::isNumberExact(int row) const
{
    return row < d->window.total() && d->window.isNumberExact();
}

qint64 RowsModel::rowNumber(int row) const
{
    return row >= 0 && row < d->window.total() ? qint64(row) + 1 : -1;
}

RowsModel::Count RowsModel::count() const
{
    if (!d->isFirstPageHere) {
        const bool isWhole = d->filter.isEmpty();
        return {isWhole ? d->relation.estimatedRows : -1, isWhole && d->relation.rowsAreExact};
    }
    if (d->window.isTotalExact()) {
        return {d->window.total(), true};
    }
    return {d->window.isTotalKnown() ? d->window.total() : -1, false};
}

CellValue RowsModel::value(int row, int column) const
{
    if (column < 0 || column >= d->columns.size()) {
        return {};
    }
    if (const CellValue *staged = d->staged(row, column)) {
        return *staged;
    }
    return d->isLoaded(row) ? d->window.cache().value(row, column) : CellValue();
}

CellValues RowsModel::rowValues(int row) const
{
    CellValues values;
    if (d->isNewRow(row)) {
        const RowChange *change = d->change(row);
        return change ? change->values : values;
    }
    if (d->isLoaded(row)) {
        for (int column = 0; column < d->columns.size(); ++column) {
            values.insert(d->columns.at(column).name, value(row, column));
        }
    }
    return values;
}

RowKey RowsModel::key(int row) const
{
    return d->isLoaded(row) ? d->window.cache().key(row) : RowKey();
}

/// What a cell shows, cut and on one line.
QString RowsModel::Private::shown(int row, int column) const
{
    bool isCut = false;
    QString text;
    if (const CellValue *over = staged(row, column)) {
        text = over->has_value() ? cut(**over, longestShown, &isCut) : QStringLiteral("NULL");
    } else if (isNewRow(row)) {
        return defaultText(column);
    } else if (window.cache().isNull(row, column)) {
        return QStringLiteral("NULL");
    } else {
        text = window.cache().head(row, column, longestShown, &isCut);
        isCut = isCut || window.cache().isShortened(row, column);
    }
    return onOneLine(std::move(text), isCut);
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const int row = index.row();
    const int column = index.column();
    const bool isNumeric = d->columns.at(column).isNumeric;
    if (role == NumericRole) {
        return isNumeric;
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(Qt::Alignment((isNumeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    const bool isNew = d->isNewRow(row);
    if (role == LoadedRole) {
        return isNew || d->isLoaded(row);
    }
    if (!isNew && !d->isLoaded(row)) {
        return role == CellStateRole ? QVariant(int(CellState::Plain)) : QVariant();
    }
    return isNew ? d->newRowData(row, column, role) : d->rowData(row, column, role);
}

QVariant RowsModel::Private::commonData(int row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return shown(row, column);
    case Qt::AccessibleTextRole:
        return q->value(row, column) ? shown(row, column) : RowsModel::tr("null");
    case CellStateRole:
        return int(cellState(row, column));
    case RefusalRole:
        return refusalAt(row, column);
    case Qt::EditRole:
    case FullTextRole: {
        const CellValue value = q->value(row, column);
        return value ? QVariant(*value) : QVariant();
    }
    default:
        return {};
    }
}

QVariant RowsModel::Private::newRowData(int row, int column, int role) const
{
    const CellValue *value = staged(row, column);
    switch (role) {
    case NullRole:
        return value ? !value->has_value() : defaultText(column) == QStringLiteral("NULL");
    case DefaultRole:
        return value == nullptr;
    case ShortenedRole:
        return false;
    case StoredBytesRole:
        return -1;
    case Qt::AccessibleTextRole:
        return value && !value->has_value() ? RowsModel::tr("null") : shown(row, column);
    default:
        return commonData(row, column, role);
    }
}

QVariant RowsModel::Private::rowData(int row, int column, int role) const
{
    const RowCache &cache = window.cache();
    const CellValue *over = staged(row, column);
    switch (role) {
    case NullRole:
        return over ? !over->has_value() : cache.isNull(row, column);
    case ShortenedRole:
        return !over && cache.isShortened(row, column);
    case StoredBytesRole:
        return over ? qint64(-1) : cache.storedBytes(row, column);
    case DefaultRole:
        return false;
    case BeforeRole: {
        if (!over) {
            return {};
        }
        const CellValue before = cache.value(row, column);
        return before ? QVariant(*before) : QVariant();
    }
    case Qt::ToolTipRole: {
        bool isCut = false;
        constexpr qsizetype briefest = 40;
        const QString text =
            over ? cut(over->value_or(QString()), longestTip, &isCut) : cache.head(row, column, longestTip, &isCut);
        return text.size() < briefest ? QVariant() : QVariant(text);
    }
    default:
        return commonData(row, column, role);
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        if (role != Qt::DisplayRole || section < 0) {
            return {};
        }
        return section < d->window.total() ? QVariant(section + 1) : QVariant(QStringLiteral("*"));
    }
    if (section < 0 || section >= d->columns.size()) {
        return {};
    }
    const RowColumn &column = d->columns.at(section);
    const bool isKey = d->relation.keyColumns.contains(column.name);
    switch (role) {
    case Qt::DisplayRole:
        return column.name;
    case TypeRole:
        return column.shortType;
    case KeyRole:
        return isKey;
    case NumericRole:
        return column.isNumeric;
    case ColumnRole:
        return QVariant::fromValue(column);
    case Qt::ToolTipRole:
        return isKey ? tr("%1\n%2, part of the key").arg(column.name, column.type)
                     : QStringLiteral("%1\n%2").arg(column.name, column.type);
    case Qt::AccessibleTextRole:
        return isKey ? tr("%1, %2, key").arg(column.name, column.shortType)
                     : QStringLiteral("%1, %2").arg(column.name, column.shortType);
    default:
        return {};
    }
}

} // namespace Roost

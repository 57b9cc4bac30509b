#include "gui/table/inspector/cellfacts.h"

#include "gui/table/inspector/valuefacts.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

/// Only for tr().
struct Cell
{
    Q_DECLARE_TR_FUNCTIONS(Roost::CellFacts)
};

constexpr qsizetype longestFact = 300;

QString cut(const QString &text)
{
    return text.size() > longestFact ? text.left(longestFact) + QChar(0x2026) : text;
}

const ColumnInfo *infoOf(const RowsModel &model, int column)
{
    const TableDescription *description = model.description();
    if (!description) {
        return nullptr;
    }
    const QString &name = model.columns().at(column).name;
    const auto found = std::find_if(description->columns.begin(), description->columns.end(),
                                    [&name](const ColumnInfo &info) { return info.name == name; });
    return found == description->columns.end() ? nullptr : &*found;
}

QString sizeFact(const RowsModel &model, const QModelIndex &cell, const CellValue &value)
{
    constexpr qsizetype countedAtOnce = 300'000;
    if (cell.data(RowsModel::ShortenedRole).toBool()) {
        return Cell::tr("%1 as stored").arg(sizeText(cell.data(RowsModel::StoredBytesRole).toLongLong()));
    }
    const ValueKind kind = valueKindOf(model.columns().at(cell.column()));
    const bool isMeasured =
        kind == ValueKind::Text || kind == ValueKind::Json || kind == ValueKind::Bytes || kind == ValueKind::Array;
    if (!value || !isMeasured) {
        return {};
    }
    if (kind == ValueKind::Bytes) {
        const qint64 bytes = qMax<qint64>(0, value->size() / 2 - 1); // behind `\x`, two digits a byte
        const QString exact = Cell::tr("%1 bytes").arg(countText(bytes));
        constexpr qint64 kilobyte = 1024;
        return bytes < kilobyte ? exact : QStringLiteral("%1 (%2)").arg(sizeText(bytes), exact);
    }
    return value->size() > countedAtOnce ? Cell::tr("%1 characters").arg(countText(value->size())) : textSize(*value);
}

/// What the table demands of the column.
QString rules(const RowsModel &model, int column, const ColumnInfo *info)
{
    const RowColumn &kept = model.columns().at(column);
    QStringList found;
    if (model.relation().keyColumns.contains(kept.name)) {
        found += Cell::tr("part of the key");
    }
    found += kept.notNull ? Cell::tr("not null") : Cell::tr("may be NULL");
    if (!info) {
        return found.join(QStringLiteral(", "));
    }
    if (info->maxLength >= 0) {
        found += Cell::tr("at most %n character(s)", nullptr, info->maxLength);
    }
    if (!info->identity.isEmpty()) {
        found += Cell::tr("identity %1").arg(info->identity);
    }
    if (info->generated) {
        found += Cell::tr("generated");
    }
    const QRegularExpression word(
        QStringLiteral("(?<![\\w\"])\"?%1\"?(?![\\w\"])").arg(QRegularExpression::escape(kept.name)));
    for (const TableDetail &check : model.description()->checks) {
        if (check.definition.contains(word)) {
            found += cut(check.definition);
        }
    }
    return found.join(QStringLiteral(", "));
}

} // namespace

QString cellType(const RowsModel &model, int column)
{
    const RowColumn &kept = model.columns().at(column);
    const ColumnInfo *info = infoOf(model, column);
    return info && !info->domain.isEmpty() ? QStringLiteral("%1 (%2)").arg(kept.type, info->domain) : kept.type;
}

FactList::Facts cellFacts(const RowsModel &model, const QModelIndex &cell, const CellValue &value)
{
    const int column = cell.column();
    const ColumnInfo *info = infoOf(model, column);
    FactList::Facts facts;
    const auto add = [&facts](const QString &name, const QString &fact) {
        if (!fact.isEmpty()) {
            facts.append(qMakePair(name, fact));
        }
    };
    const auto state = RowsModel::CellState(cell.data(RowsModel::CellStateRole).toInt());
    add(Cell::tr("Size"), sizeFact(model, cell, value));
    if (value) {
        add(Cell::tr("Reads"), valueReading(model.columns().at(column), *value));
    }
    if (state == RowsModel::CellState::Changed) {
        const QVariant before = cell.data(RowsModel::BeforeRole);
        add(Cell::tr("Before"), before.isNull()               ? QStringLiteral("NULL")
                                : before.toString().isEmpty() ? Cell::tr("the empty text")
                                                              : cut(before.toString()));
    }
    add(Cell::tr("Rules"), rules(model, column, info));
    if (info) {
        add(info->generated ? Cell::tr("Formula") : Cell::tr("Default"), cut(info->defaultExpression));
        add(Cell::tr("Comment"), cut(info->comment));
    }
    return facts;
}

} // namespace Roost

#include "models/rowsmodelprivate.h"

#include <algorithm>

namespace Roost {

namespace {

/// Where a text has a character that PostgreSQL's UTF-8 cannot hold: NUL, or half of a surrogate pair. -1: nowhere.
qsizetype impossibleAt(const QString &text)
{
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar character = text.at(at);
        if (character.isNull() || character.isLowSurrogate()) {
            return at;
        }
        if (character.isHighSurrogate()) {
            if (at + 1 >= text.size() || !text.at(at + 1).isLowSurrogate()) {
                return at;
            }
            ++at;
        }
    }
    return -1;
}

qsizetype characterCount(const QString &text)
{
    return text.size() - std::count_if(text.cbegin(), text.cend(), [](QChar one) { return one.isLowSurrogate(); });
}

} // namespace

const ColumnInfo *RowsModel::Private::info(int column) const
{
    if (!description || column < 0 || column >= columns.size()) {
        return nullptr;
    }
    const QString &name = columns.at(column).name;
    if (column < description->columns.size() && description->columns.at(column).name == name) {
        return &description->columns.at(column);
    }
    const auto found = std::find_if(description->columns.cbegin(), description->columns.cend(),
                                    [&name](const ColumnInfo &one) { return one.name == name; });
    return found == description->columns.cend() ? nullptr : &*found;
}

/// What a cell of a new row shows that is left to the server.
QString RowsModel::Private::defaultText(int column) const
{
    const ColumnInfo *known = info(column);
    if (!known) {
        return RowsModel::tr("default");
    }
    if (!known->identity.isEmpty()) {
        return RowsModel::tr("default: next number");
    }
    if (known->generated) {
        return RowsModel::tr("computed: %1").arg(known->defaultExpression);
    }
    if (known->defaultExpression.isEmpty()) {
        return QStringLiteral("NULL");
    }
    return RowsModel::tr("default: %1").arg(known->defaultExpression);
}

QString RowsModel::readOnlyReason() const
{
    const RelationInfo &relation = d->relation;
    const QString &name = relation.id.name;
    if (name.isEmpty()) {
        return {};
    }
    if (relation.kind == RelationKind::MaterializedView) {
        return tr("“%1” is a materialized view: its rows are what its query gave when it was last refreshed. Edit the "
                  "tables that it reads, and refresh it.")
            .arg(name);
    }
    if (relation.kind == RelationKind::View && d->description && !d->description->isUpdatableView) {
        return tr("“%1” is a view that PostgreSQL cannot pass changes through. Edit the tables that it reads.")
            .arg(name);
    }
    if (relation.keyColumns.isEmpty()) {
        if (relation.kind == RelationKind::View) {
            return tr("“%1” is a view: nothing tells one of its rows from another for certain. Edit the tables that it "
                      "reads.")
                .arg(name);
        }
        if (relation.kind == RelationKind::ForeignTable) {
            return tr("“%1” is a foreign table: it has no key here by which a row could be found again. Edit it where "
                      "it is kept.")
                .arg(name);
        }
        if (relation.hasInheritors) {
            return tr("Other tables inherit from “%1”, and their rows are shown among its own: its key does not tell "
                      "them apart. Edit those tables themselves.")
                .arg(name);
        }
        const QString key = columnOf(QStringLiteral("id")) < 0 ? QStringLiteral("id") : QStringLiteral("row_id");
        return tr("“%1” has no primary key (nor another unique key without NULL), so a row could not be told from "
                  "another with the same values. Add one, for example: ALTER TABLE %2 ADD COLUMN %3 bigint GENERATED "
                  "ALWAYS AS IDENTITY PRIMARY KEY;")
            .arg(name, relation.id.quoted(), key);
    }
    if (d->description && !d->description->mayInsert && !d->description->mayUpdate && !d->description->mayDelete &&
        std::none_of(d->description->columns.cbegin(), d->description->columns.cend(),
                     [](const ColumnInfo &column) { return column.isEditable; })) {
        return tr("You may read “%1”, but not change it. Its owner, %2, can allow it: GRANT INSERT, UPDATE, DELETE ON "
                  "%3 TO …;")
            .arg(name, relation.owner.isEmpty() ? tr("another role") : relation.owner, relation.id.quoted());
    }
    return {};
}

QString RowsModel::readOnlyReason(int column) const
{
    if (QString table = readOnlyReason(); !table.isEmpty()) {
        return table;
    }
    if (QString always = d->newCellReason(column); !always.isEmpty()) {
        return always;
    }
    const ColumnInfo *info = d->info(column);
    if (info && !info->isEditable) {
        return tr("You may not change “%1”. The table's owner can allow it: GRANT UPDATE (%2) ON %3 TO …;")
            .arg(info->name, quoteIdentifier(info->name), d->relation.id.quoted());
    }
    return {};
}

/// Why a column takes no value, not even in a new row.
QString RowsModel::Private::newCellReason(int column) const
{
    const ColumnInfo *known = info(column);
    if (known && known->generated) {
        return RowsModel::tr("“%1” is computed by the server: %2").arg(known->name, known->defaultExpression);
    }
    if (known && known->identity == QStringLiteral("always")) {
        return RowsModel::tr("“%1” is always numbered by the server (GENERATED ALWAYS AS IDENTITY).").arg(known->name);
    }
    return {};
}

/// Whether something on the server may turn a value into another one before it is checked.
bool RowsModel::Private::mayBeRewritten() const
{
    return !description || relation.kind != RelationKind::Table || description->isLocked ||
           !description->rules.isEmpty() || !description->partitions.isEmpty() ||
           std::any_of(description->triggers.cbegin(), description->triggers.cend(), [](const TableDetail &trigger) {
               return trigger.definition.contains(QLatin1String(" BEFORE ")) ||
                      trigger.definition.contains(QLatin1String(" INSTEAD OF "));
           });
}

QString RowsModel::valueProblem(int column, const CellValue &value) const
{
    if (column < 0 || column >= d->columns.size()) {
        return {};
    }
    const RowColumn &kept = d->columns.at(column);
    const ColumnInfo *info = d->info(column);
    if (!value) {
        const bool isRefused = info && info->notNull && !d->mayBeRewritten();
        return isRefused ? tr("“%1” must have a value: the column is NOT NULL.").arg(kept.name) : QString();
    }
    if (const qsizetype at = impossibleAt(*value); at >= 0) {
        return value->at(at).isNull()
                   ? tr("Character %1 is NUL (U+0000), which PostgreSQL cannot store in a text.").arg(at + 1)
                   : tr("Character %1 is half of a surrogate pair, which is no text. Delete it, or type the character "
                        "again.")
                         .arg(at + 1);
    }
    if (!info) {
        return {};
    }
    if (!info->enumLabels.isEmpty() && !info->enumLabels.contains(*value)) {
        return tr("“%1” is none of the values of %2: %3.")
            .arg(value->left(60), kept.shortType, info->enumLabels.join(QStringLiteral(", ")));
    }
    if (info->maxLength >= 0) {
        QString counted = *value; // blanks beyond the limit are cut off by the server, without a word
        while (counted.endsWith(u' ') && characterCount(counted) > info->maxLength) {
            counted.chop(1);
        }
        if (const qsizetype length = characterCount(counted); length > info->maxLength) {
            return tr("%1 characters are too many: “%2” takes %3.").arg(length).arg(kept.name).arg(info->maxLength);
        }
    }
    return {};
}

} // namespace Roost

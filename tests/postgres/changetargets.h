#pragma once

#include "postgres/applychanges.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/postgresresult.h"

#include <QTest>

namespace Roost::Testing {

/// A table as the catalogue describes it, to apply changes to.
inline ChangeTarget targetOf(DatabaseConnection &connection, const TableId &table)
{
    const Result<QList<RelationInfo>> relations = CatalogReader::relations(connection);
    const Result<TableDescription> description = CatalogReader::describe(connection, table);
    if (!relations || !description) {
        qFatal("%s", qPrintable((relations ? description.error() : relations.error()).detail));
    }
    ChangeTarget target;
    for (const RelationInfo &relation : *relations) {
        if (relation.id == table) {
            target = {table, relation.columns, relation.keyColumns};
        }
    }
    for (const ColumnInfo &column : description->columns) {
        if (column.generated || column.identity == QLatin1String("always")) {
            target.readOnlyColumns += column.name;
        }
    }
    return target;
}

inline ChangeTarget targetOf(DatabaseConnection &connection, const QString &table)
{
    return targetOf(connection, {QStringLiteral("public"), table});
}

/// All rows of a query as they print, by the first column.
inline QMap<QString, CellValues> rowsOf(DatabaseConnection &connection, const QString &sql)
{
    Result<QSqlQuery> query = connection.query(sql);
    if (!query) {
        qFatal("%s", qPrintable(query.error().detail));
    }
    const PostgresResult *result = PostgresResult::of(*query);
    QMap<QString, CellValues> rows;
    for (int row = 0; row < result->rowCount(); ++row) {
        CellValues values;
        for (int i = 0; i < result->columnCount(); ++i) {
            values.insert(result->columnName(i),
                          result->isNullAt(row, i) ? CellValue() : CellValue(QString::fromUtf8(result->utf8(row, i))));
        }
        rows.insert(QString::fromUtf8(result->utf8(row, 0)), values);
    }
    return rows;
}

inline RowChange update(const RowKey &key, const CellValues &before, const CellValues &values)
{
    return {RowChange::Kind::Update, key, -1, before, values, {}, {}};
}

inline RowChange insert(const CellValues &values)
{
    return {RowChange::Kind::Insert, {}, 0, {}, values, {}, {}};
}

inline RowChange remove(const RowKey &key, const CellValues &before)
{
    return {RowChange::Kind::Delete, key, -1, before, {}, {}, {}};
}

/// What an outcome says, for the message of a test that expected another one.
inline QString wordsOf(const Result<ApplyOutcome> &outcome)
{
    if (!outcome) {
        return QStringLiteral("error: ") + outcome.error().message + outcome.error().detail;
    }
    switch (outcome->state) {
    case ApplyOutcome::State::Applied:
        return QStringLiteral("applied");
    case ApplyOutcome::State::Conflicts:
        return QStringLiteral("%1 conflicts").arg(outcome->conflicts.size());
    case ApplyOutcome::State::Refused:
        return QStringLiteral("refused: ") + outcome->refusal->error.detail + outcome->refusal->error.message;
    case ApplyOutcome::State::Unknown:
        return QStringLiteral("unknown");
    }
    return {};
}

inline bool isApplied(const Result<ApplyOutcome> &outcome)
{
    return outcome && outcome->state == ApplyOutcome::State::Applied;
}

inline bool isConflict(const Result<ApplyOutcome> &outcome, ChangeConflict::Kind kind)
{
    return outcome && outcome->state == ApplyOutcome::State::Conflicts && outcome->conflicts.size() == 1 &&
           outcome->conflicts.constFirst().kind == kind;
}

} // namespace Roost::Testing

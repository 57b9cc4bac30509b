#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

// What the DDL of a relation is put together from. `facts` are those of CatalogSql::tableDdl(): names in them are
// quoted where they need it, and qualified. Statements end with a semicolon, without a line end.
namespace Roost::TableDdl {

/// The statements of the relation called `facts["name"]`, in an order in which they can run.
[[nodiscard]] QString text(const QJsonObject &facts);

/// The lines between the parentheses of CREATE TABLE that stand for columns.
[[nodiscard]] QStringList columnLines(const QJsonObject &facts);
/// What CREATE TABLE cannot say of columns: storage, statistics, options, and what differs from an inherited column's.
[[nodiscard]] QStringList columnStatements(const QJsonObject &facts);

/// CREATE SEQUENCE, without its owner.
[[nodiscard]] QString createSequence(const QJsonObject &sequence);
/// "INCREMENT BY 5 CYCLE": what differs from a fresh sequence of its type.
[[nodiscard]] QStringList sequenceOptions(const QJsonObject &sequence);

/// Of a relation that is a sequence.
[[nodiscard]] QStringList sequenceStatements(const QJsonObject &facts);
/// The sequences of serial columns: before the table, whose defaults name them; theirs they become after it.
[[nodiscard]] QStringList ownedSequences(const QJsonObject &facts, bool isBefore);
/// Their rights and comments, when they have got the table's owner with the table.
[[nodiscard]] QStringList ownedSequenceRights(const QJsonObject &facts);

[[nodiscard]] QStringList rulesAndTriggers(const QJsonObject &facts);
[[nodiscard]] QStringList rowSecurity(const QJsonObject &facts);
[[nodiscard]] QStringList statisticsStatements(const QJsonObject &facts);
/// On the relation and all that hangs on it.
[[nodiscard]] QStringList comments(const QJsonObject &facts);
[[nodiscard]] QString ownerStatement(const QString &words, const QJsonObject &object);

/// GRANT and REVOKE: `what` is "TABLE public.birds". Those of a fresh object take no statement.
[[nodiscard]] QStringList rightsStatements(const QString &what, const QJsonObject &object);
[[nodiscard]] QStringList columnRights(const QJsonObject &facts);
/// Nothing where there is no comment. `what` is "COLUMN public.birds.name".
[[nodiscard]] QStringList commentStatement(const QString &what, const QJsonValue &comment);

[[nodiscard]] QStringList texts(const QJsonValue &array);
/// ["a=1"] as "a '1'", as foreign tables have it.
[[nodiscard]] QString serverOptions(const QJsonValue &array);
/// ["fillfactor=70"] as "fillfactor='70'".
[[nodiscard]] QStringList storageOptions(const QJsonValue &array, const QString &prefix = {});
/// "ALTER TABLE ONLY public.birds", "ALTER VIEW …".
[[nodiscard]] QString alter(const QJsonObject &facts);
[[nodiscard]] QString kindWords(const QJsonObject &facts); ///< "TABLE", "MATERIALIZED VIEW" …

} // namespace Roost::TableDdl

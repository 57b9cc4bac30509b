#include "postgres/tableddlparts.h"

namespace Roost::TableDdl {

namespace {

QString textOf(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1String(key)).toString();
}

QString nameOf(const QJsonObject &facts)
{
    return textOf(facts, "name");
}

bool isPartition(const QJsonObject &facts)
{
    return !textOf(facts, "bound").isEmpty();
}

/// A constraint of CREATE TABLE; the others follow it: a key of other tables may need an index that is made later.
bool isInline(const QJsonObject &constraint, const QJsonObject &facts)
{
    const bool isOwn = constraint.value(u"isLocal").toBool() || isPartition(facts) ||
                       textOf(constraint, "kind") == u"p" || textOf(constraint, "kind") == u"u";
    return textOf(constraint, "kind") != u"f" && constraint.value(u"isValid").toBool() && isOwn;
}

QStringList constraintLines(const QJsonObject &facts)
{
    QStringList lines;
    for (const QJsonValue value : facts.value(u"constraints").toArray()) {
        const QJsonObject constraint = value.toObject();
        if (isInline(constraint, facts)) {
            lines += QStringLiteral("CONSTRAINT %1 %2").arg(nameOf(constraint), textOf(constraint, "definition"));
        }
    }
    return lines;
}

QStringList laterConstraints(const QJsonObject &facts, bool foreignKeys)
{
    QStringList statements;
    for (const QJsonValue value : facts.value(u"constraints").toArray()) {
        const QJsonObject constraint = value.toObject();
        const bool isForeignKey = textOf(constraint, "kind") == u"f";
        const bool isLeftOut = constraint.value(u"isCopy").toBool() || isInline(constraint, facts) ||
                               (!constraint.value(u"isLocal").toBool() && !isPartition(facts));
        if (isForeignKey == foreignKeys && !isLeftOut) {
            statements += QStringLiteral("%1 ADD CONSTRAINT %2 %3;")
                              .arg(alter(facts), nameOf(constraint), textOf(constraint, "definition"));
        }
    }
    return statements;
}

QString tableOptions(const QJsonObject &facts)
{
    const QStringList options = storageOptions(facts.value(u"options")) +
                                storageOptions(facts.value(u"toastOptions"), QStringLiteral("toast."));
    return options.isEmpty() ? QString() : QStringLiteral("\nWITH (%1)").arg(options.join(QStringLiteral(", ")));
}

QString accessAndPlace(const QJsonObject &facts, bool options = true)
{
    const QString method = textOf(facts, "accessMethod");
    const QString place = textOf(facts, "tablespace");
    return (method.isEmpty() ? QString() : QStringLiteral("\nUSING ") + method) +
           (options ? tableOptions(facts) : QString()) +
           (place.isEmpty() ? QString() : QStringLiteral("\nTABLESPACE ") + place);
}

QString createTable(const QJsonObject &facts)
{
    const QString kind = textOf(facts, "kind");
    const QString word = kind == u"f"                           ? QStringLiteral("FOREIGN TABLE")
                         : textOf(facts, "persistence") == u"u" ? QStringLiteral("UNLOGGED TABLE")
                         : textOf(facts, "persistence") == u"t" ? QStringLiteral("TEMPORARY TABLE")
                                                                : QStringLiteral("TABLE");
    QString sql = QStringLiteral("CREATE %1 %2").arg(word, nameOf(facts));
    const QString type = textOf(facts, "ofType");
    const QStringList lines = columnLines(facts) + constraintLines(facts);
    if (!type.isEmpty()) {
        sql += QStringLiteral(" OF ") + type;
    }
    if (!lines.isEmpty()) {
        sql += QStringLiteral(" (\n    ") + lines.join(QStringLiteral(",\n    ")) + QStringLiteral("\n)");
    } else if (type.isEmpty()) {
        sql += QStringLiteral(" ()");
    }
    const QStringList parents = texts(facts.value(u"parents"));
    if (!parents.isEmpty() && !isPartition(facts)) {
        sql += QStringLiteral("\nINHERITS (%1)").arg(parents.join(QStringLiteral(", ")));
    }
    if (kind == u"p") {
        sql += QStringLiteral("\nPARTITION BY ") + textOf(facts, "partitionKey");
    }
    if (kind == u"f") {
        const QString options = serverOptions(facts.value(u"serverOptions"));
        sql += QStringLiteral("\nSERVER ") + textOf(facts, "server") +
               (options.isEmpty() ? QString() : QStringLiteral("\nOPTIONS (%1)").arg(options));
        return sql + QLatin1Char(';');
    }
    return sql + accessAndPlace(facts) + QLatin1Char(';');
}

QString createView(const QJsonObject &facts)
{
    QString definition = textOf(facts, "definition").trimmed();
    if (definition.endsWith(u';')) {
        definition.chop(1);
    }
    if (textOf(facts, "kind") == u"m") {
        const QString data =
            facts.value(u"isPopulated").toBool() ? QStringLiteral("\nWITH DATA;") : QStringLiteral("\nWITH NO DATA;");
        return QStringLiteral("CREATE MATERIALIZED VIEW %1").arg(nameOf(facts)) + accessAndPlace(facts) +
               QStringLiteral(" AS\n") + definition + data;
    }
    QJsonArray options;
    QString check;
    for (const QString &option : texts(facts.value(u"options"))) {
        if (option.startsWith(u"check_option=")) {
            check = QStringLiteral("\nWITH %1 CHECK OPTION").arg(option.mid(13).toUpper());
        } else {
            options.append(option);
        }
    }
    const QStringList with = storageOptions(options);
    return QStringLiteral("CREATE VIEW %1").arg(nameOf(facts)) +
           (with.isEmpty() ? QString() : QStringLiteral(" WITH (%1)").arg(with.join(QStringLiteral(", ")))) +
           QStringLiteral(" AS\n") + definition + check + QLatin1Char(';');
}

/// The index that stands behind a constraint is made with it; only what the constraint cannot say is left to say.
QStringList indexStatements(const QJsonObject &facts)
{
    QStringList statements;
    for (const QJsonValue value : facts.value(u"indexes").toArray()) {
        const QJsonObject index = value.toObject();
        const QString qualified = textOf(facts, "schema") + QLatin1Char('.') + nameOf(index);
        const QStringList options = storageOptions(index.value(u"options"));
        if (!index.value(u"isOfConstraint").toBool()) {
            const bool isWhole = index.value(u"isValid").toBool() || textOf(facts, "kind") == u"p";
            statements += (isWhole ? QString() : QStringLiteral("-- This index is not valid:\n")) +
                          textOf(index, "definition") + QLatin1Char(';');
        } else if (!options.isEmpty()) {
            statements += QStringLiteral("ALTER INDEX %1 SET (%2);").arg(qualified, options.join(QStringLiteral(", ")));
        }
        const QString place = textOf(index, "tablespace");
        if (!place.isEmpty()) {
            statements += QStringLiteral("ALTER INDEX %1 SET TABLESPACE %2;").arg(qualified, place);
        }
        for (const QJsonValue one : index.value(u"statistics").toArray()) {
            statements += QStringLiteral("ALTER INDEX %1 ALTER COLUMN %2 SET STATISTICS %3;")
                              .arg(qualified)
                              .arg(one.toObject().value(u"column").toInt())
                              .arg(one.toObject().value(u"target").toInt());
        }
    }
    return statements;
}

QStringList identityStatements(const QJsonObject &facts)
{
    QStringList statements;
    const QString table =
        textOf(facts, "kind") == u"m" ? QStringLiteral("ALTER MATERIALIZED VIEW ") : QStringLiteral("ALTER TABLE ");
    QString replica = textOf(facts, "replicaIdentity") == u"f"   ? QStringLiteral("FULL")
                      : textOf(facts, "replicaIdentity") == u"n" ? QStringLiteral("NOTHING")
                                                                 : QString();
    for (const QJsonValue value : facts.value(u"indexes").toArray()) {
        const QJsonObject index = value.toObject();
        if (index.value(u"isClustered").toBool()) {
            statements += table + nameOf(facts) + QStringLiteral(" CLUSTER ON ") + nameOf(index) + QLatin1Char(';');
        }
        if (index.value(u"isReplicaIdentity").toBool()) {
            replica = QStringLiteral("USING INDEX ") + nameOf(index);
        }
    }
    const QString kind = textOf(facts, "kind");
    if (!replica.isEmpty() && (kind == u"r" || kind == u"p" || kind == u"m")) {
        statements += QStringLiteral("ALTER TABLE ONLY %1 REPLICA IDENTITY %2;").arg(nameOf(facts), replica);
    }
    return statements;
}

QStringList attachment(const QJsonObject &facts)
{
    if (!isPartition(facts)) {
        return {};
    }
    return {QStringLiteral("ALTER TABLE %1 ATTACH PARTITION %2 %3;")
                .arg(texts(facts.value(u"parents")).join(u' '), nameOf(facts), textOf(facts, "bound"))};
}

/// Its parts are tables with statements of their own.
QStringList childrenRemark(const QJsonObject &facts)
{
    const QJsonArray children = facts.value(u"children").toArray();
    if (children.isEmpty()) {
        return {};
    }
    QStringList lines{textOf(facts, "kind") == u"p" ? QStringLiteral("-- Its partitions, made by themselves:")
                                                    : QStringLiteral("-- Tables that inherit from it:")};
    for (const QJsonValue value : children) {
        const QString bound = textOf(value.toObject(), "bound");
        lines += QStringLiteral("--   ") + nameOf(value.toObject()).replace(u'\n', u' ') +
                 (bound.isEmpty() ? QString() : QLatin1Char(' ') + QString(bound).replace(u'\n', u' '));
    }
    return {lines.join(u'\n')};
}

QString join(const QList<QStringList> &groups)
{
    QStringList blocks;
    for (const QStringList &group : groups) {
        if (!group.isEmpty()) {
            blocks += group.join(u'\n');
        }
    }
    return blocks.join(QStringLiteral("\n\n")) + QLatin1Char('\n');
}

} // namespace

QString kindWords(const QJsonObject &facts)
{
    const QString kind = textOf(facts, "kind");
    return kind == u"v"   ? QStringLiteral("VIEW")
           : kind == u"m" ? QStringLiteral("MATERIALIZED VIEW")
           : kind == u"f" ? QStringLiteral("FOREIGN TABLE")
           : kind == u"S" ? QStringLiteral("SEQUENCE")
                          : QStringLiteral("TABLE");
}

QString alter(const QJsonObject &facts)
{
    const QString only = textOf(facts, "kind") == u"r" ? QStringLiteral("ONLY ") : QString();
    return QStringLiteral("ALTER %1 %2").arg(kindWords(facts), only + nameOf(facts));
}

QString text(const QJsonObject &facts)
{
    const QString kind = textOf(facts, "kind");
    if (kind == u"S") {
        return join({sequenceStatements(facts)});
    }
    const bool isView = kind == u"v" || kind == u"m";
    const QStringList created{isView ? createView(facts) : createTable(facts)};
    return join({ownedSequences(facts, true),
                 created,
                 ownedSequences(facts, false),
                 columnStatements(facts),
                 laterConstraints(facts, false),
                 indexStatements(facts),
                 attachment(facts),
                 identityStatements(facts),
                 laterConstraints(facts, true),
                 rulesAndTriggers(facts),
                 rowSecurity(facts),
                 statisticsStatements(facts),
                 comments(facts),
                 {ownerStatement(kindWords(facts), facts)},
                 rightsStatements(QStringLiteral("TABLE ") + nameOf(facts), facts) + columnRights(facts) +
                     ownedSequenceRights(facts),
                 childrenRemark(facts)});
}

} // namespace Roost::TableDdl

#include "postgres/tableddlparts.h"

namespace Roost::TableDdl {

namespace {

QString textOf(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1String(key)).toString();
}

QString identityClause(const QJsonObject &column)
{
    const QJsonObject sequence = column.value(u"sequence").toObject();
    QStringList options = sequenceOptions(sequence);
    options.removeIf([](const QString &option) { return option.startsWith(u"AS "); }); // its column's type is its type
    if (textOf(sequence, "name") != textOf(column, "usualSequence")) {
        options.prepend(QStringLiteral("SEQUENCE NAME ") + textOf(sequence, "name"));
    }
    const QString when = textOf(column, "identity") == u"a" ? QStringLiteral("ALWAYS") : QStringLiteral("BY DEFAULT");
    const QString clause = QStringLiteral("GENERATED %1 AS IDENTITY").arg(when);
    return options.isEmpty() ? clause : clause + QStringLiteral(" (") + options.join(u' ') + QLatin1Char(')');
}

QString valueClause(const QJsonObject &column)
{
    if (!textOf(column, "identity").isEmpty()) {
        return identityClause(column);
    }
    const QString expression = textOf(column, "default");
    const QString generated = textOf(column, "generated");
    if (!generated.isEmpty()) {
        const QString kept = generated == u"v" ? QStringLiteral("VIRTUAL") : QStringLiteral("STORED");
        return QStringLiteral("GENERATED ALWAYS AS (%1) %2").arg(expression, kept);
    }
    return expression.isEmpty() ? QString() : QStringLiteral("DEFAULT ") + expression;
}

QString notNullClause(const QJsonObject &column)
{
    if (!column.value(u"notNull").toBool()) {
        return {};
    }
    const QString name = textOf(column, "notNullName");
    const bool staysHere = textOf(column, "noInherit") == u"true";
    return (name.isEmpty() ? QString() : QStringLiteral("CONSTRAINT %1 ").arg(name)) + QStringLiteral("NOT NULL") +
           (staysHere ? QStringLiteral(" NO INHERIT") : QString());
}

/// A partition is made like a table of its own and then attached: all its columns are written.
bool isWritten(const QJsonObject &column, const QJsonObject &facts)
{
    return column.value(u"isLocal").toBool() || !textOf(facts, "bound").isEmpty();
}

QString columnLine(const QJsonObject &column, bool isTyped)
{
    QStringList words{textOf(column, "name")};
    if (isTyped) {
        words += QStringLiteral("WITH OPTIONS");
    } else {
        words += textOf(column, "type");
        const QString compression = textOf(column, "compression");
        if (!compression.isEmpty()) {
            words += compression == u"l" ? QStringLiteral("COMPRESSION lz4") : QStringLiteral("COMPRESSION pglz");
        }
        const QString options = serverOptions(column.value(u"serverOptions"));
        if (!options.isEmpty()) {
            words += QStringLiteral("OPTIONS (%1)").arg(options);
        }
        const QString collation = textOf(column, "collation");
        if (!collation.isEmpty()) {
            words += QStringLiteral("COLLATE ") + collation;
        }
    }
    words += valueClause(column);
    words += notNullClause(column);
    words.removeAll(QString());
    return isTyped && words.size() == 2 ? QString() : words.join(u' ');
}

QStringList inheritedDifferences(const QJsonObject &column)
{
    QStringList differences;
    const QJsonObject inherited = column.value(u"inherited").toObject();
    const QString expression = textOf(column, "default");
    const QStringList theirs = texts(inherited.value(u"defaults"));
    const bool isSame =
        !theirs.isEmpty() &&
        std::all_of(theirs.begin(), theirs.end(), [&expression](const QString &one) { return one == expression; });
    if (!isSame && textOf(column, "generated").isEmpty() && textOf(column, "identity").isEmpty()) {
        differences +=
            expression.isEmpty() ? QStringLiteral("DROP DEFAULT") : QStringLiteral("SET DEFAULT ") + expression;
    }
    const bool isStricter = column.value(u"notNullName").isNull() && !inherited.value(u"notNull").toBool();
    if (column.value(u"notNull").toBool() && isStricter) {
        differences += QStringLiteral("SET NOT NULL");
    }
    return differences;
}

QStringList settings(const QJsonObject &column)
{
    static const QMap<QString, QString> storages{{QStringLiteral("p"), QStringLiteral("PLAIN")},
                                                 {QStringLiteral("m"), QStringLiteral("MAIN")},
                                                 {QStringLiteral("x"), QStringLiteral("EXTENDED")},
                                                 {QStringLiteral("e"), QStringLiteral("EXTERNAL")}};
    QStringList found;
    const QString storage = textOf(column, "storage");
    if (!storage.isEmpty()) {
        found += QStringLiteral("SET STORAGE ") + storages.value(storage);
    }
    const QJsonValue statistics = column.value(u"statistics");
    if (statistics.isDouble()) {
        found += QStringLiteral("SET STATISTICS %1").arg(statistics.toInt());
    }
    const QStringList options = storageOptions(column.value(u"options"));
    if (!options.isEmpty()) {
        found += QStringLiteral("SET (%1)").arg(options.join(QStringLiteral(", ")));
    }
    return found;
}

} // namespace

QStringList columnLines(const QJsonObject &facts)
{
    const bool isTyped = !textOf(facts, "ofType").isEmpty();
    QStringList lines;
    for (const QJsonValue value : facts.value(u"columns").toArray()) {
        const QJsonObject column = value.toObject();
        const QString line = isTyped || isWritten(column, facts) ? columnLine(column, isTyped) : QString();
        if (!line.isEmpty()) {
            lines += line;
        }
    }
    return lines;
}

QStringList columnStatements(const QJsonObject &facts)
{
    const QString kind = textOf(facts, "kind");
    const bool isTable = kind != u"v" && kind != u"m" && kind != u"S";
    QStringList statements;
    for (const QJsonValue value : facts.value(u"columns").toArray()) {
        const QJsonObject column = value.toObject();
        QStringList actions;
        if (isTable && textOf(facts, "ofType").isEmpty() && !isWritten(column, facts)) {
            actions += inheritedDifferences(column);
        }
        if (kind == u"v" && !textOf(column, "default").isEmpty()) {
            actions += QStringLiteral("SET DEFAULT ") + textOf(column, "default");
        }
        if (kind != u"v" && kind != u"S") {
            actions += settings(column);
        }
        for (const QString &action : std::as_const(actions)) {
            statements += QStringLiteral("%1 ALTER COLUMN %2 %3;").arg(alter(facts), textOf(column, "name"), action);
        }
    }
    return statements;
}

} // namespace Roost::TableDdl

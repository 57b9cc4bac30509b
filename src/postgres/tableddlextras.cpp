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

/// "DISABLE", "ENABLE REPLICA" …; empty for what a fresh trigger or rule is.
QString stateWords(const QString &state, const QString &usual)
{
    if (state == usual) {
        return {};
    }
    return state == u"D"   ? QStringLiteral("DISABLE")
           : state == u"R" ? QStringLiteral("ENABLE REPLICA")
           : state == u"A" ? QStringLiteral("ENABLE ALWAYS")
                           : QStringLiteral("ENABLE");
}

QString ownedBy(const QJsonObject &sequence)
{
    const QJsonObject owner = sequence.value(u"ownedBy").toObject();
    return QStringLiteral("ALTER SEQUENCE %1 OWNED BY %2.%3;")
        .arg(nameOf(sequence), textOf(owner, "table"), textOf(owner, "column"));
}

} // namespace

QString ownerStatement(const QString &words, const QJsonObject &object)
{
    return QStringLiteral("ALTER %1 %2 OWNER TO %3;").arg(words, nameOf(object), textOf(object, "owner"));
}

QStringList rulesAndTriggers(const QJsonObject &facts)
{
    QStringList statements;
    for (const QString &word : {QStringLiteral("RULE"), QStringLiteral("TRIGGER")}) {
        const bool areRules = word == u"RULE";
        for (const QJsonValue value : facts.value(areRules ? u"rules" : u"triggers").toArray()) {
            const QJsonObject one = value.toObject();
            const QString parent = textOf(one, "parentState");
            if (parent.isEmpty()) {
                const QString definition = textOf(one, "definition").trimmed();
                statements += definition + (definition.endsWith(u';') ? QString() : QStringLiteral(";"));
            }
            const QString state = stateWords(textOf(one, "state"), parent.isEmpty() ? QStringLiteral("O") : parent);
            if (!state.isEmpty()) {
                statements += QStringLiteral("ALTER TABLE %1 %2 %3 %4;").arg(nameOf(facts), state, word, nameOf(one));
            }
        }
    }
    return statements;
}

QStringList rowSecurity(const QJsonObject &facts)
{
    static const QMap<QString, QString> commands{{QStringLiteral("r"), QStringLiteral(" FOR SELECT")},
                                                 {QStringLiteral("a"), QStringLiteral(" FOR INSERT")},
                                                 {QStringLiteral("w"), QStringLiteral(" FOR UPDATE")},
                                                 {QStringLiteral("d"), QStringLiteral(" FOR DELETE")}};
    QStringList statements;
    if (facts.value(u"hasRowSecurity").toBool()) {
        statements += QStringLiteral("ALTER TABLE %1 ENABLE ROW LEVEL SECURITY;").arg(nameOf(facts));
    }
    if (facts.value(u"forcesRowSecurity").toBool()) {
        statements += QStringLiteral("ALTER TABLE ONLY %1 FORCE ROW LEVEL SECURITY;").arg(nameOf(facts));
    }
    for (const QJsonValue value : facts.value(u"policies").toArray()) {
        const QJsonObject policy = value.toObject();
        const QStringList roles = texts(policy.value(u"roles"));
        QString sql = QStringLiteral("CREATE POLICY %1 ON %2").arg(nameOf(policy), nameOf(facts));
        sql += policy.value(u"isPermissive").toBool() ? QString() : QStringLiteral(" AS RESTRICTIVE");
        sql += commands.value(textOf(policy, "command"));
        sql += roles.isEmpty() ? QString() : QStringLiteral(" TO ") + roles.join(QStringLiteral(", "));
        for (const auto &[key, word] : {std::pair("using", "USING"), std::pair("check", "WITH CHECK")}) {
            const QString expression = textOf(policy, key);
            sql +=
                expression.isEmpty() ? QString() : QStringLiteral("\n    %1 (%2)").arg(QLatin1String(word), expression);
        }
        statements += sql + QLatin1Char(';');
    }
    return statements;
}

QStringList statisticsStatements(const QJsonObject &facts)
{
    QStringList statements;
    for (const QJsonValue value : facts.value(u"statistics").toArray()) {
        const QJsonObject one = value.toObject();
        statements += textOf(one, "definition") + QLatin1Char(';');
        if (one.value(u"target").isDouble()) {
            statements += QStringLiteral("ALTER STATISTICS %1 SET STATISTICS %2;")
                              .arg(nameOf(one))
                              .arg(one.value(u"target").toInt());
        }
        statements += QStringLiteral("ALTER STATISTICS %1 OWNER TO %2;").arg(nameOf(one), textOf(one, "owner"));
    }
    return statements;
}

QStringList comments(const QJsonObject &facts)
{
    QStringList statements =
        commentStatement(kindWords(facts) + QLatin1Char(' ') + nameOf(facts), facts.value(u"comment"));
    const QString on = QStringLiteral(" ON ") + nameOf(facts);
    const auto add = [&](const char *list, const QString &word, const QString &before, const QString &after) {
        for (const QJsonValue value : facts.value(QLatin1String(list)).toArray()) {
            const QJsonObject one = value.toObject();
            statements +=
                commentStatement(word + QLatin1Char(' ') + before + nameOf(one) + after, one.value(u"comment"));
        }
    };
    add("columns", QStringLiteral("COLUMN"), nameOf(facts) + QLatin1Char('.'), {});
    add("constraints", QStringLiteral("CONSTRAINT"), {}, on);
    add("indexes", QStringLiteral("INDEX"), textOf(facts, "schema") + QLatin1Char('.'), {});
    add("rules", QStringLiteral("RULE"), {}, on);
    add("triggers", QStringLiteral("TRIGGER"), {}, on);
    add("policies", QStringLiteral("POLICY"), {}, on);
    add("statistics", QStringLiteral("STATISTICS"), {}, {});
    return statements;
}

QStringList sequenceStatements(const QJsonObject &facts)
{
    const QJsonObject sequence = facts.value(u"sequence").toObject();
    QStringList statements{createSequence(sequence), ownerStatement(QStringLiteral("SEQUENCE"), sequence)};
    const QJsonObject owner = sequence.value(u"ownedBy").toObject();
    if (owner.value(u"isIdentity").toBool()) {
        statements.prepend(QStringLiteral("-- The identity column %1.%2 makes it by itself.")
                               .arg(textOf(owner, "table"), textOf(owner, "column")));
    } else if (!owner.isEmpty()) {
        statements += ownedBy(sequence);
    }
    const QString what = QStringLiteral("SEQUENCE ") + nameOf(sequence);
    return statements + commentStatement(what, sequence.value(u"comment")) + rightsStatements(what, sequence);
}

QStringList ownedSequences(const QJsonObject &facts, bool isBefore)
{
    QStringList statements;
    for (const QJsonValue value : facts.value(u"sequences").toArray()) {
        const QJsonObject sequence = value.toObject();
        if (isBefore) {
            statements += createSequence(sequence);
            continue;
        }
        statements += ownedBy(sequence);
    }
    return statements;
}

QStringList ownedSequenceRights(const QJsonObject &facts)
{
    QStringList statements;
    for (const QJsonValue value : facts.value(u"sequences").toArray()) {
        const QJsonObject sequence = value.toObject();
        const QString what = QStringLiteral("SEQUENCE ") + nameOf(sequence);
        statements += commentStatement(what, sequence.value(u"comment"));
        statements += rightsStatements(what, sequence);
    }
    return statements;
}

} // namespace Roost::TableDdl

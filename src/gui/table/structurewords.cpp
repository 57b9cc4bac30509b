#include "gui/table/structurewords.h"

#include "models/plaintext.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace Roost::StructureWords {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(StructureWords)
};

} // namespace

QString defaultText(const ColumnInfo &column)
{
    if (!column.identity.isEmpty()) {
        return Text::tr("generated %1 as identity").arg(column.identity);
    }
    if (column.generated) {
        return Text::tr("computed: %1").arg(column.defaultExpression);
    }
    return column.defaultExpression;
}

QString typeFacts(const ColumnInfo &column)
{
    if (!column.enumLabels.isEmpty()) {
        return column.enumLabels.join(QStringLiteral(", "));
    }
    return column.domain;
}

QString nameOf(const TableId &table)
{
    return table.schema == u"public" ? table.name : table.schema + QLatin1Char('.') + table.name;
}

QString linkRules(const QString &definition)
{
    const qsizetype references = definition.indexOf(u" REFERENCES ");
    const qsizetype end = definition.indexOf(u')', references);
    return references < 0 || end < 0 ? QString() : definition.mid(end + 1).trimmed();
}

QString shortDefinition(const QString &definition)
{
    const auto after = [&definition](QStringView word) {
        const qsizetype at = definition.indexOf(word);
        return at < 0 ? definition : definition.mid(at + word.size()).trimmed();
    };
    if (definition.startsWith(u"CREATE UNIQUE INDEX ")) {
        return QStringLiteral("UNIQUE, ") + after(u" USING ");
    }
    if (definition.startsWith(u"CREATE INDEX ")) {
        return after(u" USING ");
    }
    if (definition.startsWith(u"CREATE RULE ")) {
        return after(u" AS");
    }
    static const QRegularExpression named(
        QStringLiteral("^CREATE (CONSTRAINT )?(TRIGGER|STATISTICS) ((\"([^\"]|\"\")*\"|[^\" .]+)\\.?)+ "));
    const QRegularExpressionMatch match = named.match(definition);
    const QString kind = match.captured(1).isEmpty() ? QString() : QStringLiteral("CONSTRAINT, ");
    return match.hasMatch() ? kind + definition.mid(match.capturedLength()) : definition;
}

QStringList facts(const TableDescription &description)
{
    const RelationInfo &relation = description.relation;
    QStringList facts{relationKindName(relation.kind), Text::tr("owner %1").arg(relation.owner)};
    const auto fact = [&facts](const QString &text, const QString &value) {
        if (!value.isEmpty()) {
            facts += text.arg(value);
        }
    };
    fact(QStringLiteral("%1"), description.persistence);
    fact(Text::tr("of type %1"), description.ofType);
    fact(Text::tr("on server %1"), description.server);
    fact(Text::tr("tablespace %1"), description.tablespace);
    if (!description.accessMethod.isEmpty() && description.accessMethod != u"heap") {
        fact(Text::tr("access method %1"), description.accessMethod);
    }
    fact(Text::tr("row security %1"), description.rowSecurity);
    fact(Text::tr("replica identity: %1"), description.replicaIdentity);
    fact(Text::tr("published by %1"), description.publications.join(QStringLiteral(", ")));
    fact(QStringLiteral("%1"), (description.options + description.serverOptions).join(QStringLiteral(", ")));
    if (relation.kind == RelationKind::View) {
        facts += description.isUpdatableView ? Text::tr("takes changes") : Text::tr("takes no changes");
    }
    return facts;
}

QStringList sizes(const TableDescription &description)
{
    QStringList sizes{Text::tr("rows %1").arg(sizeText(description.tableBytes)),
                      Text::tr("indexes %1").arg(sizeText(description.indexBytes))};
    if (description.toastBytes > 0) {
        sizes += Text::tr("long values %1").arg(sizeText(description.toastBytes));
    }
    sizes +=
        Text::tr("in all %1")
            .arg(sizeText(description.tableBytes + description.indexBytes + qMax<qint64>(description.toastBytes, 0)));
    return sizes;
}

} // namespace Roost::StructureWords

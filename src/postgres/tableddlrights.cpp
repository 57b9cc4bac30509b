#include "postgres/identifier.h"
#include "postgres/tableddlparts.h"

namespace Roost::TableDdl {

namespace {

struct Grant
{
    QString grantee;
    bool mayGrant = false;
    QStringList rights;
};

/// Those of one grantee together, in the order in which they were given.
QList<Grant> grantsOf(const QJsonValue &acl)
{
    QList<Grant> grants;
    for (const QJsonValue value : acl.toArray()) {
        const QJsonObject object = value.toObject();
        const QString grantee = object.value(u"grantee").toString();
        const bool mayGrant = object.value(u"mayGrant").toBool();
        const auto known = std::find_if(grants.begin(), grants.end(), [&](const Grant &one) {
            return one.grantee == grantee && one.mayGrant == mayGrant;
        });
        const QString right = object.value(u"right").toString();
        if (known != grants.end()) {
            known->rights += right;
        } else {
            grants += Grant{grantee, mayGrant, {right}};
        }
    }
    return grants;
}

QString ending(const Grant &grant)
{
    return QStringLiteral(" TO ") + grant.grantee +
           (grant.mayGrant ? QStringLiteral(" WITH GRANT OPTION;") : QStringLiteral(";"));
}

bool areSame(QStringList a, QStringList b)
{
    a.sort();
    b.sort();
    return a == b;
}

} // namespace

QStringList rightsStatements(const QString &what, const QJsonObject &object)
{
    const QJsonValue acl = object.value(u"rights");
    if (acl.isNull()) {
        return {};
    }
    const QString owner = object.value(u"owner").toString();
    const QStringList all = texts(object.value(u"ownRights"));
    const QList<Grant> grants = grantsOf(acl);
    QStringList statements;
    QStringList owners;
    for (const Grant &grant : grants) {
        owners += grant.grantee == owner ? grant.rights : QStringList();
    }
    const bool isOwnerUsual = areSame(owners, all);
    if (!isOwnerUsual) {
        statements += QStringLiteral("REVOKE ALL ON %1 FROM %2;").arg(what, owner);
    }
    for (const Grant &grant : grants) {
        if (grant.grantee != owner || !isOwnerUsual) {
            const QString rights =
                areSame(grant.rights, all) ? QStringLiteral("ALL") : grant.rights.join(QStringLiteral(", "));
            statements += QStringLiteral("GRANT %1 ON %2").arg(rights, what) + ending(grant);
        }
    }
    return statements;
}

QStringList columnRights(const QJsonObject &facts)
{
    QStringList statements;
    for (const QJsonValue value : facts.value(u"columns").toArray()) {
        const QJsonObject column = value.toObject();
        const QString name = column.value(u"name").toString();
        for (const Grant &grant : grantsOf(column.value(u"rights"))) {
            QStringList rights;
            for (const QString &right : grant.rights) {
                rights += QStringLiteral("%1 (%2)").arg(right, name);
            }
            statements += QStringLiteral("GRANT %1 ON TABLE %2")
                              .arg(rights.join(QStringLiteral(", ")), facts.value(u"name").toString()) +
                          ending(grant);
        }
    }
    return statements;
}

QStringList commentStatement(const QString &what, const QJsonValue &comment)
{
    if (comment.toString().isEmpty()) {
        return {};
    }
    return {QStringLiteral("COMMENT ON %1 IS %2;").arg(what, quoteLiteral(comment.toString()).trimmed())};
}

QStringList sequenceOptions(const QJsonObject &sequence)
{
    const auto text = [&sequence](QStringView key) { return sequence.value(key).toString(); };
    const QString type = text(u"type");
    const QString most = type == u"smallint"  ? QStringLiteral("32767")
                         : type == u"integer" ? QStringLiteral("2147483647")
                                              : QStringLiteral("9223372036854775807");
    const QString least = type == u"smallint"  ? QStringLiteral("-32768")
                          : type == u"integer" ? QStringLiteral("-2147483648")
                                               : QStringLiteral("-9223372036854775808");
    const bool isDown = text(u"increment").startsWith(u'-');
    const QString usualLeast = isDown ? least : QStringLiteral("1");
    const QString usualMost = isDown ? QStringLiteral("-1") : most;
    QStringList options;
    const auto add = [&options](const QString &words, const QString &value, const QString &usual) {
        if (value != usual) {
            options += words + QLatin1Char(' ') + value;
        }
    };
    add(QStringLiteral("AS"), type, QStringLiteral("bigint"));
    add(QStringLiteral("INCREMENT BY"), text(u"increment"), QStringLiteral("1"));
    add(QStringLiteral("MINVALUE"), text(u"min"), usualLeast);
    add(QStringLiteral("MAXVALUE"), text(u"max"), usualMost);
    add(QStringLiteral("START WITH"), text(u"start"), isDown ? text(u"max") : text(u"min"));
    add(QStringLiteral("CACHE"), text(u"cache"), QStringLiteral("1"));
    if (sequence.value(u"cycle").toBool()) {
        options += QStringLiteral("CYCLE");
    }
    return options;
}

QString createSequence(const QJsonObject &sequence)
{
    QStringList words{sequence.value(u"persistence").toString() == u"u" ? QStringLiteral("CREATE UNLOGGED SEQUENCE")
                                                                        : QStringLiteral("CREATE SEQUENCE"),
                      sequence.value(u"name").toString()};
    words += sequenceOptions(sequence);
    return words.join(u' ') + QLatin1Char(';');
}

QStringList texts(const QJsonValue &array)
{
    QStringList found;
    for (const QJsonValue value : array.toArray()) {
        found += value.toString();
    }
    return found;
}

QString serverOptions(const QJsonValue &array)
{
    QStringList options;
    for (const QString &option : texts(array)) {
        const qsizetype sign = option.indexOf(u'=');
        options += quoteIdentifier(option.left(sign)) + QLatin1Char(' ') + quoteLiteral(option.mid(sign + 1)).trimmed();
    }
    return options.join(QStringLiteral(", "));
}

QStringList storageOptions(const QJsonValue &array, const QString &prefix)
{
    QStringList options;
    for (const QString &option : texts(array)) {
        const qsizetype sign = option.indexOf(u'=');
        options += prefix + option.left(sign) + QStringLiteral(" = ") + quoteLiteral(option.mid(sign + 1)).trimmed();
    }
    return options;
}

} // namespace Roost::TableDdl

#include "postgres/databaseadmin.h"
#include "postgres/identifier.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace Roost::DatabaseAdmin {

namespace {

struct DatabaseNameText
{
    Q_DECLARE_TR_FUNCTIONS(DatabaseNameText)
};

/// The words that PostgreSQL takes as a name only in quotes.
bool isReserved(const QString &name)
{
    static const QSet<QString> words = [] {
        const QStringList list =
            QStringLiteral(
                "all analyse analyze and any array as asc asymmetric authorization binary both case cast check "
                "collate collation column concurrently constraint create cross current_catalog current_date "
                "current_role current_schema current_time current_timestamp current_user default deferrable "
                "desc distinct do else end except false fetch for foreign freeze from full grant group having "
                "ilike in initially inner intersect into is isnull join lateral leading left like limit "
                "localtime localtimestamp natural not notnull null offset on only or order outer overlaps "
                "placing primary references returning right select session_user similar some symmetric "
                "system_user table tablesample then to trailing true union unique user using variadic verbose "
                "when where window with")
                .split(u' ');
        return QSet<QString>(list.cbegin(), list.cend());
    }();
    return words.contains(name);
}

QString errorIn(const QString &name, const QStringList &existing)
{
    if (QString problem = identifierProblem(name); !problem.isEmpty()) {
        return problem;
    }
    if (existing.contains(name)) {
        return DatabaseNameText::tr("There is a database “%1” already. Choose another name.").arg(name);
    }
    if (name == u"postgres" || name == u"template0" || name == u"template1") {
        return DatabaseNameText::tr("“%1” is a database of PostgreSQL itself. Choose another name.").arg(name);
    }
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control; };
    if (std::any_of(name.cbegin(), name.cend(), isControl)) {
        return DatabaseNameText::tr("The name holds a line end or another control character. Type it anew.");
    }
    if (name.trimmed() != name) {
        return DatabaseNameText::tr("The name begins or ends with a blank, which nobody will see. Remove it.");
    }
    return {};
}

/// Why the name needs quotes in SQL; empty if it does not.
QString reasonForQuotes(const QString &name)
{
    static const QRegularExpression upper(QStringLiteral("[A-Z]"));
    static const QRegularExpression plain(QStringLiteral(R"(\A[a-z_][a-z0-9_]*\z)"));
    if (name.contains(u'-')) {
        return DatabaseNameText::tr("it holds a hyphen");
    }
    if (name.contains(u' ')) {
        return DatabaseNameText::tr("it holds a blank");
    }
    if (name.contains(upper)) {
        return DatabaseNameText::tr("it holds capital letters");
    }
    if (name.front().isDigit()) {
        return DatabaseNameText::tr("it begins with a digit");
    }
    if (isReserved(name)) {
        return DatabaseNameText::tr("it is a word of SQL");
    }
    return plain.match(name).hasMatch() ? QString() : DatabaseNameText::tr("it holds special characters");
}

/// A name close to this one that needs no quotes; empty when there is none.
QString easierName(const QString &name)
{
    static const QRegularExpression others(QStringLiteral("[^a-z0-9]+"));
    static const QRegularExpression edges(QStringLiteral(R"(\A[_0-9]+|_+\z)"));
    const QString easier = name.toLower().replace(others, QStringLiteral("_")).remove(edges);
    if (easier.isEmpty()) {
        return {};
    }
    return isReserved(easier) ? easier + QStringLiteral("_db") : easier;
}

} // namespace

NameAdvice adviseName(const QString &name, const QStringList &existing)
{
    if (const QString error = errorIn(name, existing); !error.isEmpty()) {
        return {error, true};
    }
    const QString reason = reasonForQuotes(name);
    if (reason.isEmpty()) {
        return {};
    }
    const QString easier = easierName(name);
    const QString advice = DatabaseNameText::tr("In SQL this name must stand in double quotes, as %1.").arg(reason);
    if (easier.isEmpty() || existing.contains(easier)) {
        return {advice, false};
    }
    return {advice + u' ' + DatabaseNameText::tr("“%1” is easier.").arg(easier), false};
}

} // namespace Roost::DatabaseAdmin

#include "postgres/rowfilter.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>

namespace Roost {

namespace {

using Operator = FilterCondition::Operator;

struct RowFilterText
{
    Q_DECLARE_TR_FUNCTIONS(RowFilterText)
};

struct Sign
{
    QLatin1String text;
    Operator op;
};

/// Longer ones before those that they begin with.
constexpr std::array<Sign, 10> signs{{{QLatin1String("<>"), Operator::NotEqual},
                                      {QLatin1String("!="), Operator::NotEqual},
                                      {QLatin1String("<="), Operator::LessOrEqual},
                                      {QLatin1String(">="), Operator::GreaterOrEqual},
                                      {QLatin1String("=="), Operator::Equal},
                                      {QLatin1String("="), Operator::Equal},
                                      {QLatin1String("<"), Operator::Less},
                                      {QLatin1String(">"), Operator::Greater},
                                      {QLatin1String("~"), Operator::Regex},
                                      {QLatin1String("^"), Operator::StartsWith}}};

bool isText(const RowColumn &column)
{
    return column.category == 'S';
}

bool isWholeNumber(const RowColumn &column)
{
    return column.baseOid == 20 || column.baseOid == 21 || column.baseOid == 23;
}

QString example(const RowColumn &column)
{
    switch (column.category) {
    case 'N':
        return QStringLiteral("= 10, > 10, 1..10, in (1, 2), null");
    case 'B':
        return QStringLiteral("true, false, null");
    case 'D':
        return QStringLiteral(">= 2026-01-01, 2026-01-01..2026-01-31, null");
    case 'S':
        return QStringLiteral("abc, = abc, ^abc, in (abc, def), ~ ^a.*z$, null");
    default:
        return QStringLiteral("= value, <> value, in (a, b), contains abc, null");
    }
}

tl::unexpected<Error> refused(const RowColumn &column, const QString &why)
{
    //: %1 is what is wrong, %2 are examples of what can be typed
    return failure(ErrorCode::InvalidInput, RowFilterText::tr("%1 For example: %2").arg(why, example(column)));
}

bool isQuoted(const QString &text)
{
    if (text.size() < 2 || !text.startsWith(u'\'') || !text.endsWith(u'\'')) {
        return false;
    }
    QString inside = text.mid(1, text.size() - 2);
    return !inside.remove(QStringLiteral("''")).contains(u'\'');
}

QString unquoted(const QString &typed)
{
    const QString text = typed.trimmed();
    return isQuoted(text) ? text.mid(1, text.size() - 2).replace(QStringLiteral("''"), QStringLiteral("'")) : text;
}

QString quoted(QString text)
{
    return u'\'' + text.replace(u'\'', QStringLiteral("''")) + u'\'';
}

/// The parts between the separators that stand outside of quotes.
QStringList split(const QString &text, const QString &separator)
{
    QStringList parts;
    bool isInside = false;
    qsizetype begin = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) == u'\'') {
            isInside = !isInside;
        } else if (!isInside && QStringView(text).sliced(i).startsWith(separator, Qt::CaseInsensitive)) {
            parts += text.mid(begin, i - begin);
            i += separator.size() - 1;
            begin = i + 1;
        }
    }
    parts += text.mid(begin);
    return parts;
}

/// What the server would refuse without saying how it should be written.
Result<void> checkValue(const RowColumn &column, const QString &value)
{
    static const QRegularExpression whole(QStringLiteral(R"(^[+-]?\d+$)"));
    static const QRegularExpression number(QStringLiteral(R"(^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$)"),
                                           QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression special(QStringLiteral("^[+-]?(nan|inf(inity)?)$"),
                                            QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression uuid(QStringLiteral(R"(^\{?([0-9a-f]{4}-?){7}[0-9a-f]{4}\}?$)"),
                                         QRegularExpression::CaseInsensitiveOption);
    const bool isFraction = column.baseOid == 700 || column.baseOid == 701 || column.baseOid == 1700;
    if (isWholeNumber(column) && !whole.match(value).hasMatch()) {
        return refused(column, RowFilterText::tr("“%1” is no whole number.").arg(value));
    }
    if (isFraction && !number.match(value).hasMatch() && !special.match(value).hasMatch()) {
        return refused(column, value.contains(u',')
                                   ? RowFilterText::tr("“%1” is no number: write it with a point.").arg(value)
                                   : RowFilterText::tr("“%1” is no number.").arg(value));
    }
    if (column.baseOid == 2950 && !uuid.match(value).hasMatch()) {
        return refused(column,
                       RowFilterText::tr("“%1” is no whole UUID; “contains …” finds a part of one.").arg(value));
    }
    return {};
}

Result<FilterCondition> condition(const RowColumn &column, Operator op, const QStringList &values)
{
    const bool isPattern = op == Operator::Contains || op == Operator::StartsWith || op == Operator::Regex;
    for (const QString &value : values) {
        if (const Result<void> isFine = isPattern ? Result<void>() : checkValue(column, value); !isFine) {
            return failure(isFine.error());
        }
    }
    return FilterCondition{column.name, op, values};
}

Result<FilterCondition> listCondition(const RowColumn &column, QString list)
{
    list = list.trimmed();
    if (list.startsWith(u'(') && list.endsWith(u')')) {
        list = list.mid(1, list.size() - 2);
    }
    QStringList values;
    for (const QString &item : split(list, QStringLiteral(","))) {
        if (!item.trimmed().isEmpty()) {
            values += unquoted(item);
        }
    }
    return values.isEmpty() ? refused(column, RowFilterText::tr("The list is empty."))
                            : condition(column, Operator::In, values);
}

/// "null", "is not null", "<> null" …; nothing for everything else.
std::optional<Operator> nullOperator(const QString &text)
{
    static const QRegularExpression isNull(QStringLiteral(R"(^(is\s+|=\s*)?null$)"),
                                           QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression isNotNull(QStringLiteral(R"(^((is\s+)?not\s+|(<>|!=|!)\s*)null$)"),
                                              QRegularExpression::CaseInsensitiveOption);
    return isNull.match(text).hasMatch()      ? std::optional(Operator::IsNull)
           : isNotNull.match(text).hasMatch() ? std::optional(Operator::IsNotNull)
                                              : std::nullopt;
}

/// "a..b", "a.." and "..b"; nothing for everything else.
std::optional<Result<FilterCondition>> rangeCondition(const RowColumn &column, const QString &text)
{
    const QStringList ends = split(text, QStringLiteral(".."));
    if (ends.size() != 2 || isText(column)) {
        return std::nullopt;
    }
    const bool hasFirst = !ends.at(0).trimmed().isEmpty();
    const bool hasLast = !ends.at(1).trimmed().isEmpty();
    if (hasFirst && hasLast) {
        return condition(column, Operator::Between, {unquoted(ends.at(0)), unquoted(ends.at(1))});
    }
    if (hasFirst) {
        return condition(column, Operator::GreaterOrEqual, {unquoted(ends.at(0))});
    }
    if (hasLast) {
        return condition(column, Operator::LessOrEqual, {unquoted(ends.at(1))});
    }
    return refused(column, RowFilterText::tr("A range needs at least one end."));
}

/// Conditions that begin with a word; nothing for everything else.
std::optional<Result<FilterCondition>> wordCondition(const RowColumn &column, const QString &text)
{
    static const QRegularExpression words(QStringLiteral(R"(^(in|not\s+in|between|contains)\b\s*(.*)$)"),
                                          QRegularExpression::CaseInsensitiveOption |
                                              QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = words.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    const QString word = match.captured(1).toLower();
    const QString rest = match.captured(2).trimmed();
    if (word == u"contains") {
        return rest.isEmpty() ? std::nullopt : std::optional(condition(column, Operator::Contains, {unquoted(rest)}));
    }
    if (word == u"between") {
        const QStringList ends = split(rest, QStringLiteral(" and "));
        return ends.size() == 2
                   ? std::optional(condition(column, Operator::Between, {unquoted(ends.at(0)), unquoted(ends.at(1))}))
                   : std::nullopt;
    }
    const bool isList = rest.startsWith(u'(') && rest.endsWith(u')');
    if (isText(column) && !isList) {
        return std::nullopt; // "in the woods"
    }
    if (word != u"in") {
        return refused(column, RowFilterText::tr("“not in” can be written in the WHERE box, not here."));
    }
    return listCondition(column, rest);
}

std::optional<Result<FilterCondition>> signCondition(const RowColumn &column, const QString &text)
{
    for (const Sign &sign : signs) {
        if (!text.startsWith(sign.text)) {
            continue;
        }
        QString rest = text.mid(sign.text.size()).trimmed();
        const bool anyCase = sign.op == Operator::Regex && rest.startsWith(u'*');
        if (anyCase) {
            rest = rest.mid(1).trimmed();
        }
        if (rest.isEmpty()) {
            return refused(column, RowFilterText::tr("A value is missing behind “%1”; the empty text is ''.")
                                       .arg(text.left(sign.text.size() + (anyCase ? 1 : 0))));
        }
        const QString value = unquoted(rest);
        return condition(column, sign.op, {anyCase ? QStringLiteral("(?i)") + value : value});
    }
    return std::nullopt;
}

/// A value that no form of parseCondition() takes for anything else, behind an operator or alone.
bool isPlain(const QString &value)
{
    static const QRegularExpression word(QStringLiteral(R"(^(in|not|is|between|contains|null)\b)"),
                                         QRegularExpression::CaseInsensitiveOption);
    if (value.isEmpty() || value.trimmed() != value || value.contains(QStringLiteral("..")) ||
        word.match(value).hasMatch()) {
        return false;
    }
    static const QString special = QStringLiteral("=<>!~^*'");
    return !special.contains(value.front()) && !value.contains(u'\'') && !value.contains(u',') &&
           !value.contains(u'(') && !value.contains(u')') &&
           !value.contains(QStringLiteral(" and "), Qt::CaseInsensitive);
}

QString plainOrQuoted(const QString &value)
{
    return isPlain(value) ? value : quoted(value);
}

QString signOf(Operator op)
{
    for (const Sign &sign : signs) {
        if (sign.op == op && sign.text != QLatin1String("==")) {
            return sign.text;
        }
    }
    return {};
}

} // namespace

Result<FilterCondition> parseCondition(const RowColumn &column, const QString &typed)
{
    const QString text = typed.trimmed();
    if (text.isEmpty()) {
        return refused(column, RowFilterText::tr("Nothing is typed here."));
    }
    if (text.contains(QChar::Null)) {
        return refused(column, RowFilterText::tr("The text holds a zero character, which PostgreSQL does not take."));
    }
    if (const std::optional<Operator> op = nullOperator(text)) {
        return FilterCondition{column.name, *op, {}};
    }
    if (!isQuoted(text)) {
        for (const auto &form : {signCondition, wordCondition, rangeCondition}) {
            if (const std::optional<Result<FilterCondition>> found = form(column, text)) {
                return *found;
            }
        }
    }
    return condition(column, isText(column) ? Operator::Contains : Operator::Equal, {unquoted(text)});
}

QString conditionText(const FilterCondition &condition, const RowColumn &column)
{
    const QString value = condition.values.value(0);
    const bool isKnown = !column.name.isEmpty();
    switch (condition.op) {
    case Operator::IsNull:
        return QStringLiteral("null");
    case Operator::IsNotNull:
        return QStringLiteral("not null");
    case Operator::Contains:
        return isKnown && isText(column) ? plainOrQuoted(value) : QStringLiteral("contains ") + plainOrQuoted(value);
    case Operator::Regex: {
        const bool isSafe =
            !value.isEmpty() && value.trimmed() == value && !value.startsWith(u'\'') && !value.startsWith(u'*');
        return QStringLiteral("~ ") + (isSafe ? value : quoted(value));
    }
    case Operator::StartsWith:
        return u'^' + plainOrQuoted(value);
    case Operator::In: {
        QStringList items;
        for (const QString &item : condition.values) {
            items += plainOrQuoted(item);
        }
        return QStringLiteral("in (%1)").arg(items.join(QStringLiteral(", ")));
    }
    case Operator::Between: {
        const QString form =
            isKnown && !isText(column) ? QStringLiteral("%1..%2") : QStringLiteral("between %1 and %2");
        return form.arg(plainOrQuoted(value), plainOrQuoted(condition.values.value(1)));
    }
    default:
        return signOf(condition.op) + u' ' + plainOrQuoted(value);
    }
}

} // namespace Roost

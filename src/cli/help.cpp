#include "cli/help.h"

#include "cli/text.h"
#include "cli/verb.h"

#include <algorithm>

namespace Roost {

namespace {

const QString program = QStringLiteral("roost-cli");

/// Lines of two columns, the second aligned.
QString twoColumns(const QList<std::pair<QString, QString>> &lines)
{
    qsizetype width = 0;
    for (const auto &line : lines) {
        width = std::max(width, line.first.size());
    }
    QString text;
    for (const auto &line : lines) {
        const QString indented = QString(line.second).replace(u'\n', u'\n' + QString(width + 4, u' '));
        text += QStringLiteral("  %1  %2\n").arg(line.first, -int(width)).arg(indented);
    }
    return text;
}

QString optionUsage(const Verb::Option &option)
{
    return option.value.isEmpty() ? QStringLiteral("--") + option.name
                                  : QStringLiteral("--%1 %2").arg(option.name, option.value);
}

QString argumentUsage(const Verb::Argument &argument)
{
    return argument.mayBeMissing ? u'[' + argument.name + u']' : argument.name;
}

} // namespace

QString usageLine(const Verb &verb)
{
    QStringList words{program, verb.name};
    for (const Verb::Argument &argument : verb.arguments) {
        words += argumentUsage(argument);
    }
    for (const Verb::Option &option : verb.options) {
        words += u'[' + optionUsage(option) + u']';
    }
    return words.join(u' ');
}

QString generalHelp()
{
    QList<std::pair<QString, QString>> verbs;
    for (const Verb &verb : allVerbs()) {
        QString usage = verb.name;
        for (const Verb::Argument &argument : verb.arguments) {
            usage += u' ' + argumentUsage(argument);
        }
        if (!verb.isHidden) {
            verbs.append({usage, verb.summary});
        }
    }
    return CliText::tr("Look after PostgreSQL databases on Render.") + QStringLiteral("\n\n") +
           CliText::tr("Usage: %1 VERB ...").arg(program) + QStringLiteral("\n\n") + twoColumns(verbs) + u'\n' +
           CliText::tr("A TARGET is a database:") + u'\n' +
           twoColumns({{QStringLiteral("NAME[/DATABASE]"), CliText::tr("of a saved connection")},
                       {QStringLiteral("practice[/DATABASE]"), CliText::tr("of the practice server on this computer")},
                       {QStringLiteral("env:VARIABLE[/DATABASE]"),
                        CliText::tr("of the URL in a variable of the environment")}}) +
           u'\n' + CliText::tr("Options of every verb:") + u'\n' +
           twoColumns({{QStringLiteral("--help"), CliText::tr("what a verb does and takes")},
                       {QStringLiteral("--verbose"), CliText::tr("what the tools say, on standard error")}}) +
           u'\n' +
           CliText::tr("Exit codes: 0 done, 1 failed, 2 wrong usage, 3 connection, 4 cancelled, 5 it waits for you.\n"
                       "ROOST_HOME moves everything that Roost keeps into one folder.") +
           u'\n';
}

QString helpFor(const Verb &verb)
{
    QString text = CliText::tr("Usage: %1").arg(usageLine(verb)) + QStringLiteral("\n\n") + verb.summary + u'\n';
    if (!verb.description.isEmpty()) {
        text += u'\n' + verb.description + u'\n';
    }
    QList<std::pair<QString, QString>> lines;
    for (const Verb::Argument &argument : verb.arguments) {
        lines.append({argument.name, argument.help});
    }
    for (const Verb::Option &option : verb.options) {
        lines.append({optionUsage(option), option.help});
    }
    if (!lines.isEmpty()) {
        text += u'\n' + twoColumns(lines);
    }
    return text;
}

} // namespace Roost

#include "cli/arguments.h"

#include "cli/help.h"
#include "cli/targetname.h"
#include "cli/text.h"

#include <algorithm>

namespace Roost {

namespace {

/// The verb that the words begin with, and how many words it takes.
struct Found
{
    const Verb *verb = nullptr;
    qsizetype words = 0;
};

Found findVerb(const QStringList &words)
{
    for (const qsizetype count : {2, 1}) {
        if (words.size() < count) {
            continue;
        }
        const QString name = words.mid(0, count).join(u' ');
        for (const Verb &verb : allVerbs()) {
            if (verb.name == name) {
                return {&verb, count};
            }
        }
    }
    return {};
}

QString unknownVerb(const QStringList &words)
{
    QStringList continuations;
    for (const Verb &verb : allVerbs()) {
        if (!verb.isHidden && verb.name.startsWith(words.first() + u' ')) {
            continuations += verb.name.mid(words.first().size() + 1);
        }
    }
    return continuations.isEmpty() ? CliText::tr("There is no verb \"%1\".").arg(words.first())
                                   : CliText::tr("After \"%1\" comes one of: %2.")
                                         .arg(words.first(), continuations.join(QStringLiteral(", ")));
}

bool isHelp(const QString &word)
{
    return word == u"--help" || word == u"-h";
}

CommandLine wrong(const QString &text, const Verb *verb = nullptr)
{
    CommandLine line;
    line.text = text;
    line.verb = verb;
    return line;
}

CommandLine helpOn(const QStringList &words)
{
    CommandLine line;
    line.wish = CommandLine::Wish::Help;
    if (words.isEmpty()) {
        line.text = generalHelp();
        return line;
    }
    const Found found = findVerb(words);
    if (found.verb == nullptr) {
        return wrong(unknownVerb(words));
    }
    line.text = helpFor(*found.verb);
    return line;
}

/// Takes one option, and its value from the next word if need be. An empty answer: fine.
QString takeOption(const QString &word, const QStringList &words, qsizetype &next, Invocation &invocation)
{
    const qsizetype equals = word.indexOf(u'=');
    const QString name = word.mid(2, equals < 0 ? -1 : equals - 2);
    const QList<Verb::Option> &known = invocation.verb->options;
    const auto option =
        std::find_if(known.begin(), known.end(), [&name](const Verb::Option &each) { return each.name == name; });
    if (!word.startsWith(u"--") || option == known.end()) {
        return CliText::tr("\"%1\" has no option \"%2\".").arg(invocation.verb->name, word.left(equals));
    }
    if (invocation.has(name) && !option->mayRepeat) {
        return CliText::tr("The option --%1 stands there twice.").arg(name);
    }
    if (option->value.isEmpty()) {
        if (equals >= 0) {
            return CliText::tr("The option --%1 takes no value.").arg(name);
        }
        invocation.options.insert(name, QString());
        return {};
    }
    if (equals < 0 && next >= words.size()) {
        return CliText::tr("The option --%1 needs a value.").arg(name);
    }
    const QString value = equals < 0 ? words.at(next++) : word.mid(equals + 1);
    invocation.options.insert(name, invocation.has(name) ? invocation.value(name) + u'\n' + value : value);
    return {};
}

QString checkArguments(const Invocation &invocation)
{
    const QList<Verb::Argument> &wanted = invocation.verb->arguments;
    if (invocation.arguments.size() > wanted.size()) {
        return CliText::tr("\"%1\" is one argument too many.").arg(invocation.arguments.at(wanted.size()));
    }
    if (invocation.arguments.size() < wanted.size() && !wanted.at(invocation.arguments.size()).mayBeMissing) {
        return CliText::tr("%1 is missing.").arg(wanted.at(invocation.arguments.size()).name);
    }
    for (qsizetype i = 0; i < invocation.arguments.size(); ++i) {
        if (invocation.arguments.at(i).isEmpty()) {
            return CliText::tr("%1 is empty.").arg(wanted.at(i).name);
        }
        if (wanted.at(i).name == u"TARGET" && !TargetName::parse(invocation.arguments.at(i))) {
            return CliText::tr("\"%1\" is no target. A target is NAME[/DATABASE], practice[/DATABASE] or "
                               "env:VARIABLE[/DATABASE].")
                .arg(invocation.arguments.at(i));
        }
    }
    return {};
}

} // namespace

CommandLine readCommandLine(const QStringList &arguments)
{
    CommandLine line;
    QStringList words = arguments;
    const auto takeVerbose = [&line, &words] {
        const qsizetype end = words.indexOf(QStringLiteral("--"));
        const qsizetype at = words.indexOf(QStringLiteral("--verbose"));
        if (at >= 0 && (end < 0 || at < end)) {
            words.removeAt(at);
            line.isVerbose = true;
        }
    };
    takeVerbose();
    if (words.isEmpty()) {
        return wrong(CliText::tr("Say what to do."));
    }
    if (words.first() == u"--version") {
        line.wish = CommandLine::Wish::Version;
        return line;
    }
    if (isHelp(words.first()) || words.first() == u"help") {
        return helpOn(words.mid(1));
    }
    const Found found = findVerb(words);
    if (found.verb == nullptr) {
        if (words.size() == 2 && isHelp(words.last())) {
            return helpOn({});
        }
        return wrong(unknownVerb(words));
    }

    line.invocation.verb = found.verb;
    bool onlyArguments = false;
    for (qsizetype next = found.words; next < words.size();) {
        const QString &word = words.at(next++);
        if (onlyArguments || word == u"-" || !word.startsWith(u'-')) {
            line.invocation.arguments += word;
        } else if (word == u"--") {
            onlyArguments = true;
        } else if (isHelp(word)) {
            return helpOn({found.verb->name.split(u' ')});
        } else if (const QString problem = takeOption(word, words, next, line.invocation); !problem.isEmpty()) {
            return wrong(problem, found.verb);
        }
    }
    QString problem = checkArguments(line.invocation);
    if (problem.isEmpty() && found.verb->check) {
        problem = found.verb->check(line.invocation);
    }
    if (!problem.isEmpty()) {
        return wrong(problem, found.verb);
    }
    line.wish = CommandLine::Wish::Run;
    return line;
}

} // namespace Roost

#include "postgres/connectionforms.h"
#include "postgres/shellwords.h"

#include <QHash>
#include <QRegularExpression>

namespace Roost {

namespace {

struct PsqlOption
{
    QString key; ///< libpq's name of what it says; empty: nothing about the connection
    bool takesValue = false;
};

/// psql's options under both names; nothing for what psql does not have.
std::optional<PsqlOption> psqlOption(const QString &name)
{
    static const QHash<QString, QString> connecting{
        {QStringLiteral("h"), QStringLiteral("host")},   {QStringLiteral("host"), QStringLiteral("host")},
        {QStringLiteral("p"), QStringLiteral("port")},   {QStringLiteral("port"), QStringLiteral("port")},
        {QStringLiteral("U"), QStringLiteral("user")},   {QStringLiteral("username"), QStringLiteral("user")},
        {QStringLiteral("d"), QStringLiteral("dbname")}, {QStringLiteral("dbname"), QStringLiteral("dbname")},
    };
    static const QStringList withValue{
        QStringLiteral("c"),
        QStringLiteral("command"),
        QStringLiteral("f"),
        QStringLiteral("file"),
        QStringLiteral("v"),
        QStringLiteral("set"),
        QStringLiteral("variable"),
        QStringLiteral("o"),
        QStringLiteral("output"),
        QStringLiteral("L"),
        QStringLiteral("log-file"),
        QStringLiteral("P"),
        QStringLiteral("pset"),
        QStringLiteral("F"),
        QStringLiteral("field-separator"),
        QStringLiteral("R"),
        QStringLiteral("record-separator"),
        QStringLiteral("T"),
        QStringLiteral("table-attr"),
    };
    static const QStringList withoutValue{
        QStringLiteral("no-password"),  QStringLiteral("password"),    QStringLiteral("no-psqlrc"),
        QStringLiteral("quiet"),        QStringLiteral("no-align"),    QStringLiteral("tuples-only"),
        QStringLiteral("expanded"),     QStringLiteral("csv"),         QStringLiteral("html"),
        QStringLiteral("list"),         QStringLiteral("single-step"), QStringLiteral("single-line"),
        QStringLiteral("no-readline"),  QStringLiteral("echo-all"),    QStringLiteral("echo-errors"),
        QStringLiteral("echo-queries"), QStringLiteral("echo-hidden"), QStringLiteral("single-transaction"),
    };
    if (connecting.contains(name)) {
        return PsqlOption{connecting.value(name), true};
    }
    if (withValue.contains(name)) {
        return PsqlOption{{}, true};
    }
    const bool isFlag = name.size() == 1 && QStringView(u"wWXqAtxHlsSnabeE10z").contains(name);
    return isFlag || withoutValue.contains(name) ? std::optional(PsqlOption{}) : std::nullopt;
}

/// Reads the words after `psql`.
class PsqlArguments
{
public:
    PsqlArguments(const QStringList &words, ConnectionFields &fields)
        : m_words(words)
        , m_fields(fields)
    {
    }

    Result<void> read()
    {
        Result<void> result;
        while (result && m_at < m_words.size()) {
            const QString word = m_words.at(m_at++);
            if (m_onlyNames || !word.startsWith(u'-') || word.size() == 1) {
                result = positional(word);
            } else if (word == u"--") {
                m_onlyNames = true;
            } else {
                result = word.startsWith(u"--") ? longOption(word.mid(2)) : shortOptions(word.mid(1));
            }
        }
        return result;
    }

private:
    Result<void> longOption(const QString &word)
    {
        const QString name = word.section(u'=', 0, 0);
        const std::optional<PsqlOption> option = psqlOption(name);
        if (!option || name.size() < 2) {
            return unknownOption();
        }
        if (!option->takesValue && word.contains(u'=')) {
            return badConnection(ConnectionText::tr("The option --%1 of psql takes no value.").arg(name));
        }
        if (!option->takesValue) {
            return {};
        }
        return word.contains(u'=') ? use(*option, QStringLiteral("--") + name, word.section(u'=', 1))
                                   : useNext(*option, QStringLiteral("--") + name);
    }

    Result<void> shortOptions(const QString &letters)
    {
        for (qsizetype i = 0; i < letters.size(); ++i) {
            const std::optional<PsqlOption> option = psqlOption(letters.mid(i, 1));
            if (!option) {
                return unknownOption();
            }
            if (option->takesValue) {
                const QString name = u'-' + letters.mid(i, 1);
                return i + 1 < letters.size() ? use(*option, name, letters.mid(i + 1)) : useNext(*option, name);
            }
        }
        return {};
    }

    static Result<void> unknownOption()
    {
        return badConnection(ConnectionText::tr("The command has an option that psql does not know. Copy the PSQL "
                                                "Command from Render's Connect menu and try again."));
    }

    Result<void> useNext(const PsqlOption &option, const QString &name)
    {
        if (m_at >= m_words.size()) {
            return badConnection(
                ConnectionText::tr("The option %1 has no value. Copy the whole command and try again.").arg(name));
        }
        return use(option, name, m_words.at(m_at++));
    }

    Result<void> use(const PsqlOption &option, const QString &name, const QString &value)
    {
        if (option.key.isEmpty()) {
            m_fields.notice(
                ConnectionText::tr("The option %1 says nothing about the connection; it was left out.").arg(name));
            return {};
        }
        return option.key == u"dbname" ? database(value) : m_fields.add(option.key, value);
    }

    Result<void> positional(const QString &word)
    {
        ++m_positionals;
        if (m_positionals == 1 && !m_fields.has(QStringLiteral("dbname"))) {
            return database(word);
        }
        if (m_positionals <= 2 && !m_fields.has(QStringLiteral("user"))) {
            return m_fields.add(QStringLiteral("user"), word);
        }
        return badConnection(ConnectionText::tr("The command has a word too many. Paste only the psql command."));
    }

    /// psql takes a whole connection string in the place of a database's name.
    Result<void> database(const QString &text)
    {
        if (looksLikeConnectionUrl(text)) {
            return readConnectionUrl(text, m_fields);
        }
        return text.contains(u'=') ? readKeyValues(text, m_fields) : m_fields.add(QStringLiteral("dbname"), text);
    }

    const QStringList &m_words;
    ConnectionFields &m_fields;
    qsizetype m_at = 0;
    int m_positionals = 0;
    bool m_onlyNames = false;
};

/// `PGPASSWORD=…` and the like before the command.
Result<void> readVariable(const QString &word, ConnectionFields &fields)
{
    static const QHash<QString, QString> keys{
        {QStringLiteral("PGPASSWORD"), QStringLiteral("password")},
        {QStringLiteral("PGHOST"), QStringLiteral("host")},
        {QStringLiteral("PGPORT"), QStringLiteral("port")},
        {QStringLiteral("PGUSER"), QStringLiteral("user")},
        {QStringLiteral("PGDATABASE"), QStringLiteral("dbname")},
        {QStringLiteral("PGSSLMODE"), QStringLiteral("sslmode")},
    };
    const QString name = word.section(u'=', 0, 0);
    if (keys.contains(name)) {
        return fields.add(keys.value(name), word.section(u'=', 1));
    }
    if (name.startsWith(u"PG") || name.startsWith(u"PSQL")) {
        return badConnection(
            ConnectionText::tr("The variable “%1” is refused: only the password, host, port, user, "
                               "database and sslmode are taken from a command. Remove it and try again.")
                .arg(name));
    }
    fields.notice(ConnectionText::tr("The variable “%1” was left out.").arg(name));
    return {};
}

const QRegularExpression &assignment()
{
    static const QRegularExpression pattern(QStringLiteral(R"(\A[A-Za-z_][A-Za-z0-9_]*=)"));
    return pattern;
}

bool isPsql(const QString &word)
{
    static const QRegularExpression pattern(QStringLiteral(R"((?:\A|[/\\])psql(?:\.exe)?\z)"));
    return pattern.match(word).hasMatch();
}

} // namespace

bool looksLikePsqlCommand(const QString &text)
{
    // By its shape only, as the words may not be readable yet: live typing, a quote left open.
    static const QRegularExpression pattern(QStringLiteral(R"((?:\A|\s)(?:[^\s='"]*[/\\])?psql(?:\.exe)?(?:\s|\z))"));
    static const QRegularExpression start(QStringLiteral(R"(\A(?:[A-Z][A-Z0-9_]*=|\S*psql(?:\.exe)?(?:\s|\z)))"));
    return start.match(text).hasMatch() && pattern.match(text).hasMatch();
}

Result<void> readPsqlCommand(const QStringList &words, ConnectionFields &fields)
{
    qsizetype at = 0;
    for (; at < words.size() && assignment().match(words.at(at)).hasMatch(); ++at) {
        if (Result<void> read = readVariable(words.at(at), fields); !read) {
            return read;
        }
    }
    if (at >= words.size() || !isPsql(words.at(at))) {
        return badConnection(
            ConnectionText::tr("This is not a psql command. Copy the PSQL Command from Render's Connect "
                               "menu and try again."));
    }
    const QStringList arguments = words.mid(at + 1);
    return PsqlArguments(arguments, fields).read();
}

} // namespace Roost

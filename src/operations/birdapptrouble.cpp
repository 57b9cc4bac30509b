#include "operations/birdapptrouble.h"

#include "operations/birdapppython.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BirdApp)
};

constexpr qsizetype detailLines = 60;

/// The last line that names an exception: "package.SomeError: why". Longer texts go on below it.
QString lastException(const QStringList &output)
{
    static const QRegularExpression line(QStringLiteral("^(?:\\w+\\.)*[A-Z]\\w*(?:Error|Exception|Exit|Interrupt)\\b"));
    const auto found = std::find_if(output.crbegin(), output.crend(),
                                    [](const QString &printed) { return line.match(printed).hasMatch(); });
    return found == output.crend() ? QString() : *found;
}

/// The file and line that the last traceback ends in.
QString lastPlace(const QStringList &output)
{
    static const QRegularExpression place(QStringLiteral("^\\s+File \"(.+)\", line (\\d+)"));
    const auto found = std::find_if(output.crbegin(), output.crend(),
                                    [](const QString &printed) { return place.match(printed).hasMatch(); });
    if (found == output.crend()) {
        return {};
    }
    const QRegularExpressionMatch match = place.match(*found);
    return Text::tr("%1, line %2").arg(match.captured(1).section(u'/', -1), match.captured(2));
}

QString captured(const QString &text, const char *pattern)
{
    return QRegularExpression(QString::fromLatin1(pattern)).match(text).captured(1);
}

/// Errors that lie in the app's own files or its Python.
std::optional<Error> codeTrouble(const QString &what, const QString &exception, const QStringList &output,
                                 const BirdAppRun &run)
{
    if (exception.startsWith(u"ModuleNotFoundError")) {
        const QString module = captured(exception, "No module named '(\\w+)");
        return Error{
            ErrorCode::ToolMissing,
            Text::tr("%1 needs the Python module %2, which %3 does not have. %4")
                .arg(what, module, run.python.program, installAdvice(run.app.folder, run.python.origin, {module})),
            {},
            {}};
    }
    static const QRegularExpression syntax(QStringLiteral("^(?:Syntax|Indentation|Tab)Error"));
    if (syntax.match(exception).hasMatch()) {
        return Error{ErrorCode::ProcessFailed,
                     Text::tr("%1 does not run, because Python cannot read %2 (%3). Correct that line and try again.")
                         .arg(what, lastPlace(output), exception),
                     {},
                     {}};
    }
    for (const QString &line : output) {
        const QString missing = captured(line, "Failed to find attribute '(\\w+)' in");
        if (!missing.isEmpty()) {
            return Error{ErrorCode::InvalidInput,
                         Text::tr("%1 holds nothing named “%2”. Name the Flask object so: %2 = Flask(__name__).")
                             .arg(run.app.module.section(u':', 0, 0) + QStringLiteral(".py"), missing),
                         {},
                         {}};
        }
    }
    if (exception.contains(u"SQLALCHEMY_DATABASE_URI")) {
        return Error{ErrorCode::InvalidInput,
                     Text::tr("%1 does not say which database to use. Let it take the address from the environment: "
                              "app.config[\"SQLALCHEMY_DATABASE_URI\"] = os.environ[\"DATABASE_URI\"].")
                         .arg(what),
                     {},
                     {}};
    }
    return {};
}

} // namespace

std::optional<Error> databaseTrouble(const QString &line, const BirdAppRun &run)
{
    // SQLAlchemy and psycopg2 name the SQLSTATE's condition; the server's own text may be in any language.
    if (line.contains(u"UndefinedTable")) {
        const QString table = captured(line, "\"([^\"]+)\"");
        const QString name = table.isEmpty() ? Text::tr("A table") : Text::tr("The table %1").arg(table);
        return Error{ErrorCode::NotFound,
                     Text::tr("%1 is not in the database %2. The app's tables have probably not been made there yet: "
                              "press Upgrade, then Seed.")
                         .arg(name, run.database),
                     line, "42P01"};
    }
    if (line.contains(u"UndefinedColumn")) {
        return Error{ErrorCode::Conflict,
                     Text::tr("A table in the database %1 lacks a column that the app uses. A migration is probably "
                              "missing there: press Upgrade.")
                         .arg(run.database),
                     line, "42703"};
    }
    if (line.contains(u"InsufficientPrivilege")) {
        return Error{ErrorCode::NotAllowed,
                     Text::tr("The database %1 does not allow its user what the app tried. The table probably belongs "
                              "to another user.")
                         .arg(run.database),
                     line, "42501"};
    }
    static const QRegularExpression unreachable(QStringLiteral("^(?:\\w+\\.)*OperationalError\\b"));
    if (unreachable.match(line).hasMatch()) {
        return Error{ErrorCode::ConnectionFailed,
                     Text::tr("The app could not work with the database %1. It is probably not reachable, or not there "
                              "any more: test the connection. The details say what the server answered.")
                         .arg(run.database),
                     line,
                     {}};
    }
    return {};
}

Error explainEnd(const QString &what, const QStringList &output, const BirdAppRun &run)
{
    const QString exception = lastException(output);
    std::optional<Error> error = codeTrouble(what, exception, output, run);
    if (!error) {
        error = databaseTrouble(exception, run);
    }
    if (!error && !output.filter(QStringLiteral("Connection in use")).isEmpty()) {
        error =
            Error{ErrorCode::Conflict,
                  Text::tr("Another program took port %1 meanwhile. Try again, or choose another port.").arg(run.port),
                  {},
                  {}};
    }
    if (!error && !output.filter(QStringLiteral("Can't locate revision")).isEmpty()) {
        error =
            Error{ErrorCode::Conflict,
                  Text::tr("The database %1 was made by migrations that are not in this folder. It probably belongs "
                           "to another app, or to a newer version of this one: choose another database.")
                      .arg(run.database),
                  {},
                  {}};
    }
    if (!error && !exception.isEmpty()) {
        const QString place = lastPlace(output);
        error = Error{ErrorCode::ProcessFailed,
                      place.isEmpty() ? Text::tr("%1 ended with an error: %2").arg(what, exception)
                                      : Text::tr("%1 ended with an error in %2: %3").arg(what, place, exception),
                      {},
                      {}};
    }
    if (!error) {
        error = Error{ErrorCode::ProcessFailed,
                      Text::tr("%1 ended by itself. The details show the end of its output.").arg(what),
                      {},
                      {}};
    }
    error->detail = output.last(qMin(detailLines, output.size())).join(u'\n');
    return *error;
}

} // namespace Roost

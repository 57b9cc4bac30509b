#include "operations/birdapppython.h"

#include "process/processrunner.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <optional>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BirdApp)
};

constexpr int probeTimeoutMs = 20'000;

struct Candidate
{
    QString program;
    QString origin;
};

struct Probe
{
    PythonChoice python;
    QStringList missing;
};

QString firstExecutable(const QStringList &paths)
{
    for (const QString &path : paths) {
        if (const QFileInfo info(path); info.isFile() && info.isExecutable()) {
            return path;
        }
    }
    return {};
}

QStringList searchPath()
{
    QStringList folders = qEnvironmentVariable("PATH").split(QDir::listSeparator(), Qt::SkipEmptyParts);
    folders << QStringLiteral("/usr/local/bin") << QStringLiteral("/usr/bin")
            << QDir::homePath() + QStringLiteral("/.local/bin");
    folders.removeIf([](const QString &folder) { return !QDir::isAbsolutePath(folder); });
    folders.removeDuplicates();
    return folders;
}

/// The Python of pipenv's environment for this folder; empty when there is none.
QString pipenvPython(const QString &folder, const JobContext &context)
{
    if (!QFileInfo::exists(folder + QStringLiteral("/Pipfile"))) {
        return {};
    }
    QStringList places;
    for (const QString &path : searchPath()) {
        places << path + QStringLiteral("/pipenv");
    }
    ProcessCommand command;
    command.program = firstExecutable(places);
    command.arguments = {QStringLiteral("--venv")};
    command.workingDirectory = folder;
    command.environment = {{QStringLiteral("PIPENV_PIPFILE"), folder + QStringLiteral("/Pipfile")},
                           {QStringLiteral("PATH"), searchPath().join(QDir::listSeparator())}};
    command.timeoutMs = probeTimeoutMs;
    if (command.program.isEmpty()) {
        return {};
    }
    const auto outcome = runProcess(command, context);
    if (!outcome || !outcome->succeeded()) {
        return {};
    }
    const QString environment = QFile::decodeName(outcome->standardOutput).trimmed();
    return environment.isEmpty() ? QString() : firstExecutable({environment + QStringLiteral("/bin/python")});
}

QList<Candidate> candidates(const QString &folder, const JobContext &context)
{
    QList<Candidate> found;
    for (const QString &name : {QStringLiteral(".venv"), QStringLiteral("venv")}) {
        const QString bin = folder + u'/' + name + QStringLiteral("/bin/");
        found << Candidate{firstExecutable({bin + QStringLiteral("python3"), bin + QStringLiteral("python")}), name};
    }
    found << Candidate{pipenvPython(folder, context), QStringLiteral("pipenv")};
    // All of them: one in a home folder often stands before the system's, and has none of the system's modules.
    QStringList resolved;
    for (const QString &path : searchPath()) {
        const QString program = firstExecutable({path + QStringLiteral("/python3")});
        const QString canonical = QFileInfo(program).canonicalFilePath();
        if (!program.isEmpty() && !resolved.contains(canonical)) {
            resolved << canonical;
            found << Candidate{program, QStringLiteral("system")};
        }
    }
    found.removeIf([](const Candidate &candidate) { return candidate.program.isEmpty(); });
    return found;
}

/// Absent when it does not run at all.
Result<std::optional<Probe>> probe(const Candidate &candidate, const QStringList &modules, const JobContext &context)
{
    ProcessCommand command;
    command.program = candidate.program;
    command.arguments =
        QStringList{QStringLiteral("-c"), QStringLiteral("import importlib.util, platform, sys\n"
                                                         "print(platform.python_version())\n"
                                                         "for name in sys.argv[1:]:\n"
                                                         "    if importlib.util.find_spec(name) is None:\n"
                                                         "        print(name)\n")} +
        modules;
    command.timeoutMs = probeTimeoutMs;
    const auto outcome = runProcess(command, context);
    if (!outcome && outcome.error().isCancelled()) {
        return failure(outcome.error());
    }
    if (!outcome || !outcome->succeeded()) {
        return std::nullopt;
    }
    QStringList lines = QString::fromUtf8(outcome->standardOutput).split(u'\n', Qt::SkipEmptyParts);
    if (lines.isEmpty()) {
        return std::nullopt;
    }
    const QString version = lines.takeFirst();
    return Probe{{candidate.program, candidate.origin, version}, lines};
}

QString debianPackage(const QString &module)
{
    static const QStringList packaged{QStringLiteral("flask"),         QStringLiteral("flask_sqlalchemy"),
                                      QStringLiteral("flask_migrate"), QStringLiteral("psycopg2"),
                                      QStringLiteral("flask_restful"), QStringLiteral("flask_cors"),
                                      QStringLiteral("sqlalchemy"),    QStringLiteral("flask_marshmallow"),
                                      QStringLiteral("dotenv"),        QStringLiteral("alembic")};
    if (module == u"gunicorn" || module == u"alembic") {
        return module;
    }
    return packaged.contains(module) ? QStringLiteral("python3-") + QString(module).replace(u'_', u'-') : QString();
}

QString pipPackage(const QString &module)
{
    if (module == u"psycopg2") {
        return QStringLiteral("psycopg2-binary");
    }
    return module == u"dotenv" ? QStringLiteral("python-dotenv") : QString(module).replace(u'_', u'-');
}

} // namespace

QStringList importedModules(const QString &folder, const QString &file)
{
    static const QRegularExpression import(QStringLiteral("^(?:from +(\\w+)[\\w.]* +import|import +([\\w., ]+))"),
                                           QRegularExpression::MultilineOption);
    const QDir directory(folder);
    QStringList waiting{file};
    QStringList seen{file};
    QStringList modules;
    while (!waiting.isEmpty()) {
        QFile source(directory.filePath(waiting.takeFirst()));
        if (!source.open(QIODevice::ReadOnly)) {
            continue;
        }
        for (const auto &match : import.globalMatch(QString::fromUtf8(source.readAll()))) {
            for (const QString &word : (match.captured(1) + match.captured(2)).split(u',')) {
                const QString module = word.trimmed().section(QRegularExpression(QStringLiteral("\\W")), 0, 0);
                const QString local = module + QStringLiteral(".py");
                if (directory.exists(local)) {
                    if (!seen.contains(local)) {
                        seen << local;
                        waiting << local;
                    }
                } else if (!module.isEmpty() && !directory.exists(module) && !modules.contains(module)) {
                    modules << module;
                }
            }
        }
    }
    // SQLAlchemy imports the driver by the address's scheme.
    const bool needsDriver =
        modules.contains(QStringLiteral("flask_sqlalchemy")) || modules.contains(QStringLiteral("sqlalchemy"));
    if (needsDriver && !modules.contains(QStringLiteral("psycopg2"))) {
        modules << QStringLiteral("psycopg2");
    }
    return modules;
}

QString installAdvice(const QString &folder, const QString &origin, const QStringList &modules)
{
    QStringList debian;
    QStringList pip;
    for (const QString &module : modules) {
        debian << debianPackage(module);
        pip << pipPackage(module);
    }
    const bool hasList = QFileInfo::exists(folder + QStringLiteral("/requirements.txt"));
    const QString what = hasList ? QStringLiteral("-r requirements.txt") : pip.join(u' ');
    if (origin == u"pipenv") {
        return Text::tr("Install it in the app's folder with “pipenv install %1”.").arg(pip.join(u' '));
    }
    if (origin == u"system") {
        const QString venv = QStringLiteral("python3 -m venv .venv && .venv/bin/pip install ") + what;
        return debian.contains(QString())
                   ? Text::tr("Install it in the app's folder with “%1”.").arg(venv)
                   : Text::tr("Install it with “sudo apt install %1”, or in the app's folder with “%2”.")
                         .arg(debian.join(u' '), venv);
    }
    return Text::tr("Install it in the app's folder with “%1/bin/python -m pip install %2”.").arg(origin, what);
}

Result<PythonChoice> findPython(const BirdApp &app, const QStringList &modules, const JobContext &context)
{
    std::optional<Probe> best;
    for (const Candidate &candidate : candidates(app.folder, context)) {
        auto found = probe(candidate, modules, context);
        if (!found) {
            return failure(found.error());
        }
        if (*found && (*found)->missing.isEmpty()) {
            return (*found)->python;
        }
        if (*found && (!best || (*found)->missing.size() < best->missing.size())) {
            best = *found;
        }
    }
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (!best) {
        return failure(ErrorCode::ToolMissing,
                       Text::tr("No Python was found to run the app. Install it with “sudo apt install python3 "
                                "python3-venv”."));
    }
    return failure(ErrorCode::ToolMissing,
                   Text::tr("Python %1 (%2) has no module %3, which the app needs. %4")
                       .arg(best->python.version, best->python.program, best->missing.join(QStringLiteral(", ")),
                            installAdvice(app.folder, best->python.origin, best->missing)));
}

} // namespace Roost

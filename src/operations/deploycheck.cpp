#include "operations/deploycheck.h"

#include "operations/birdapp.h"
#include "operations/deploycheckparts.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>

namespace Roost {

namespace {

using Text = DeployCheckText;
using Topic = DeployCheckItem::Topic;
using Verdict = DeployCheckItem::Verdict;

QByteArray contentsOf(const QString &path)
{
    QFile file(path);
    constexpr qint64 longest = qint64(1) << 20;
    return file.open(QIODevice::ReadOnly) ? file.read(longest) : QByteArray();
}

/// The packages that requirements.txt names, in small letters with hyphens.
QStringList packagesIn(const QByteArray &requirements)
{
    static const QRegularExpression name(QStringLiteral(R"(\A\s*([A-Za-z0-9][A-Za-z0-9._\-]*))"));
    static const QRegularExpression divider(QStringLiteral("[._]"));
    QStringList packages;
    for (const QByteArray &line : requirements.split('\n')) {
        QString package = name.match(QString::fromUtf8(line)).captured(1).toLower();
        packages += package.replace(divider, QStringLiteral("-"));
    }
    packages.removeAll(QString());
    return packages;
}

void checkRequirements(DeployChecking &checking)
{
    const QDir folder(checking.check.folder);
    checking.check.buildCommand = QStringLiteral("pip install -r requirements.txt");
    if (!folder.exists(QStringLiteral("requirements.txt"))) {
        const bool hasPipfile = folder.exists(QStringLiteral("Pipfile"));
        checking.add(Topic::Requirements, Verdict::Problem, Text::tr("There is no requirements.txt"),
                     Text::tr("Render installs what it names. Write it from what your app uses, and commit it."),
                     hasPipfile ? QStringLiteral("pipenv requirements > requirements.txt")
                                : QStringLiteral("pip freeze > requirements.txt"));
        return;
    }
    const QStringList packages = packagesIn(contentsOf(folder.filePath(QStringLiteral("requirements.txt"))));
    const bool hasDriver = std::any_of(packages.begin(), packages.end(), [](const QString &package) {
        return package.startsWith(u"psycopg") || package == u"asyncpg" || package == u"pg8000";
    });
    QStringList missing;
    if (!packages.contains(QStringLiteral("gunicorn"))) {
        missing += QStringLiteral("gunicorn");
    }
    if (!hasDriver) {
        missing += QStringLiteral("psycopg2-binary");
    }
    if (missing.isEmpty()) {
        checking.add(
            Topic::Requirements, Verdict::Good, Text::tr("requirements.txt names what Render needs"),
            Text::tr("%n package(s), gunicorn and a driver for PostgreSQL among them.", nullptr, int(packages.size())));
        return;
    }
    checking.add(
        Topic::Requirements, Verdict::Problem,
        Text::tr("requirements.txt lacks %1").arg(missing.join(QStringLiteral(", "))),
        Text::tr("gunicorn serves the app at Render, and psycopg2 speaks to PostgreSQL. Add what is missing, and "
                 "commit it."),
        QStringLiteral("printf '\\n%1\\n' >> requirements.txt").arg(missing.join(QStringLiteral("\\n"))));
}

/// What `web:` says in a Procfile, which Render does not read.
QString procfileCommand(const QString &folder)
{
    static const QRegularExpression web(QStringLiteral(R"(^web:\s*(.+?)\s*$)"), QRegularExpression::MultilineOption);
    return web.match(QString::fromUtf8(contentsOf(folder + QStringLiteral("/Procfile")))).captured(1);
}

bool definesApp(const QString &file)
{
    static const QRegularExpression definition(QStringLiteral(R"(^(?:app\s*[:=]|from\s+\S+\s+import\s+.*\bapp\b))"),
                                               QRegularExpression::MultilineOption);
    return definition.match(QString::fromUtf8(contentsOf(file))).hasMatch();
}

} // namespace

bool DeployCheck::mayDeploy() const
{
    return !items.isEmpty() && std::none_of(items.begin(), items.end(), [](const DeployCheckItem &each) {
        return each.verdict == Verdict::Problem || each.verdict == Verdict::Skipped;
    });
}

const DeployCheckItem *DeployCheck::item(DeployCheckItem::Topic topic) const
{
    const auto found =
        std::find_if(items.begin(), items.end(), [topic](const DeployCheckItem &each) { return each.topic == topic; });
    return found == items.end() ? nullptr : &*found;
}

void checkApp(DeployChecking &checking)
{
    checkRequirements(checking);
    const QString folder = checking.check.folder;
    const Result<BirdApp> app = inspectBirdApp(folder);
    const QString procfile = procfileCommand(folder);
    const bool hasApp = app && app->hasApp;
    checking.check.startCommand =
        hasApp ? QStringLiteral("gunicorn ") + app->module : QStringLiteral("gunicorn app:app");
    if (!procfile.isEmpty()) {
        checking.check.startCommand = procfile;
        checking.add(Topic::App, Verdict::Good, Text::tr("The Procfile says how the app starts"),
                     Text::tr("Render does not read it; its command becomes the start command: %1").arg(procfile));
    } else if (!hasApp) {
        checking.add(
            Topic::App, Verdict::Problem, Text::tr("There is no app.py and no wsgi.py"),
            Text::tr("“gunicorn app:app” looks for the object “app” in app.py. Choose the folder in which your "
                     "Flask app lies, or write a Procfile with the command that starts it."));
    } else if (!definesApp(folder + u'/' + app->module.section(u':', 0, 0) + QStringLiteral(".py"))) {
        checking.add(
            Topic::App, Verdict::Advice,
            Text::tr("%1.py does not seem to define “app”").arg(app->module.section(u':', 0, 0)),
            Text::tr("“%1” needs it at the top level of the file. Change the start command if your app is made "
                     "otherwise (gunicorn 'app:create_app()', say).")
                .arg(checking.check.startCommand));
    } else {
        checking.add(Topic::App, Verdict::Good, Text::tr("The app starts with: %1").arg(checking.check.startCommand));
    }
}

Result<DeployCheck> checkDeployable(const DeployCheckRequest &request, const JobContext &context)
{
    const QFileInfo folder(request.folder);
    if (request.folder.isEmpty() || !folder.isDir()) {
        return failure(
            ErrorCode::NotFound,
            Text::tr("There is no folder %1. Choose the folder in which your Flask app lies.").arg(request.folder));
    }
    DeployChecking checking{request, context, {}, false, false, {}};
    checking.check.folder = folder.canonicalFilePath();
    context.report({Text::tr("Looking at %1").arg(folder.fileName()), 0, 0, {}});
    if (Result<void> checked = checkRepository(checking); !checked) {
        return failure(checked.error());
    }
    if (Result<void> checked = checkRemote(checking); !checked) {
        return failure(checked.error());
    }
    checkApp(checking);
    if (Result<void> checked = checkSecrets(checking); !checked) {
        return failure(checked.error());
    }
    return checking.check;
}

Result<void> ignoreInGit(const QString &folder, const QStringList &lines)
{
    const QString path = QDir(folder).filePath(QStringLiteral(".gitignore"));
    const auto cannotWrite = [&](const QString &detail) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("%1 could not be changed. Add these lines yourself: %2")
                           .arg(path, lines.join(QStringLiteral(", "))),
                       detail);
    };
    QByteArray contents;
    QFile existing(path);
    if (existing.exists()) {
        if (!existing.open(QIODevice::ReadOnly)) {
            return cannotWrite(existing.errorString());
        }
        contents = existing.readAll();
        existing.close();
    }
    QList<QByteArray> known = contents.split('\n');
    QByteArray added;
    for (const QString &line : lines) {
        if (!known.contains(line.toUtf8())) {
            known += line.toUtf8();
            added += line.toUtf8() + '\n';
        }
    }
    if (added.isEmpty()) {
        return {};
    }
    if (!contents.isEmpty() && !contents.endsWith('\n')) {
        contents += '\n';
    }
    contents += added;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(contents) != contents.size() || !file.commit()) {
        return cannotWrite(file.errorString());
    }
    return {};
}

} // namespace Roost

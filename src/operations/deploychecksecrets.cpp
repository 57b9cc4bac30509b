// The part of the check list that looks for what must not get out.
#include "operations/deploycheckparts.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace Roost {

namespace {

using Text = DeployCheckText;
using Topic = DeployCheckItem::Topic;
using Verdict = DeployCheckItem::Verdict;

constexpr int searchMs = 60'000;
constexpr qsizetype shownFiles = 20;

bool isSecretFile(const QString &path)
{
    static const QRegularExpression secret(
        QStringLiteral(
            R"((?:\A|/)(?:\.env(?:\.(?!example|sample|template|dist)[^/]*)?|\.pgpass|id_(?:rsa|ed25519|ecdsa))"
            R"(|[^/]*\.(?:dump|pgdump|backup|sql\.gz|pem|key))\z)"),
        QRegularExpression::CaseInsensitiveOption);
    return secret.match(path).hasMatch();
}

/// A password that stands for one: in examples and for servers on this computer.
bool isPlaceholder(const QString &url)
{
    static const QRegularExpression parts(QStringLiteral(R"(://[^:/@]*:([^@]*)@([^/:?\s"']*))"));
    const QRegularExpressionMatch match = parts.match(url);
    const QString password = match.captured(1).toLower();
    const QString host = match.captured(2).toLower();
    static const QStringList words{QStringLiteral("password"), QStringLiteral("pass"),
                                   QStringLiteral("secret"),   QStringLiteral("changeme"),
                                   QStringLiteral("postgres"), QStringLiteral("your_password"),
                                   QStringLiteral("xxx"),      QStringLiteral("pw")};
    static const QRegularExpression variable(QStringLiteral(R"([{}<>$%]|\A[*.x…]+\z)"));
    return words.contains(password) || variable.match(password).hasMatch() || host == u"localhost" ||
           host == u"127.0.0.1" || host == u"db" || host == u"host" || host == u"example.com";
}

/// Files of the index with something that looks like a URL with a password, or a key of Render's. What stands there is
/// never passed on.
Result<QStringList> filesWithSecrets(const DeployChecking &checking)
{
    const QString pattern =
        QStringLiteral(R"(postgres(ql)?(\+[a-z0-9_]+)?://[^:/@[:space:]"']+:[^@[:space:]"']+@[^/[:space:]"']+)"
                       R"(|rnd_[A-Za-z0-9]{20,})");
    // --cached: what is tracked or staged, as it would be committed; -I: no binary files.
    const Result<GitAnswer> found =
        checking.git({QStringLiteral("grep"), QStringLiteral("--cached"), QStringLiteral("-I"), QStringLiteral("-n"),
                      QStringLiteral("-o"), QStringLiteral("-z"), QStringLiteral("-E"), QStringLiteral("-i"),
                      QStringLiteral("-e"), pattern, QStringLiteral("--"), QStringLiteral(".")},
                     searchMs);
    if (!found) {
        return failure(found.error());
    }
    QStringList places;
    for (const QString &line : found->lines()) { // name NUL line NUL match
        const QString what = line.section(QChar(0), 2);
        if (!isPlaceholder(what)) {
            places += Text::tr("%1, line %2").arg(line.section(QChar(0), 0, 0), line.section(QChar(0), 1, 1));
        }
    }
    places.removeDuplicates();
    return places;
}

/// Which of the usual lines git does not follow yet.
Result<void> checkIgnored(DeployChecking &checking)
{
    const QDir folder(checking.check.folder);
    QList<std::pair<QString, QString>> wanted{
        {QStringLiteral(".env"), QStringLiteral(".env")},
        {QStringLiteral("*.dump"), QStringLiteral("roost-check.dump")},
        {QStringLiteral("__pycache__/"), QStringLiteral("__pycache__/check.pyc")}};
    for (const QString &name : {QStringLiteral(".venv"), QStringLiteral("venv")}) {
        if (folder.exists(name)) {
            wanted += {name + u'/', name + QStringLiteral("/pyvenv.cfg")};
        }
    }
    for (const auto &[line, example] : std::as_const(wanted)) {
        const Result<GitAnswer> ignored = checking.git({QStringLiteral("check-ignore"), QStringLiteral("--quiet"),
                                                        QStringLiteral("--no-index"), QStringLiteral("--"), example});
        if (!ignored) {
            return failure(ignored.error());
        }
        if (!ignored->isFine()) {
            checking.check.ignoreLines += line;
        }
    }
    const QStringList &lines = checking.check.ignoreLines;
    if (lines.isEmpty()) {
        checking.add(Topic::Ignored, Verdict::Good, Text::tr("git leaves out passwords, dumps and what Python makes"));
        return {};
    }
    checking.add(Topic::Ignored, Verdict::Advice,
                 Text::tr("git would take in %1").arg(lines.join(QStringLiteral(", "))),
                 Text::tr("One “git add .” later they are in the repository. Let .gitignore name them."),
                 QStringLiteral("printf '%1\\n' >> .gitignore").arg(lines.join(QStringLiteral("\\n"))));
    return {};
}

} // namespace

Result<void> checkSecrets(DeployChecking &checking)
{
    if (!checking.isRepository) {
        checking.add(Topic::Secrets, Verdict::Skipped, Text::tr("Nothing secret in it"),
                     Text::tr("It is looked at when the points above are mended."));
        return {};
    }
    const Result<GitAnswer> tracked =
        checking.git({QStringLiteral("ls-files"), QStringLiteral("--cached"), QStringLiteral("-z")});
    if (!tracked) {
        return failure(tracked.error());
    }
    QStringList files;
    for (const QString &path : tracked->lines('\0')) {
        if (isSecretFile(path)) {
            files += path;
        }
    }
    const Result<QStringList> places = filesWithSecrets(checking);
    if (!places) {
        return failure(places.error());
    }
    const QStringList details = (files + *places).mid(0, shownFiles);
    if (details.isEmpty()) {
        checking.add(Topic::Secrets, Verdict::Good, Text::tr("Nothing secret is tracked or staged"));
    } else {
        QStringList quoted;
        for (const QString &file : std::as_const(files)) {
            quoted += u'\'' + QString(file).replace(u'\'', QStringLiteral("'\\''")) + u'\'';
        }
        checking.add(
            Topic::Secrets, Verdict::Problem,
            Text::tr("%n place(s) look secret", nullptr, int((files + *places).size())),
            Text::tr("Whoever can read the repository can read it. Take it out of the files (an app reads its "
                     "database from the variable DATABASE_URI), and stop tracking files that hold nothing else. "
                     "What was pushed once is known: make a new password at Render."),
            quoted.isEmpty() ? QString() : QStringLiteral("git rm --cached -- ") + quoted.join(u' '), details);
    }
    return checkIgnored(checking);
}

} // namespace Roost

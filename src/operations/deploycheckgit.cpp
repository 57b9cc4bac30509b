// The parts of the check list that ask git where the code is.
#include "operations/deploycheckparts.h"

#include <QDir>
#include <QRegularExpression>
#include <QUrl>

namespace Roost {

namespace {

using Text = DeployCheckText;
using Topic = DeployCheckItem::Topic;
using Verdict = DeployCheckItem::Verdict;

constexpr int networkMs = 30'000;

void skip(DeployChecking &checking, Topic topic, const QString &title)
{
    checking.add(topic, Verdict::Skipped, title, Text::tr("It is looked at when the points above are mended."));
}

Result<void> checkTree(DeployChecking &checking)
{
    const Result<GitAnswer> status =
        checking.git({QStringLiteral("status"), QStringLiteral("--porcelain=v1"), QStringLiteral("-z"),
                      QStringLiteral("--no-renames"), QStringLiteral("--"), QStringLiteral(".")});
    if (!status) {
        return failure(status.error());
    }
    QStringList files;
    for (const QString &line : status->lines('\0')) {
        files += line.mid(3);
    }
    if (files.isEmpty()) {
        checking.add(Topic::WorkingTree, Verdict::Good, Text::tr("Everything is committed"));
        return {};
    }
    checking.add(
        Topic::WorkingTree, Verdict::Advice, Text::tr("%n file(s) are not committed", nullptr, int(files.size())),
        Text::tr("Render gets what is committed and pushed; these stay behind. Commit them if the app needs them."),
        QStringLiteral("git add -A && git commit -m \"Ready to deploy\""), files);
    return {};
}

Result<void> checkBranch(DeployChecking &checking)
{
    const Result<GitAnswer> branch = checking.git(
        {QStringLiteral("symbolic-ref"), QStringLiteral("--quiet"), QStringLiteral("--short"), QStringLiteral("HEAD")});
    if (!branch) {
        return failure(branch.error());
    }
    checking.check.branch = branch->isFine() ? branch->line() : QString();
    if (checking.check.branch.isEmpty()) {
        checking.add(Topic::Branch, Verdict::Problem, Text::tr("No branch is checked out"),
                     Text::tr("Render deploys a branch. Give the commit that you look at a branch of its own."),
                     QStringLiteral("git switch -c main"));
    } else {
        checking.add(Topic::Branch, Verdict::Good, Text::tr("The branch is %1").arg(checking.check.branch));
    }
    return {};
}

/// The branch's own remote, else origin, else the first.
Result<QString> remoteName(const DeployChecking &checking)
{
    const Result<GitAnswer> remotes = checking.git({QStringLiteral("remote")});
    if (!remotes) {
        return failure(remotes.error());
    }
    const Result<GitAnswer> configured = checking.git({QStringLiteral("config"), QStringLiteral("--get"),
                                                       QStringLiteral("branch.%1.remote").arg(checking.check.branch)});
    if (!configured) {
        return failure(configured.error());
    }
    const QStringList names = remotes->lines();
    for (const QString &name : {configured->line(), QStringLiteral("origin")}) {
        if (names.contains(name)) {
            return name;
        }
    }
    return names.value(0);
}

bool hasCredentials(const QString &remote)
{
    const QUrl url(remote);
    return url.scheme().startsWith(u"http") && !url.userInfo().isEmpty();
}

Result<void> checkRemoteUrl(DeployChecking &checking)
{
    const Result<GitAnswer> url =
        checking.git({QStringLiteral("remote"), QStringLiteral("get-url"), QStringLiteral("--"), checking.remote});
    if (!url) {
        return failure(url.error());
    }
    checking.check.repository = webUrlOfRemote(url->line());
    if (checking.check.repository.isEmpty()) {
        checking.add(Topic::Remote, Verdict::Problem,
                     Text::tr("The remote “%1” is not at GitHub, GitLab or Bitbucket").arg(checking.remote),
                     Text::tr("Render fetches from these three. Make an empty repository at one of them, and add it."),
                     QStringLiteral("git remote set-url %1 https://github.com/YOUR-NAME/YOUR-REPOSITORY.git")
                         .arg(checking.remote));
    } else if (hasCredentials(url->line())) {
        checking.add(
            Topic::Remote, Verdict::Advice,
            Text::tr("The address of the remote “%1” holds a password or token").arg(checking.remote),
            Text::tr("Render gets %1, without it. It lies in the file .git/config in clear: take it out, and let "
                     "git ask or keep it.")
                .arg(checking.check.repository),
            QStringLiteral("git remote set-url %1 %2.git").arg(checking.remote, checking.check.repository));
    } else {
        checking.add(
            Topic::Remote, Verdict::Good, Text::tr("The code is at %1").arg(checking.check.repository),
            Text::tr("Render must be allowed to read it: public repositories always, private ones once Render is "
                     "connected to your account there."));
    }
    return {};
}

QString pushCommand(const DeployChecking &checking)
{
    return QStringLiteral("git push -u %1 %2").arg(checking.remote, checking.check.branch);
}

/// Whether the remote has the very commit, by asking it.
Result<void> checkOnline(DeployChecking &checking)
{
    const Result<GitAnswer> there =
        checking.git({QStringLiteral("ls-remote"), QStringLiteral("--heads"), QStringLiteral("--"), checking.remote,
                      QStringLiteral("refs/heads/") + checking.check.branch},
                     networkMs);
    const Result<GitAnswer> here = checking.git({QStringLiteral("rev-parse"), QStringLiteral("HEAD")});
    if (!here) {
        return failure(here.error());
    }
    if (!there && there.error().isCancelled()) {
        return failure(there.error());
    }
    if (!there || !there->isFine()) {
        checking.add(Topic::Pushed, Verdict::Problem, Text::tr("The remote “%1” did not answer").arg(checking.remote),
                     Text::tr("This computer is offline, the repository does not exist, or git may not read it."),
                     pushCommand(checking), there ? QStringList{there->trouble} : QStringList{});
        return {};
    }
    const QString commit = there->line().section(u'\t', 0, 0);
    if (commit == here->line()) {
        checking.add(Topic::Pushed, Verdict::Good, Text::tr("The remote has this very commit"));
    } else {
        checking.add(Topic::Pushed, Verdict::Problem,
                     commit.isEmpty() ? Text::tr("The branch %1 is not at the remote yet").arg(checking.check.branch)
                                      : Text::tr("The remote has another commit of %1").arg(checking.check.branch),
                     Text::tr("Render deploys what is pushed."), pushCommand(checking));
    }
    return {};
}

/// What git knows from the last push or fetch.
Result<void> checkOffline(DeployChecking &checking)
{
    const QString upstream = QStringLiteral("refs/remotes/%1/%2").arg(checking.remote, checking.check.branch);
    const Result<GitAnswer> counts =
        checking.git({QStringLiteral("rev-list"), QStringLiteral("--left-right"), QStringLiteral("--count"),
                      upstream + QStringLiteral("...HEAD"), QStringLiteral("--")});
    if (!counts) {
        return failure(counts.error());
    }
    if (!counts->isFine()) {
        checking.add(
            Topic::Pushed, Verdict::Problem, Text::tr("The branch %1 is not pushed").arg(checking.check.branch),
            Text::tr("Render fetches it from %1, where it is not yet.").arg(checking.remote), pushCommand(checking));
        return {};
    }
    const int behind = counts->line().section(u'\t', 0, 0).toInt();
    const int ahead = counts->line().section(u'\t', 1, 1).toInt();
    if (ahead > 0) {
        checking.add(Topic::Pushed, Verdict::Problem, Text::tr("%n commit(s) are not pushed", nullptr, ahead),
                     behind > 0 ? Text::tr("And the remote has commits that are not here: fetch them first.")
                                : Text::tr("Render deploys what is pushed."),
                     behind > 0 ? QStringLiteral("git pull --rebase && git push") : pushCommand(checking));
    } else if (behind > 0) {
        checking.add(Topic::Pushed, Verdict::Advice, Text::tr("The remote is %n commit(s) ahead", nullptr, behind),
                     Text::tr("Render deploys the newest there, which is not what lies in this folder."),
                     QStringLiteral("git pull --rebase"));
    } else {
        checking.add(Topic::Pushed, Verdict::Good, Text::tr("Everything is pushed"),
                     Text::tr("As git knows from the last push or fetch."));
    }
    return {};
}

} // namespace

QString webUrlOfRemote(const QString &remote)
{
    static const QRegularExpression scp(QStringLiteral(R"(\A(?:[^@/:]+@)?([A-Za-z0-9.\-]+):(?!//)(.+)\z)"));
    QString host;
    QString path;
    const QUrl url(remote.trimmed());
    if (remote.contains(u"://")) {
        static const QStringList schemes{QStringLiteral("https"), QStringLiteral("http"), QStringLiteral("ssh"),
                                         QStringLiteral("git")};
        host = schemes.contains(url.scheme()) ? url.host().toLower() : QString();
        path = url.path();
    } else if (const QRegularExpressionMatch match = scp.match(remote.trimmed()); match.hasMatch()) {
        host = match.captured(1).toLower();
        path = match.captured(2);
    }
    static const QStringList known{QStringLiteral("github.com"), QStringLiteral("gitlab.com"),
                                   QStringLiteral("bitbucket.org")};
    if (host.startsWith(u"ssh.") || host.startsWith(u"altssh.")) { // their doors on port 443
        host = host.section(u'.', 1);
    }
    static const QRegularExpression slashes(QStringLiteral("\\A/+|/+\\z"));
    path.remove(slashes);
    if (path.endsWith(u".git")) {
        path.chop(4);
    }
    static const QRegularExpression project(QStringLiteral(R"(\A[A-Za-z0-9_.\-~]+(?:/[A-Za-z0-9_.\-~]+)+\z)"));
    if (!known.contains(host) || !project.match(path).hasMatch()) {
        return {};
    }
    return QStringLiteral("https://%1/%2").arg(host, path);
}

Result<void> checkRepository(DeployChecking &checking)
{
    const Result<GitAnswer> top = checking.git({QStringLiteral("rev-parse"), QStringLiteral("--show-toplevel")});
    if (!top) {
        return failure(top.error());
    }
    checking.isRepository = top->isFine();
    if (!checking.isRepository) {
        const bool isForeign = top->trouble.contains(u"dubious ownership");
        checking.add(Topic::Repository, Verdict::Problem,
                     isForeign ? Text::tr("The repository belongs to another user")
                               : Text::tr("The folder is not a git repository"),
                     isForeign ? Text::tr("git does not look into it. Copy it, or tell git that you trust it.")
                               : Text::tr("Render fetches the code from one."),
                     isForeign ? QStringLiteral("git config --global --add safe.directory \"$PWD\"")
                               : QStringLiteral("git init -b main"));
        skip(checking, Topic::Commit, Text::tr("Commit"));
        skip(checking, Topic::WorkingTree, Text::tr("What is committed"));
        skip(checking, Topic::Branch, Text::tr("Branch"));
        return {};
    }
    const QString root = QDir(top->line()).relativeFilePath(checking.check.folder);
    checking.check.rootFolder = root == u"." || root.startsWith(u"..") ? QString() : root;
    checking.add(Topic::Repository, Verdict::Good, Text::tr("The folder is in a git repository"),
                 checking.check.rootFolder.isEmpty()
                     ? QString()
                     : Text::tr("It is “%1” in there, which becomes the root directory at Render.")
                           .arg(checking.check.rootFolder));
    const Result<GitAnswer> head =
        checking.git({QStringLiteral("log"), QStringLiteral("-1"), QStringLiteral("--no-show-signature"),
                      QStringLiteral("--format=%h %s")});
    if (!head) {
        return failure(head.error());
    }
    checking.hasCommit = head->isFine();
    if (checking.hasCommit) {
        checking.add(Topic::Commit, Verdict::Good, Text::tr("The last commit is %1").arg(head->line()));
    } else {
        checking.add(Topic::Commit, Verdict::Problem, Text::tr("Nothing is committed yet"),
                     Text::tr("Render fetches commits."), QStringLiteral("git add . && git commit -m \"Bird app\""));
    }
    if (Result<void> checked = checkTree(checking); !checked) {
        return checked;
    }
    return checkBranch(checking);
}

Result<void> checkRemote(DeployChecking &checking)
{
    if (!checking.isRepository) {
        skip(checking, Topic::Remote, Text::tr("Remote"));
        skip(checking, Topic::Pushed, Text::tr("Pushed"));
        return {};
    }
    const Result<QString> name = remoteName(checking);
    if (!name) {
        return failure(name.error());
    }
    checking.remote = *name;
    if (name->isEmpty()) {
        checking.add(
            Topic::Remote, Verdict::Problem, Text::tr("The repository has no remote"),
            Text::tr("Render fetches from GitHub, GitLab or Bitbucket. Make an empty repository at one of them, and "
                     "add it."),
            QStringLiteral("git remote add origin https://github.com/YOUR-NAME/YOUR-REPOSITORY.git"));
        skip(checking, Topic::Pushed, Text::tr("Pushed"));
        return {};
    }
    if (Result<void> checked = checkRemoteUrl(checking); !checked) {
        return checked;
    }
    if (!checking.hasCommit || checking.check.branch.isEmpty()) {
        skip(checking, Topic::Pushed, Text::tr("Pushed"));
        return {};
    }
    return checking.request.asksRemote ? checkOnline(checking) : checkOffline(checking);
}

} // namespace Roost

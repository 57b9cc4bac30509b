#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// One line of the check list before a folder is deployed.
struct DeployCheckItem
{
    enum class Topic { Repository, Commit, WorkingTree, Branch, Remote, Pushed, Requirements, App, Secrets, Ignored };
    enum class Verdict {
        Good,
        Advice,  ///< it works without, but should be looked at
        Problem, ///< Render could not deploy it, or something secret would get out
        Skipped  ///< cannot be told before something else is mended
    };
    Topic topic = Topic::Repository;
    Verdict verdict = Verdict::Good;
    QString title;       ///< translated: "Everything is committed"
    QString text;        ///< translated: why, and what to do; empty with Good where the title says it all
    QString command;     ///< to copy into a terminal in the folder; empty: none
    QStringList details; ///< files: "app.py, line 12"; never what stands there
};

/// Whether a folder can be deployed to Render from its git repository, and with what.
struct DeployCheck
{
    QString folder;
    QString repository; ///< "https://github.com/ada/bird-app"; empty: none that Render takes
    QString branch;
    QString rootFolder;   ///< the folder within the repository; empty: all of it
    QString buildCommand; ///< "pip install -r requirements.txt"
    QString startCommand; ///< "gunicorn app:app"
    QList<DeployCheckItem> items;
    QStringList ignoreLines; ///< that .gitignore should have; see ignoreInGit()

    bool mayDeploy() const; ///< nothing is a problem
    const DeployCheckItem *item(DeployCheckItem::Topic topic) const;
};

struct DeployCheckRequest
{
    QString folder;
    bool asksRemote = false; ///< whether the branch is there, over the network; else what git knows from the last time
};

/// Looks, and changes nothing. NotFound (no such folder), ToolMissing (git), Cancelled. Blocking, on a worker thread.
[[nodiscard]] Result<DeployCheck> checkDeployable(const DeployCheckRequest &request, const JobContext &context);

/// A remote's URL as Render takes it: https, without user, token and `.git`. Empty when it is not at GitHub, GitLab or
/// Bitbucket. `git@github.com:ada/app.git` and ssh:// are understood.
[[nodiscard]] QString webUrlOfRemote(const QString &remote);

/// Appends lines that are missing to the folder's .gitignore, and makes it where there is none. FileFailed.
[[nodiscard]] Result<void> ignoreInGit(const QString &folder, const QStringList &lines);

} // namespace Roost

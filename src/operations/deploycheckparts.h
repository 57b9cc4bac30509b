#pragma once

#include "operations/deploycheck.h"
#include "operations/gitcommand.h"

#include <QCoreApplication>

namespace Roost {

/// The translation context of the check list.
struct DeployCheckText
{
    Q_DECLARE_TR_FUNCTIONS(DeployCheck)
};

/// What the parts of the check list share. Each part appends its items.
struct DeployChecking
{
    const DeployCheckRequest &request;
    const JobContext &context;
    DeployCheck check;
    bool isRepository = false;
    bool hasCommit = false;
    QString remote; ///< its name: "origin"

    void add(DeployCheckItem::Topic topic, DeployCheckItem::Verdict verdict, const QString &title,
             const QString &text = {}, const QString &command = {}, const QStringList &details = {})
    {
        check.items += {topic, verdict, title, text, command, details};
    }
    [[nodiscard]] Result<GitAnswer> git(const QStringList &arguments, int timeoutMs = 10'000) const
    {
        return askGit(check.folder, arguments, context, timeoutMs);
    }
};

// Each fails only where git cannot be asked at all.
[[nodiscard]] Result<void> checkRepository(DeployChecking &checking); ///< repository, commit, tree, branch
[[nodiscard]] Result<void> checkRemote(DeployChecking &checking);     ///< remote, pushed
void checkApp(DeployChecking &checking);                              ///< requirements.txt, app.py
[[nodiscard]] Result<void> checkSecrets(DeployChecking &checking);    ///< secrets, .gitignore

} // namespace Roost

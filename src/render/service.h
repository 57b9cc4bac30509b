#pragma once

#include "core/secret.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// A service of Render's: a web service, worker, cron job …
struct Service
{
    QString id; ///< "srv-…", "crn-…"
    QString name;
    QString ownerId;
    QString type; ///< "web_service", "private_service", "background_worker", "cron_job", "static_site"
    bool isSuspended = false;
    QStringList suspenders;
    QString environmentId;
    QString dashboardUrl;
    QString repository; ///< URL
    QString branch;
    bool deploysByItself = false; ///< autoDeploy
    QString rootFolder;
    QString url;    ///< "https://bird-app.onrender.com"; not of every type
    QString region; ///< empty for static sites
    QString plan;
    QString runtime; ///< "python"
    QString buildCommand;
    QString startCommand;
    QString preDeployCommand;
    QString healthCheckPath;
    QDateTime createdAt;   ///< UTC
    QDateTime updatedAt;   ///< UTC
    QString firstDeployId; ///< only from createService(), where Render tells it

    bool isFree() const { return plan == u"free"; }
};

/// An environment variable. The value may hold a password, so it is one.
struct EnvironmentVariable
{
    QString key;
    Secret value;
};

/// A web service to create from a repository.
struct ServiceDraft
{
    QString name;
    QString ownerId;
    QString repository;
    QString branch;
    QString rootFolder;
    QString region;
    QString plan = QStringLiteral("free"); ///< always sent: without it Render takes a paid one
    QString runtime = QStringLiteral("python");
    QString buildCommand;
    QString startCommand;
    QString healthCheckPath;
    QList<EnvironmentVariable> variables;
};

/// Variables that several services share.
struct EnvironmentGroup
{
    QString id; ///< "evg-…"
    QString name;
    QString ownerId;
    QStringList serviceIds;               ///< that it is linked to
    QList<EnvironmentVariable> variables; ///< only from environmentGroup(); a list of groups has none
    QDateTime createdAt;
};

/// A deploy of a service.
struct Deploy
{
    QString id;      ///< "dep-…"; empty when Render only said that it is queued
    QString status;  ///< "build_in_progress", "live", "update_failed" …
    QString trigger; ///< "api", "manual" …
    QString commitId;
    QString commitMessage;
    QDateTime createdAt;  ///< UTC
    QDateTime finishedAt; ///< UTC; null while under way

    bool isLive() const { return status == u"live"; }
    /// It will not change any more by itself: live, replaced by a later one, failed or cancelled.
    bool isOver() const;
    bool isFailed() const;
};

struct DeployRequest
{
    /// The last build again with the variables as they are now; else everything is built anew.
    bool deployOnly = true;
    bool clearsCache = false; ///< only with a build
    QString commitId;         ///< only with a build; empty: the branch's newest
};

/// One series of measured values.
struct MetricSeries
{
    struct Point
    {
        QDateTime at; ///< UTC
        double value = 0;
    };
    QString unit; ///< as Render names it: "GB"
    QList<Point> points;
};

} // namespace Roost

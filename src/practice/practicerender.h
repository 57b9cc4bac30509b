#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <QMap>
#include <QString>

#include <functional>
#include <memory>

namespace Roost {

/// How a stand-in for Render is made.
struct PracticeRenderOptions
{
    QString folder;         ///< everything of it is in here; made when missing
    QString home;           ///< as LocalClusterOptions::home
    int port = 0;           ///< 0: that of the last time where it is free, else any
    bool hasSample = true;  ///< at the first start: an instance with bird_app_db, and a service "bird-app" that uses it
    bool endsAlone = false; ///< `ended` is called when the folder disappears: nobody could find it any more
    std::function<void()> ended;
    QMap<QString, QString> clusterSettings; ///< postgresql.conf lines of its instances, for tests
    QMap<QString, int> settings; ///< at the first start, as POST /practice/settings takes them: "creating_ms"
};

/// A stand-in for Render's API on loopback, with Render's rules. Its instances are real
/// local clusters and its web services the real bird app run by gunicorn; both end with it. What there is, and how far
/// its clock was moved, survives a restart.
///
/// Beside the API under `/v1` it has, with the same key, under `/practice`:
///   GET  state                      everything, with the calls so far
///   GET  clock, POST clock          {"days":1}, {"seconds":60}, {"reset":true} → {"now","offsetSeconds"}
///   GET  settings, POST settings    see PracticeSettings
///   POST faults, DELETE faults      see PracticeFaults
///   POST services/ID/sleep          as after 15 idle minutes: the next request wakes it
///
/// Runs in threads of its own. start() and stop() block: not on the GUI thread.
class PracticeRender
{
public:
    explicit PracticeRender(PracticeRenderOptions options);
    ~PracticeRender(); ///< stops it
    Q_DISABLE_COPY_MOVE(PracticeRender)

    /// Returns when it answers and its instances and services are as they were, or as they are at first.
    [[nodiscard]] Result<void> start(JobContext &context);
    /// Ends services, clusters and server; the data stays.
    void stop();

    /// "http://127.0.0.1:PORT/v1" and the key; while it runs.
    [[nodiscard]] RenderAccess access() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// The one in Paths::practice(), which `roost-cli practice serve` runs.
[[nodiscard]] PracticeRenderOptions practiceRenderOptions();

} // namespace Roost

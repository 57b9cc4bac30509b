#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <QDate>
#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QMetaType>
#include <QStringList>
#include <QUrl>

#include <chrono>
#include <functional>
#include <optional>

namespace Roost {

struct Profile;

/// What a connection goes through, in its order.
enum class DoctorLayer {
    Instance, ///< what Render says of it, and its dates; skipped for servers elsewhere
    Name,
    Tcp,
    Tls,
    Login,
    Database,
    Rights,
    Versions
};

enum class DoctorVerdict { Good, Warning, Failed, Skipped };

/// What mends a finding. The window has a button for each, the command line says it in words.
enum class DoctorRemedy {
    None,
    TryAgain,
    EditConnection,  ///< `corrected` is what is proposed
    UseExternalHost, ///< `corrected` has it
    ChooseRegion,    ///< one of `choices`; externalRenderHost() makes the host
    UseDatabase,     ///< one of `choices`, the likeliest first; `corrected` has that one
    TurnOnTls,       ///< `corrected` has it
    EnterPassword,
    FetchPassword,  ///< from Render's API
    AddMyAddress,   ///< to the instance's allow list; `choices` holds the address where it is known
    ResumeInstance, ///< through Render's API
    OpenDashboard,  ///< `link`
    CopyCommand     ///< `command`, for a terminal or as SQL
};

struct DoctorFinding
{
    DoctorLayer layer = DoctorLayer::Name;
    DoctorVerdict verdict = DoctorVerdict::Good;
    QString cause; ///< "internal-host", "wrong-password" …: for code and tests; empty when good or skipped
    QString found; ///< translated, a sentence
    QString why;   ///< translated: why probably; empty when good
    DoctorRemedy remedy = DoctorRemedy::None;
    QString advice; ///< translated: what to do
    QString command;
    QStringList choices;
    ConnectionParameters corrected;
    QUrl link;
    QString detail; ///< raw and redacted
};

struct DoctorRequest
{
    ConnectionSpec spec;
    std::optional<RenderAccess> render;       ///< where the account's key is known
    QString renderId;                         ///< "dpg-…-a"; empty: from the host, where it is Render's
    QDate createdOn;                          ///< that the user gave
    int lifetimeDays = 0;                     ///< of a free instance; 0: the usual 30
    QDateTime expiresAt;                      ///< as Render said last
    QString ownAddress;                       ///< as Render sees this computer; empty: not known
    std::chrono::milliseconds patience{8000}; ///< with each step
    QUrl clock;                               ///< a server whose `Date` is right; empty: Render's API
    /// Called on the operation's thread with each layer as it is done.
    std::function<void(const DoctorFinding &)> found = {};
};

struct DoctorReport
{
    ConnectionParameters parameters;
    QList<DoctorFinding> findings; ///< one a layer, in their order

    bool isGood() const; ///< nothing failed; there may be warnings
    /// The first that failed, else the first warning; null when all is good.
    const DoctorFinding *problem() const;
    const DoctorFinding *of(DoctorLayer layer) const;
    /// To send to somebody: plain text, without password.
    [[nodiscard]] QString text() const;
    [[nodiscard]] QJsonObject json() const;
};

/// For a saved connection, with what is known of its instance; the account's key is for the caller to add.
[[nodiscard]] DoctorRequest doctorRequestFor(const Profile &profile, const ConnectionSpec &spec);

/// Tries a connection step by step, each with a probe of its own, and says of each what was found, why probably and
/// what to do. Changes nothing. Blocking, on a worker thread; fails only with Cancelled.
[[nodiscard]] Result<DoctorReport> examineConnection(const DoctorRequest &request, JobContext &context);

/// In words, translated: "Name", "TCP" …; "good", "failed" ….
[[nodiscard]] QString layerText(DoctorLayer layer);
[[nodiscard]] QString verdictText(DoctorVerdict verdict);
/// For JSON: "name", "tcp"; "good", "failed"; "use-external-host".
[[nodiscard]] QString layerId(DoctorLayer layer);
[[nodiscard]] QString verdictId(DoctorVerdict verdict);
[[nodiscard]] QString remedyId(DoctorRemedy remedy);

} // namespace Roost

Q_DECLARE_METATYPE(Roost::DoctorFinding)

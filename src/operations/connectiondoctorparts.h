#pragma once

#include "operations/connectiondoctor.h"
#include "operations/connectiondoctorprobes.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>

namespace Roost::Doctor {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionDoctor)
};

/// What is known of the instance before the first packet: from Render, and from dates.
struct InstanceFacts
{
    bool isOnRender = false;
    QString renderId;
    std::optional<PostgresInstance> instance; ///< as Render says now
    std::optional<std::chrono::seconds> clockOffset;
    QDateTime now;             ///< UTC, by Render's clock where it is known
    QDateTime expiresAt;       ///< UTC; null: not known or never
    bool expiryIsSure = false; ///< Render said it; else it follows from the creation date, if the instance is free
    QString cause;             ///< of the finding about the instance

    bool isExpired() const { return expiresAt.isValid() && expiresAt <= now; }
    QDateTime erasedAt() const;
};

/// What an examination has got so far, from layer to layer.
struct Examination
{
    const DoctorRequest &request;
    JobContext &context;
    InstanceFacts facts = {};
    QList<QByteArray> addresses = {};
    Probes::Socket socket = {};
    std::unique_ptr<DatabaseConnection> connection = {};
    std::optional<DoctorFinding> database = {}; ///< when the login has told already what is wrong with it

    const ConnectionParameters &parameters() const { return request.spec.parameters; }
    const std::stop_token &stop() const { return context.stopToken(); }
    QDeadlineTimer deadline() const { return QDeadlineTimer(request.patience); }
    bool usesSocketFile() const { return parameters().host.startsWith(u'/'); }
};

// One a layer. What follows a stop request counts for nothing.
[[nodiscard]] DoctorFinding examineInstance(Examination &exam);
[[nodiscard]] DoctorFinding examineName(Examination &exam);
[[nodiscard]] DoctorFinding examineTcp(Examination &exam);
[[nodiscard]] DoctorFinding examineTls(Examination &exam);
[[nodiscard]] DoctorFinding examineLogin(Examination &exam);
[[nodiscard]] DoctorFinding examineDatabase(Examination &exam);
[[nodiscard]] DoctorFinding examineRights(Examination &exam);
[[nodiscard]] DoctorFinding examineVersions(Examination &exam);

/// The server closed the connection; `when`: "before-tls", "in-tls", "at-login". On Render that has few reasons, and
/// what is known of the instance says which.
[[nodiscard]] DoctorFinding closedFinding(const Examination &exam, DoctorLayer layer, const QString &when,
                                          const QString &found);
/// A certificate that does not check out.
[[nodiscard]] DoctorFinding certificateFinding(const Examination &exam, const Probes::HandshakeAnswer &answer);
/// From the server's refusal; sets `exam.database` when the login itself was fine.
[[nodiscard]] DoctorFinding loginFinding(Examination &exam, const Error &error);

// Making findings.
[[nodiscard]] DoctorFinding good(DoctorLayer layer, const QString &found);
[[nodiscard]] DoctorFinding skipped(DoctorLayer layer, const QString &found);
[[nodiscard]] DoctorFinding failed(DoctorLayer layer, const char *cause, const QString &found, const QString &why,
                                   DoctorRemedy remedy, const QString &advice);
[[nodiscard]] DoctorFinding warning(DoctorLayer layer, const char *cause, const QString &found, const QString &why,
                                    DoctorRemedy remedy, const QString &advice);
[[nodiscard]] QString placeText(const ConnectionParameters &parameters); ///< "host:5432"
[[nodiscard]] QString dayText(const QDateTime &time);                    ///< "31 Oct 2026", UTC
/// The region of the instance, "oregon"; empty when nobody said it.
[[nodiscard]] QString regionOf(const Examination &exam);
[[nodiscard]] QUrl dashboardOf(const InstanceFacts &facts);

} // namespace Roost::Doctor

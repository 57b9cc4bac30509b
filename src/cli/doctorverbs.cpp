#include "cli/accounts.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/connectiondoctor.h"
#include "storage/profilestore.h"

#include <QJsonDocument>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");

/// Where the password cannot be had the rest is examined all the same.
Result<ConnectionSpec> specFor(const QString &target, const CliServices &services, const JobContext &context)
{
    const Result<ConnectionSpec> spec = services.targets.resolve(target, context);
    if (spec || spec.error().isCancelled()) {
        return spec;
    }
    const Result<ConnectionParameters> parameters = services.targets.parameters(target);
    if (!parameters || parameters->host.isEmpty()) {
        return spec;
    }
    services.terminal.note(spec.error().message);
    return ConnectionSpec{*parameters, {}};
}

/// The key of the account that the connection came from, where there is one and it can be had.
std::optional<RenderAccess> accessFor(const Profile &profile, const CliServices &services, const JobContext &context)
{
    if (profile.accountId.isEmpty()) {
        return std::nullopt;
    }
    const QList<Account> accounts = services.accounts.store().all().value_or(QList<Account>());
    for (const Account &account : accounts) {
        if (account.id == profile.accountId) {
            const Result<RenderAccess> access = services.accounts.access(account, context);
            if (access) {
                return *access;
            }
            services.terminal.note(CliText::tr("Render is not asked: %1").arg(access.error().message));
        }
    }
    return std::nullopt;
}

Result<DoctorRequest> requestFor(const QString &target, const CliServices &services, const JobContext &context)
{
    const Result<ConnectionSpec> spec = specFor(target, services, context);
    if (!spec) {
        return failure(spec.error());
    }
    DoctorRequest request;
    request.spec = *spec;
    const std::optional<TargetName> name = TargetName::parse(target);
    if (name && name->kind == TargetName::Kind::Saved) {
        const Result<Profile> profile = services.profiles.byName(name->name);
        if (!profile) {
            return failure(profile.error());
        }
        request = doctorRequestFor(*profile, *spec);
        request.render = accessFor(*profile, services, context);
    }
    return request;
}

void print(const DoctorFinding &finding, Terminal &terminal)
{
    constexpr int verdictWidth = 9;
    constexpr int layerWidth = 10;
    const QString indent(verdictWidth + layerWidth, u' ');
    terminal.writeLine(verdictText(finding.verdict).leftJustified(verdictWidth) +
                       layerText(finding.layer).leftJustified(layerWidth) + shownInTerminal(finding.found));
    const auto add = [&terminal, &indent](const QString &title, const QString &text) {
        QString lead = title;
        const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
        for (const QString &line : lines) {
            terminal.writeLine(indent + lead + shownInTerminal(line));
            lead = QStringLiteral("  ");
        }
    };
    add(CliText::tr("Why: "), finding.why);
    add(CliText::tr("What to do: "), finding.advice);
    add(QString(), finding.command);
    add(QString(), finding.remedy == DoctorRemedy::OpenDashboard ? finding.link.toString() : QString());
    if (finding.verdict == DoctorVerdict::Failed) {
        add(CliText::tr("Details: "), finding.detail);
    }
}

Result<void> examine(const Invocation &call, const CliServices &services, JobContext &context)
{
    Result<DoctorRequest> request = requestFor(call.arguments.first(), services, context);
    if (!request) {
        return failure(request.error());
    }
    const bool asJson = call.has(jsonOption);
    if (!asJson) {
        request->found = [&services](const DoctorFinding &finding) { print(finding, services.terminal); };
    }
    const Result<DoctorReport> report = examineConnection(*request, context);
    if (!report) {
        return failure(report.error());
    }
    if (asJson) {
        services.terminal.write(QJsonDocument(report->json()).toJson());
    }
    if (report->isGood()) {
        return {};
    }
    // The exit code is that of a finding (1), not of a connection that a verb needed and did not get (3).
    return failure(ErrorCode::Conflict,
                   CliText::tr("The connection fails at: %1.").arg(layerText(report->problem()->layer)));
}

} // namespace

QList<Verb> doctorVerbs()
{
    Verb doctor;
    doctor.name = QStringLiteral("doctor");
    doctor.summary = CliText::tr("Say why a connection does not work, step by step, and what mends it.");
    doctor.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database")}};
    doctor.options = {{jsonOption, {}, CliText::tr("one object: good, problem, layers")}};
    doctor.description = CliText::tr(
        "Looks at what Render says of the instance (with an account's key), the host's name, TCP, TLS, the\n"
        "login, the database, the rights and the versions; each is tried by itself. Changes nothing.\n\n"
        "Exit code 0 when nothing failed (there may be warnings), 1 when something did.");
    doctor.run = examine;
    return {doctor};
}

} // namespace Roost

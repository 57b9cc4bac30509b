#include "operations/connectiondoctor.h"

#include "operations/connectiondoctorparts.h"
#include "postgres/renderhost.h"

#include <QLocale>

#include <algorithm>

namespace Roost {

using namespace Doctor;

namespace {

/// The layers in their order, and what examines each.
struct Step
{
    DoctorLayer layer;
    DoctorFinding (*examine)(Doctor::Examination &);
};
constexpr Step steps[] = {
    {DoctorLayer::Instance, examineInstance}, {DoctorLayer::Name, examineName},
    {DoctorLayer::Tcp, examineTcp},           {DoctorLayer::Tls, examineTls},
    {DoctorLayer::Login, examineLogin},       {DoctorLayer::Database, examineDatabase},
    {DoctorLayer::Rights, examineRights},     {DoctorLayer::Versions, examineVersions},
};

/// Whether the layers after it can be looked at all the same.
bool endsExamination(const DoctorFinding &finding)
{
    return finding.verdict == DoctorVerdict::Failed && finding.layer != DoctorLayer::Instance &&
           finding.layer != DoctorLayer::Rights;
}

bool isRenders(const DoctorRequest &request)
{
    return !request.renderId.isEmpty() || isRenderHost(request.spec.parameters.host);
}

} // namespace

Result<DoctorReport> examineConnection(const DoctorRequest &request, JobContext &context)
{
    Doctor::Examination exam{request, context};
    exam.facts.isOnRender = isRenders(request);
    DoctorReport report;
    report.parameters = request.spec.parameters;
    bool hasEnded = false;
    for (const Step &step : steps) {
        context.report({layerText(step.layer), qint64(report.findings.size()), qint64(std::size(steps)), {}});
        DoctorFinding finding = hasEnded
                                    ? skipped(step.layer, Text::tr("Not looked at, because of what failed before."))
                                    : step.examine(exam);
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
        hasEnded = hasEnded || endsExamination(finding);
        if (request.found) {
            request.found(finding);
        }
        report.findings += finding;
    }
    return report;
}

bool DoctorReport::isGood() const
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const DoctorFinding &each) { return each.verdict == DoctorVerdict::Failed; });
}

const DoctorFinding *DoctorReport::problem() const
{
    for (const DoctorVerdict verdict : {DoctorVerdict::Failed, DoctorVerdict::Warning}) {
        const auto found = std::find_if(findings.begin(), findings.end(),
                                        [verdict](const DoctorFinding &each) { return each.verdict == verdict; });
        if (found != findings.end()) {
            return &*found;
        }
    }
    return nullptr;
}

const DoctorFinding *DoctorReport::of(DoctorLayer layer) const
{
    const auto found = std::find_if(findings.begin(), findings.end(),
                                    [layer](const DoctorFinding &each) { return each.layer == layer; });
    return found == findings.end() ? nullptr : &*found;
}

namespace Doctor {

DoctorFinding good(DoctorLayer layer, const QString &found)
{
    DoctorFinding finding;
    finding.layer = layer;
    finding.found = found;
    return finding;
}

DoctorFinding skipped(DoctorLayer layer, const QString &found)
{
    DoctorFinding finding = good(layer, found);
    finding.verdict = DoctorVerdict::Skipped;
    return finding;
}

DoctorFinding failed(DoctorLayer layer, const char *cause, const QString &found, const QString &why,
                     DoctorRemedy remedy, const QString &advice)
{
    DoctorFinding finding = good(layer, found);
    finding.verdict = DoctorVerdict::Failed;
    finding.cause = QString::fromLatin1(cause);
    finding.why = why;
    finding.remedy = remedy;
    finding.advice = advice;
    return finding;
}

DoctorFinding warning(DoctorLayer layer, const char *cause, const QString &found, const QString &why,
                      DoctorRemedy remedy, const QString &advice)
{
    DoctorFinding finding = failed(layer, cause, found, why, remedy, advice);
    finding.verdict = DoctorVerdict::Warning;
    return finding;
}

QString placeText(const ConnectionParameters &parameters)
{
    return parameters.host.startsWith(u'/') ? parameters.host
                                            : QStringLiteral("%1:%2").arg(parameters.host).arg(parameters.port);
}

QString dayText(const QDateTime &time)
{
    return QLocale().toString(time.toUTC().date(), QStringLiteral("d MMM yyyy"));
}

QString regionOf(const Examination &exam)
{
    return exam.facts.instance ? exam.facts.instance->region : regionOfRenderHost(exam.parameters().host);
}

QUrl dashboardOf(const InstanceFacts &facts)
{
    const QString told = facts.instance ? facts.instance->dashboardUrl : QString();
    const QUrl url(told, QUrl::StrictMode);
    const bool isOpenable = url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
    if (isOpenable && !url.host().isEmpty()) {
        return url;
    }
    return facts.renderId.isEmpty() ? QUrl(QStringLiteral("https://dashboard.render.com/"))
                                    : QUrl(QStringLiteral("https://dashboard.render.com/d/") + facts.renderId);
}

} // namespace Doctor

} // namespace Roost

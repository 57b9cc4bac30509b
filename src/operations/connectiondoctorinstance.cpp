// What Render and the dates say of an instance, and what a closed connection means there.
#include "operations/connectiondoctorparts.h"

#include "operations/expiry.h"
#include "operations/instancechanges.h"
#include "render/renderclient.h"

#include <QHostAddress>
#include <QUdpSocket>

#include <algorithm>

namespace Roost::Doctor {

namespace {

constexpr auto layer = DoctorLayer::Instance;

/// Of home and office networks, and of providers that share one address among many: nobody outside sees it.
bool isPrivate(const QHostAddress &address)
{
    const QStringList ranges{QStringLiteral("10.0.0.0/8"), QStringLiteral("172.16.0.0/12"),
                             QStringLiteral("192.168.0.0/16"), QStringLiteral("100.64.0.0/10")};
    return std::any_of(ranges.begin(), ranges.end(), [&address](const QString &range) {
        return address.isInSubnet(QHostAddress::parseSubnet(range));
    });
}

/// The address that this computer sends from, where no router changes it on the way; else empty.
QString addressFromHere(const ConnectionParameters &parameters)
{
    if (parameters.isLoopback()) {
        return QStringLiteral("127.0.0.1");
    }
    QUdpSocket socket; // connecting it sends nothing
    socket.connectToHost(QHostAddress(QStringLiteral("1.1.1.1")), 53);
    const QHostAddress own = socket.localAddress();
    return own.isGlobal() && !isPrivate(own) ? own.toString() : QString();
}

bool isOpenToAll(const PostgresInstance &instance)
{
    return std::any_of(instance.allowedAddresses.begin(), instance.allowedAddresses.end(),
                       [](const AllowedAddresses &range) { return range.cidrBlock == u"0.0.0.0/0"; });
}

QString rangesText(const PostgresInstance &instance)
{
    QStringList ranges;
    for (const AllowedAddresses &range : instance.allowedAddresses) {
        ranges += range.cidrBlock;
    }
    return ranges.join(QStringLiteral(", "));
}

void takeExpiry(Examination &exam)
{
    InstanceFacts &facts = exam.facts;
    const DoctorRequest &request = exam.request;
    facts.now = QDateTime::currentDateTimeUtc().addSecs(facts.clockOffset ? facts.clockOffset->count() : 0);
    if (facts.instance) {
        facts.expiresAt = facts.instance->expiresAt;
        facts.expiryIsSure = true;
    } else if (request.expiresAt.isValid()) {
        facts.expiresAt = request.expiresAt;
        facts.expiryIsSure = true;
    } else if (request.createdOn.isValid()) {
        const int days = request.lifetimeDays > 0 ? request.lifetimeDays : Expiry::usualLifetimeDays;
        facts.expiresAt = request.createdOn.addDays(days).startOfDay(Qt::UTC);
    }
}

DoctorFinding withDashboard(DoctorFinding finding, const InstanceFacts &facts)
{
    finding.link = dashboardOf(facts);
    return finding;
}

QString expiredAdvice(const InstanceFacts &facts)
{
    return facts.erasedAt() > facts.now
               ? Text::tr("Until %1 it can still be upgraded to a paid plan in the Render dashboard, which brings it "
                          "back with its data. Otherwise create a new instance and restore your last backup into it.")
                     .arg(dayText(facts.erasedAt()))
               : Text::tr("Its data is gone from Render. Create a new instance and restore your last backup into it.");
}

DoctorFinding expiredFinding(const InstanceFacts &facts)
{
    const QString day = dayText(facts.expiresAt);
    const QString erased = dayText(facts.erasedAt());
    if (facts.expiryIsSure) {
        return withDashboard(
            failed(layer, "expired",
                   facts.erasedAt() > facts.now
                       ? Text::tr("The instance expired on %1, and is erased with everything in it on %2.")
                             .arg(day, erased)
                       : Text::tr("The instance expired on %1, and was erased on %2.").arg(day, erased),
                   Text::tr("Free instances stop on the day that Render sets when they are created."),
                   DoctorRemedy::OpenDashboard, expiredAdvice(facts)),
            facts);
    }
    return withDashboard(
        warning(layer, "expired-by-date",
                Text::tr("If it is a free instance, it expired on %1 and is erased on %2.").arg(day, erased),
                Text::tr("That follows from the creation date that you gave. A paid instance does not expire."),
                DoctorRemedy::OpenDashboard, expiredAdvice(facts)),
        facts);
}

DoctorFinding suspendedFinding(const InstanceFacts &facts)
{
    const PostgresInstance &instance = *facts.instance;
    if (instance.suspenders.contains(QStringLiteral("billing"))) {
        return withDashboard(failed(layer, "suspended-billing",
                                    Text::tr("Render has suspended the instance because of a bill."),
                                    Text::tr("A payment is missing or a card was refused."),
                                    DoctorRemedy::OpenDashboard, Text::tr("Settle it in the Render dashboard.")),
                             facts);
    }
    if (instance.suspenders.isEmpty() || instance.suspenders.contains(QStringLiteral("user"))) {
        return failed(layer, "suspended", Text::tr("The instance is suspended, so it lets nobody in."),
                      Text::tr("Somebody with access to the account suspended it. Its data is still there."),
                      DoctorRemedy::ResumeInstance, Text::tr("Resume it; that takes about a minute."));
    }
    return withDashboard(
        failed(layer, "suspended-by-render",
               Text::tr("Render has suspended the instance (%1).").arg(instance.suspenders.join(QStringLiteral(", "))),
               Text::tr("It may be fuller than its plan allows, or have expired."), DoctorRemedy::OpenDashboard,
               Text::tr("The Render dashboard says why, and what brings it back.")),
        facts);
}

DoctorFinding statusFinding(const InstanceFacts &facts)
{
    const QString status = facts.instance->status;
    if (status == u"creating") {
        return failed(layer, "creating", Text::tr("Render is still creating the instance."),
                      Text::tr("That takes about a minute, seldom more than five."), DoctorRemedy::TryAgain,
                      Text::tr("Wait until it is available and try again."));
    }
    return withDashboard(warning(layer, "not-available",
                                 Text::tr("Render says that the instance is not available now: %1.").arg(status),
                                 Text::tr("It is being changed, maintained or repaired."), DoctorRemedy::OpenDashboard,
                                 Text::tr("Try again in some minutes; the Render dashboard says more.")),
                         facts);
}

std::optional<DoctorFinding> allowListFinding(const Examination &exam)
{
    const PostgresInstance &instance = *exam.facts.instance;
    if (isOpenToAll(instance)) {
        return std::nullopt;
    }
    const QString own =
        exam.request.ownAddress.isEmpty() ? addressFromHere(exam.parameters()) : exam.request.ownAddress;
    DoctorFinding finding;
    if (instance.allowedAddresses.isEmpty()) {
        finding =
            failed(layer, "allow-list-empty",
                   Text::tr("The instance lets nobody in from outside of Render: its list of allowed addresses is "
                            "empty."),
                   Text::tr("Services inside Render can use it; this computer cannot."), DoctorRemedy::AddMyAddress,
                   Text::tr("Add your address to the list."));
    } else if (own.isEmpty()) {
        finding = warning(
            layer, "allow-list-unknown",
            Text::tr("The instance lets in these addresses only: %1.").arg(rangesText(instance)),
            Text::tr("Whether yours is one of them cannot be seen from here: a router gives this computer "
                     "another one on the internet."),
            DoctorRemedy::AddMyAddress, Text::tr("If the connection is closed below, add your address to the list."));
    } else if (!isAllowed(own, instance.allowedAddresses)) {
        finding = failed(
            layer, "not-on-allow-list",
            Text::tr("Your address %1 is not on the instance's list of allowed addresses.").arg(own),
            Text::tr("Only these are let in: %1. Addresses at home often change over night.").arg(rangesText(instance)),
            DoctorRemedy::AddMyAddress, Text::tr("Add %1 to the list.").arg(own));
    } else {
        return std::nullopt;
    }
    finding.choices = own.isEmpty() ? QStringList() : QStringList{own};
    return withDashboard(finding, exam.facts);
}

DoctorFinding instanceFinding(Examination &exam)
{
    const InstanceFacts &facts = exam.facts;
    const PostgresInstance &instance = *facts.instance;
    if (facts.isExpired()) {
        return expiredFinding(facts);
    }
    if (instance.isSuspended || instance.status == u"suspended") {
        return suspendedFinding(facts);
    }
    if (instance.status == u"creating") {
        return statusFinding(facts);
    }
    if (const auto finding = allowListFinding(exam)) {
        return *finding;
    }
    if (!instance.isAvailable()) {
        return statusFinding(facts);
    }
    return good(layer, facts.expiresAt.isValid()
                           ? Text::tr("%1 is available; it expires on %2.").arg(instance.name, dayText(facts.expiresAt))
                           : Text::tr("%1 is available.").arg(instance.name));
}

DoctorFinding refusedFinding(const Examination &exam, const Error &error)
{
    DoctorFinding finding;
    if (error.code == ErrorCode::NotFound) {
        finding =
            failed(layer, "deleted", Text::tr("Render has no instance %1 in this account.").arg(exam.facts.renderId),
                   Text::tr("It was deleted, or it belongs to another account."), DoctorRemedy::OpenDashboard,
                   Text::tr("Look for it in the Render dashboard. If it is gone, create a new instance and "
                            "restore your last backup into it."));
        finding.link = dashboardOf({});
    } else {
        finding = warning(layer, "render-not-asked", Text::tr("Render could not be asked about the instance."),
                          error.message, DoctorRemedy::TryAgain, Text::tr("What is found below stands without it."));
    }
    finding.detail = error.detail;
    return finding;
}

DoctorFinding lookAtInstance(Examination &exam)
{
    const DoctorRequest &request = exam.request;
    InstanceFacts &facts = exam.facts;
    if (request.render && isRenderId(facts.renderId, "dpg")) {
        RenderClient client(*request.render, JobContext(exam.stop()));
        const Result<PostgresInstance> instance = client.instance(facts.renderId);
        facts.clockOffset = client.clockOffset();
        if (instance) {
            facts.instance = *instance;
        }
        takeExpiry(exam);
        return instance ? instanceFinding(exam) : refusedFinding(exam, instance.error());
    }
    takeExpiry(exam);
    if (facts.isExpired()) {
        return expiredFinding(facts);
    }
    return skipped(layer, facts.expiresAt.isValid()
                              ? Text::tr("By its dates it works until %1. Render was not asked: that needs an API key.")
                                    .arg(dayText(facts.expiresAt))
                              : Text::tr("Render was not asked: that needs an API key."));
}

} // namespace

QDateTime InstanceFacts::erasedAt() const
{
    return expiresAt.addDays(Expiry::graceDays);
}

DoctorFinding examineInstance(Examination &exam)
{
    InstanceFacts &facts = exam.facts;
    if (!facts.isOnRender) {
        facts.now = QDateTime::currentDateTimeUtc();
        return skipped(layer, Text::tr("The server is not one of Render's."));
    }
    facts.renderId =
        exam.request.renderId.isEmpty() ? exam.parameters().host.section(u'.', 0, 0) : exam.request.renderId;
    const DoctorFinding finding = lookAtInstance(exam);
    facts.cause = finding.cause;
    return finding;
}

DoctorFinding closedFinding(const Examination &exam, DoctorLayer where, const QString &when, const QString &found)
{
    const InstanceFacts &facts = exam.facts;
    const auto make = [&](const QString &why, DoctorRemedy remedy, const QString &advice) {
        DoctorFinding finding = failed(where, qPrintable(QStringLiteral("closed-") + when), found, why, remedy, advice);
        finding.link = dashboardOf(facts);
        return finding;
    };
    if (!facts.isOnRender) {
        return make(
            Text::tr("It may not let in your address, be restarting, or sit behind something that does not pass "
                     "PostgreSQL on."),
            DoctorRemedy::TryAgain, Text::tr("Try again in a minute; check the host and the port."));
    }
    if (facts.isExpired()) {
        return make(Text::tr("The instance has expired on %1; it is erased on %2.")
                        .arg(dayText(facts.expiresAt), dayText(facts.erasedAt())),
                    DoctorRemedy::OpenDashboard, expiredAdvice(facts));
    }
    if (facts.cause == u"allow-list-unknown") {
        return make(Text::tr("Your address is probably not on the instance's list of allowed addresses."),
                    DoctorRemedy::AddMyAddress, Text::tr("Add your address to the list."));
    }
    if (facts.instance && !facts.cause.isEmpty()) {
        return make(Text::tr("That comes from what Render says of the instance, see above."), DoctorRemedy::None,
                    Text::tr("Mend that first."));
    }
    if (facts.instance) {
        return make(Text::tr("Render says that the instance is available and lets you in, so it may be restarting."),
                    DoctorRemedy::TryAgain, Text::tr("Try again in a minute."));
    }
    return make(Text::tr("On Render this means one of these: your address is not on the instance's list of allowed "
                         "addresses, the instance is suspended, or it has expired."),
                DoctorRemedy::OpenDashboard,
                Text::tr("Look at the instance in the Render dashboard. With an API key Roost can say which it is."));
}

} // namespace Roost::Doctor

#include "cli/instanceoutput.h"

#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Roost {

namespace {

const QList<OutputColumn> &columns(bool asJson)
{
    static const QList<OutputColumn> shown{{CliText::tr("Name"), QStringLiteral("name")},
                                           {CliText::tr("Connection"), QStringLiteral("connection")},
                                           {CliText::tr("Id"), QStringLiteral("id")},
                                           {CliText::tr("Status"), QStringLiteral("status")},
                                           {CliText::tr("Plan"), QStringLiteral("plan")},
                                           {CliText::tr("Region"), QStringLiteral("region")},
                                           {CliText::tr("Version"), QStringLiteral("version")},
                                           {CliText::tr("Expires"), QStringLiteral("expires_at")},
                                           {CliText::tr("Workspace"), QStringLiteral("workspace")},
                                           {CliText::tr("Account"), QStringLiteral("account")}};
    static const QList<OutputColumn> all =
        shown + QList<OutputColumn>{{{}, QStringLiteral("suspended")},    {{}, QStringLiteral("created_at")},
                                    {{}, QStringLiteral("database")},     {{}, QStringLiteral("user")},
                                    {{}, QStringLiteral("disk_gb")},      {{}, QStringLiteral("allow_list")},
                                    {{}, QStringLiteral("dashboard_url")}};
    return asJson ? all : shown;
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString();
}

OutputCell allowListCell(const QList<AllowedAddresses> &ranges)
{
    QJsonArray list;
    for (const AllowedAddresses &one : ranges) {
        list += QJsonObject{{QStringLiteral("cidr"), one.cidrBlock}, {QStringLiteral("description"), one.description}};
    }
    return {QString::fromUtf8(QJsonDocument(list).toJson(QJsonDocument::Compact)), OutputCell::Kind::Json};
}

} // namespace

InstanceOutput::InstanceOutput(bool asJson, const CliServices &services)
    : m_asJson(asJson)
    , m_output(services.terminal, asJson ? OutputFormat::Json : OutputFormat::Table, columns(asJson))
    , m_profiles(services.profiles.all().value_or(QList<Profile>()))
{
}

void InstanceOutput::add(const FoundInstance &found)
{
    const PostgresInstance &one = found.instance;
    const QString status = one.isSuspended ? QStringLiteral("suspended") : one.status;
    QList<OutputCell> row{OutputCell::of(one.name),       OutputCell::orNull(connectionOf(one.id)),
                          OutputCell::of(one.id),         OutputCell::of(status),
                          OutputCell::of(one.plan),       OutputCell::of(one.region),
                          OutputCell::of(one.version),    OutputCell::orNull(timeText(one.expiresAt)),
                          OutputCell::of(one.owner.name), OutputCell::of(found.account.name)};
    if (m_asJson) {
        row += {OutputCell::boolean(one.isSuspended),
                OutputCell::orNull(timeText(one.createdAt)),
                OutputCell::of(one.databaseName),
                OutputCell::of(one.databaseUser),
                one.diskSizeGb > 0 ? OutputCell::number(one.diskSizeGb) : OutputCell::null(),
                allowListCell(one.allowedAddresses),
                OutputCell::orNull(one.dashboardUrl)};
    }
    m_output.add(row);
}

QString InstanceOutput::connectionOf(const QString &renderId) const
{
    const auto found = std::find_if(m_profiles.begin(), m_profiles.end(),
                                    [&](const Profile &profile) { return profile.renderId == renderId; });
    return found == m_profiles.end() ? QString() : found->name;
}

} // namespace Roost

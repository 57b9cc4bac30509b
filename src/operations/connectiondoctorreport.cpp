// How a report is told: in words, as text to send, and as JSON.
#include "operations/connectiondoctorparts.h"

#include "core/redact.h"

#include <QJsonArray>

namespace Roost {

using Doctor::Text;

QString layerText(DoctorLayer layer)
{
    switch (layer) {
    case DoctorLayer::Instance:
        return Text::tr("Instance");
    case DoctorLayer::Name:
        return Text::tr("Name");
    case DoctorLayer::Tcp:
        return Text::tr("TCP");
    case DoctorLayer::Tls:
        return Text::tr("TLS");
    case DoctorLayer::Login:
        return Text::tr("Login");
    case DoctorLayer::Database:
        return Text::tr("Database");
    case DoctorLayer::Rights:
        return Text::tr("Rights");
    case DoctorLayer::Versions:
        return Text::tr("Versions");
    }
    return {};
}

QString verdictText(DoctorVerdict verdict)
{
    switch (verdict) {
    case DoctorVerdict::Good:
        return Text::tr("good");
    case DoctorVerdict::Warning:
        return Text::tr("warning");
    case DoctorVerdict::Failed:
        return Text::tr("failed");
    case DoctorVerdict::Skipped:
        return Text::tr("skipped");
    }
    return {};
}

QString layerId(DoctorLayer layer)
{
    static const char *const ids[] = {"instance", "name", "tcp", "tls", "login", "database", "rights", "versions"};
    return QString::fromLatin1(ids[int(layer)]);
}

QString verdictId(DoctorVerdict verdict)
{
    static const char *const ids[] = {"good", "warning", "failed", "skipped"};
    return QString::fromLatin1(ids[int(verdict)]);
}

QString remedyId(DoctorRemedy remedy)
{
    static const char *const ids[] = {"none",           "try-again",      "edit-connection", "use-external-host",
                                      "choose-region",  "use-database",   "turn-on-tls",     "enter-password",
                                      "fetch-password", "add-my-address", "resume-instance", "open-dashboard",
                                      "copy-command"};
    return QString::fromLatin1(ids[int(remedy)]);
}

QString DoctorReport::text() const
{
    QStringList lines{Text::tr("Connection doctor: %1, database %2, user %3")
                          .arg(Doctor::placeText(parameters), parameters.database, parameters.user),
                      QDateTime::currentDateTimeUtc().toString(Qt::ISODate), QString()};
    const auto add = [&lines](const QString &title, const QString &text) {
        if (!text.isEmpty()) {
            lines += QStringLiteral("    ") + title + QString(text).replace(u'\n', QStringLiteral("\n    "));
        }
    };
    for (const DoctorFinding &each : findings) {
        lines += QStringLiteral("%1: %2").arg(layerText(each.layer), verdictText(each.verdict));
        add({}, each.found);
        add(Text::tr("Why: "), each.why);
        add(Text::tr("What to do: "), each.advice);
        add(QStringLiteral("$ "), each.command);
        add(Text::tr("Details: "), each.detail);
    }
    return redact(lines.join(u'\n')) + u'\n';
}

QJsonObject DoctorReport::json() const
{
    QJsonArray layers;
    for (const DoctorFinding &each : findings) {
        QJsonObject layer{{QStringLiteral("layer"), layerId(each.layer)},
                          {QStringLiteral("verdict"), verdictId(each.verdict)},
                          {QStringLiteral("found"), redact(each.found)}};
        const auto add = [&layer](const char *key, const QString &value) {
            if (!value.isEmpty()) {
                layer.insert(QString::fromLatin1(key), redact(value));
            }
        };
        add("cause", each.cause);
        add("why", each.why);
        add("remedy", each.remedy == DoctorRemedy::None ? QString() : remedyId(each.remedy));
        add("advice", each.advice);
        add("command", each.command);
        add("link", each.link.toString());
        add("detail", each.detail);
        if (!each.choices.isEmpty()) {
            layer.insert(QStringLiteral("choices"), QJsonArray::fromStringList(each.choices));
        }
        layers.append(layer);
    }
    const DoctorFinding *first = problem();
    QJsonObject report{{QStringLiteral("host"), parameters.host}, {QStringLiteral("port"), parameters.port},
                       {QStringLiteral("user"), parameters.user}, {QStringLiteral("database"), parameters.database},
                       {QStringLiteral("good"), isGood()},        {QStringLiteral("layers"), layers}};
    if (first) {
        report.insert(QStringLiteral("problem"), first->cause);
    }
    return report;
}

} // namespace Roost

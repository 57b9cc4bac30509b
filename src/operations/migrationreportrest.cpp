#include "operations/expiry.h"
#include "operations/migrationreportparts.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationReport)
};

QJsonObject servicesOf(const MigrationState &state, MigrationStep step)
{
    return state.facts.value(step)[u"services"].toObject();
}

QString variableState(const QString &state)
{
    if (state == u"set") {
        return Text::tr("set, and read back");
    }
    return state == u"other" ? Text::tr("changed by somebody else meanwhile") : Text::tr("not set yet");
}

void addVariables(MigrationDocument &page, const MigrationState &state)
{
    const QJsonObject facts = state.facts.value(MigrationStep::Variables);
    QList<QStringList> rows;
    for (const QJsonValue each : facts[u"changes"].toObject()) {
        const QString holder = each[u"holder"].toString();
        rows +=
            QStringList{each[u"key"].toString(), each[u"isGroup"].toBool() ? Text::tr("group %1").arg(holder) : holder,
                        each[u"service"].toString(), variableState(each[u"state"].toString()), each[u"why"].toString()};
    }
    if (!rows.isEmpty()) {
        page.addTable(
            {Text::tr("Variable"), Text::tr("Where"), Text::tr("Used by"), Text::tr("State"), Text::tr("Address")},
            rows);
        page.addParagraph(Text::tr("Values are not written down here. The old ones are in the keychain of this "
                                   "computer, where it has one; all other variables are as they were."));
    } else if (facts[u"byHand"].toBool()) {
        page.addParagraph(Text::tr("You set the variables yourself, in Render's dashboard."));
    } else if (state.isDone(MigrationStep::Variables)) {
        page.addParagraph(Text::tr("No variable led to the old instance."));
    }
}

QString deployWords(const QString &state)
{
    if (state == u"live") {
        return Text::tr("live");
    }
    if (state == u"suspended") {
        return Text::tr("suspended, as before");
    }
    if (state == u"gone") {
        return Text::tr("not there any more");
    }
    return state == u"failed" ? Text::tr("failed") : Text::tr("under way");
}

QString birdsWords(const QJsonValue &call)
{
    const QString birds = call[u"birds"].toString();
    const int count = call[u"count"].toInt(-1);
    if (birds == u"same") {
        return Text::tr("/birds as before: %n row(s)", nullptr, count);
    }
    if (birds == u"different") {
        return Text::tr("/birds: %1 rows, %2 before").arg(count).arg(call[u"before"].toInt(-1));
    }
    return {};
}

void addDeploys(MigrationDocument &page, const MigrationState &state)
{
    const QJsonObject calls = servicesOf(state, MigrationStep::Call);
    const QJsonObject deploys = servicesOf(state, MigrationStep::Deploy);
    QList<QStringList> rows;
    for (auto it = deploys.begin(); it != deploys.end(); ++it) {
        const QJsonValue call = calls[it.key()];
        rows += QStringList{it.value()[u"name"].toString(), it.value()[u"deployId"].toString(),
                            deployWords(it.value()[u"state"].toString()),
                            call.isObject()
                                ? Text::tr("%1 answers %2").arg(call[u"url"].toString()).arg(call[u"status"].toInt())
                                : QString(),
                            birdsWords(call)};
    }
    page.addTable({Text::tr("Service"), Text::tr("Deploy"), Text::tr("State"), Text::tr("Called"), Text::tr("Content")},
                  rows);
}

/// What became of the old instance, and what is left to do with it.
QString oldText(const MigrationState &state)
{
    const PostgresInstance &old = state.plan.source;
    const QString fate = state.fateOfOld();
    if (fate != u"suspended" && fate != u"suspending") {
        return {};
    }
    const Expiry expiry = expiryOf(old);
    const QString until =
        expiry.isKnown() ? Text::tr("Render erases it on %1 by itself.").arg(expiry.erasedOn().toString(Qt::ISODate))
                         : Text::tr("As long as it exists it may cost money.");
    return Text::tr("The old instance %1 (%2) is suspended, not deleted. Use the app for some days; when nothing is "
                    "missing, open it in Render's dashboard, compare the id, and delete it. %3")
        .arg(old.name, old.id, until);
}

QStringList leftToDo(const MigrationState &state)
{
    QStringList left;
    if (state.end == MigrationState::End::Open) {
        for (const MigrationStep step : stepsOf(state.plan.path)) {
            if (!state.isDone(step) && step != MigrationStep::Report) {
                left += Text::tr("Go on with this migration: the next step is “%1”.").arg(nameOf(step));
                break;
            }
        }
    }
    if (const QString old = oldText(state); !old.isEmpty()) {
        left += old;
    }
    const QJsonObject changes = state.facts.value(MigrationStep::Variables)[u"changes"].toObject();
    for (const QJsonValue each : changes) {
        if (each[u"state"].toString() == u"other") {
            left += Text::tr("Look at %1 of %2: somebody else changed it meanwhile.")
                        .arg(each[u"key"].toString(), each[u"holder"].toString());
        }
    }
    for (const QJsonValue each : state.facts.value(MigrationStep::Variables)[u"left"].toArray()) {
        left += Text::tr("Look at %1: when it was read last, it named the old instance in a form that Roost does not "
                         "rewrite.")
                    .arg(each.toString());
    }
    for (const QJsonValue each : servicesOf(state, MigrationStep::Deploy)) {
        const QString name = each[u"name"].toString();
        if (each[u"isBlueprint"].toBool()) {
            left += Text::tr("%1 is managed by a Blueprint: change its render.yaml, too, or the next sync writes the "
                             "old variables again.")
                        .arg(name);
        }
        if (each[u"state"].toString() == u"suspended") {
            left += Text::tr("%1 was suspended before. Its variables are set; deploy it when you resume it.").arg(name);
        }
    }
    if (state.plan.path != MigrationPath::UpgradeInPlace) {
        left += Text::tr("Change the address wherever it stands outside Render: .env files, other tools, notes.");
    }
    const QDateTime ends = QDateTime::fromString(state.facts.value(MigrationStep::Connections)[u"expiresAt"].toString(),
                                                 Qt::ISODateWithMs);
    left += ends.isValid()
                ? Text::tr("The new instance is free, too: it ends on %1, and Render keeps no backup of it. Make new "
                           "backups regularly, and move in time; Roost reminds you.")
                      .arg(ends.toLocalTime().date().toString(Qt::ISODate))
                : Text::tr("Keep the backups of this migration, and make new ones regularly.");
    return left;
}

QStringList toKnow(const MigrationState &state)
{
    QStringList known = state.plan.warnings;
    for (const MigrationDatabase &database : state.plan.databases) {
        const QString name = database.properties.name;
        const QString notes = state.facts.value(MigrationStep::Compare)[u"databases"][name][u"notes"].toString();
        if (!notes.isEmpty()) {
            known += QStringLiteral("%1: %2").arg(name, notes);
        }
    }
    for (const QJsonValue each : servicesOf(state, MigrationStep::Call)) {
        if (each[u"birds"].toString() == u"different") {
            known += Text::tr("%1 answers /birds with other content than before. Rows may have been written between "
                              "that call and the freeze; what was backed up and what was restored is the same.")
                         .arg(each[u"name"].toString());
        }
    }
    return known;
}

} // namespace

void addReportedServices(MigrationDocument &page, const MigrationState &state)
{
    if (state.plan.path == MigrationPath::UpgradeInPlace) {
        return;
    }
    page.addHeading(Text::tr("Services"));
    addVariables(page, state);
    addDeploys(page, state);
}

void addReportedRest(MigrationDocument &page, const MigrationState &state)
{
    if (const QStringList known = toKnow(state); !known.isEmpty()) {
        page.addHeading(Text::tr("To be known"));
        page.addList(known);
    }
    page.addHeading(Text::tr("Left to do"));
    page.addList(leftToDo(state));
}

} // namespace Roost

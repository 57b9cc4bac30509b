#include "gui/backup/restoreoutcome.h"

#include "gui/dialogs/shownjob.h"
#include "models/plaintext.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupJobs)
};

Tone toneOf(RestoreMessage::Weight weight)
{
    switch (weight) {
    case RestoreMessage::Weight::Harmless:
        return Tone::Good;
    case RestoreMessage::Weight::LookAtThis:
        return Tone::Warning;
    case RestoreMessage::Weight::DataLost:
        break;
    }
    return Tone::Danger;
}

bool isQuiet(const QList<RestoreMessage> &messages)
{
    return std::all_of(messages.begin(), messages.end(), [](const RestoreMessage &message) {
        return message.weight == RestoreMessage::Weight::Harmless;
    });
}

} // namespace

QString restoreSummary(const RestoreRequest &request, const RestoreReport &report)
{
    if (request.structureOnly) {
        return Text::tr("%1 has its structure back, without rows: %n table(s).", nullptr, report.tables)
            .arg(report.database);
    }
    const QString filled = report.isPart ? Text::tr("%n table(s) are restored into %1.", nullptr, report.tables)
                                         : Text::tr("%1 is filled: %n table(s).", nullptr, report.tables);
    const QString proven = report.isPart ? Text::tr("Proven: they are what the source held.")
                                         : Text::tr("Proven: all of it is what the source held.");
    return filled.arg(report.database) + (report.isProven ? u' ' + proven : QString());
}

QString undoSummary(const UndoRestoreReport &report)
{
    return Text::tr("%1 holds again what it held before the restore. What was restored is kept as %2; drop that when "
                    "you do not need it.")
        .arg(report.database, report.undone);
}

QList<MessageGroup> messageGroups(const QList<RestoreMessage> &messages, bool hasFailed)
{
    using Weight = RestoreMessage::Weight;
    QList<MessageGroup> groups;
    for (const Weight weight : {Weight::DataLost, Weight::LookAtThis, Weight::Harmless}) {
        const bool wouldLose = hasFailed && weight == Weight::DataLost;
        MessageGroup group{toneOf(weight), wouldLose ? Text::tr("Data would be lost") : weightText(weight), {}};
        for (const RestoreMessage &message : messages) {
            if (message.weight == weight) {
                group.lines += {message.text, message.raw};
            }
        }
        if (!group.lines.isEmpty()) {
            groups += group;
        }
    }
    return groups;
}

JobOutcome restoreOutcome(const RestoreRequest &request, const RestoreReport &report,
                          const std::function<void(QWidget *owner)> &undo)
{
    const QList<RestoreMessage> messages = allMessages(report);
    JobOutcome outcome;
    outcome.text = restoreSummary(request, report);
    outcome.groups = messageGroups(messages);
    outcome.isQuiet = isQuiet(messages);
    if (messages.isEmpty()) {
        outcome.text += u'\n' + Text::tr("There is nothing to look at: pg_restore had nothing to say.");
    }
    if (!report.retiredDatabase.isEmpty()) {
        outcome.text += u'\n' + Text::tr("What was in it before is now in %1. Drop that when you no longer need it.")
                                    .arg(report.retiredDatabase);
        outcome.next += {QStringLiteral("undoRestoreButton"), Text::tr("&Undo the restore"), undo};
    }
    if (!report.safetyBackupFile.isEmpty()) {
        outcome.text +=
            u'\n' + Text::tr("Its backup: %1 (%2)").arg(report.safetyBackupFile, sizeText(report.safetyBackupBytes));
        outcome.next += revealAction(report.safetyBackupFile);
    }
    return outcome;
}

} // namespace Roost

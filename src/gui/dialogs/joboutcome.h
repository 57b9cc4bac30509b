#pragma once

#include "gui/dialogs/messagegroups.h"

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace Roost {

class Job;

/// What there is to say and to do after a job ended; text, notes and actions only after a success. It hangs on the job,
/// so that whoever shows the job later shows it too.
struct JobOutcome
{
    struct Action
    {
        QString objectName;
        QString text;
        std::function<void(QWidget *parent)> run;
    };

    QString text;                    ///< a sentence or two; may hold names of files
    QStringList notes;               ///< warnings, each a sentence
    QList<Action> next;              ///< at most three
    QList<MessageGroup> groups = {}; ///< of a tool's messages; also after a failure
    bool isQuiet = true;             ///< nothing in the groups has to be looked at

    static void attach(Job *job, const JobOutcome &outcome);
    static JobOutcome of(const Job *job);
};

} // namespace Roost

Q_DECLARE_METATYPE(Roost::JobOutcome)

#pragma once

#include "gui/dialogs/joboutcome.h"
#include "operations/restore.h"
#include "operations/undorestore.h"

#include <QList>
#include <QString>

#include <functional>

class QWidget;

namespace Roost {

/// In a sentence or two; also on a worker thread.
[[nodiscard]] QString restoreSummary(const RestoreRequest &request, const RestoreReport &report);
[[nodiscard]] QString undoSummary(const UndoRestoreReport &report);

/// What there is to say and to do after a restore; `undo` puts the replaced content back.
[[nodiscard]] JobOutcome restoreOutcome(const RestoreRequest &request, const RestoreReport &report,
                                        const std::function<void(QWidget *owner)> &undo);
/// Messages by their weight, the gravest group first. After a failure all was undone, and nothing is lost.
[[nodiscard]] QList<MessageGroup> messageGroups(const QList<RestoreMessage> &messages, bool hasFailed = false);

} // namespace Roost

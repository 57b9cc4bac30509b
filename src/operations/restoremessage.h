#pragma once

#include <QList>
#include <QString>

namespace Roost {

class ToolMessages;

/// Something that pg_restore or the server said, or that a restore has to tell, weighed for people.
struct RestoreMessage
{
    enum class Weight {
        Harmless,   ///< nothing is missing
        LookAtThis, ///< rows are all there, something around them is not as it was
        DataLost    ///< rows are missing, doubled or not to be relied on; whatever is not known counts as this
    };
    Weight weight = Weight::DataLost;
    QString text; ///< in plain words, translated
    QString raw;  ///< as the tool said it; empty for Roost's own remarks
};

/// Weighs one message of pg_restore's (with the lines that belong to it) or of the server's. An error that is not known
/// is never harmless.
[[nodiscard]] RestoreMessage weighed(const QString &raw);
/// All that a pg_restore said, but its closing count where that fits. The gravest first.
[[nodiscard]] QList<RestoreMessage> weighed(const ToolMessages &messages);

/// "Harmless", "Look at this", "Data lost".
[[nodiscard]] QString weightText(RestoreMessage::Weight weight);
/// The messages by groups, in words and as they came: for an error's detail.
[[nodiscard]] QString groupedText(const QList<RestoreMessage> &messages);

} // namespace Roost

#include "support/failuremessage.h"

#include <QRegularExpression>

#include <algorithm>

namespace Roost::Testing {

namespace {

bool saysAny(const QString &message, std::initializer_list<const char *> patterns)
{
    return std::any_of(patterns.begin(), patterns.end(), [&message](const char *pattern) {
        return QRegularExpression(QString::fromUtf8(pattern)).match(message).hasMatch();
    });
}

} // namespace

QString lackOf(const Error &error)
{
    const QString &message = error.message;
    QStringList lacks;
    if (!saysAny(message,
                 {"[Bb]ackup", "[Rr]estor", "[Cc]opy", "be replaced", "made and proven", "[Rr]eading the file"})) {
        lacks += QStringLiteral("what was being done");
    }
    // Two sentences at least are about more than the state.
    if (message.count(QRegularExpression(QStringLiteral(R"([.?!](\s|$))"))) < 3) {
        lacks += QStringLiteral("what happened");
    }
    if (!saysAny(message, {"No backup was made", "[Nn]othing was (changed|started)", "as empty as it was", "as before",
                           "(is|are) as (it|they) (was|were)", "was emptied again", "is half filled", "half-filled",
                           "[Dd]o not rely on it", "was left as it (is|was)", "is still on the server",
                           "could not be checked; look"})) {
        lacks += QStringLiteral("in what state the data is");
    }
    if (!saysAny(message, {"[Ss]tart again", "Choose", "Make room", "Check", "Use ", "Wait", "Connect", "Install",
                           "[Rr]eset it", "look before", "drop it", "Test the", "Close", "Update Roost",
                           "restore it into", "Take another", "[Tt]ry again", "take another", "look at the server"})) {
        lacks += QStringLiteral("what to do next");
    }
    if (saysAny(message, {"^pg_", "ERROR:", "SQLSTATE", "<[a-z]+>", "errno"})) {
        lacks += QStringLiteral("plain words");
    }
    return lacks.isEmpty() ? QString()
                           : lacks.join(QStringLiteral(", ")) + QStringLiteral(" is missing in: ") + message;
}

} // namespace Roost::Testing

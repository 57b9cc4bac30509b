#include "cli/notify.h"

#include "cli/expiryexplained.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "process/desktopnotification.h"

namespace Roost {

namespace {

const QString optionName = QStringLiteral("notify");

} // namespace

Verb::Option notifyOption()
{
    return {optionName, {}, CliText::tr("show a message on the desktop if it fails")};
}

Verb::Run notifyingOfFailure(const Verb::Run &run, const QString &what)
{
    return [run, what](const Invocation &call, const CliServices &services, JobContext &context) {
        const Result<void> done = run(call, services, context);
        if (!done && call.has(optionName) && !done.error().isCancelled()) {
            const QString title =
                call.arguments.isEmpty() ? what : what + QStringLiteral(": ") + call.arguments.first();
            if (const Result<void> shown =
                    notifyDesktop({title, explainedByExpiry(done.error(), call, services, context).message});
                !shown) {
                services.terminal.note(shown.error().message);
            }
        }
        return done;
    };
}

} // namespace Roost

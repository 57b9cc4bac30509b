#pragma once

#include "cli/verb.h"

namespace Roost {

/// A verb whose one argument is a service.
[[nodiscard]] Verb serviceVerb(const char *name, const QString &summary, Verb::Run run,
                               const QList<Verb::Option> &options);
[[nodiscard]] QList<Verb> servicePointVerbs(); ///< "services point", "services undo"
[[nodiscard]] Verb createServiceVerb();
[[nodiscard]] Verb checkDeployVerb(); ///< "birds check-deploy"

} // namespace Roost

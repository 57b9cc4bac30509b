#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

namespace Roost {

/// Suspends a service, or lets it run again, and reads back that it is so: nothing is deleted, but while it is
/// suspended nobody gets an answer from it. A lost answer is no reason to ask again: its state is read.
[[nodiscard]] Result<Service> suspendAndCheck(RenderClient &client, const Service &service, const JobContext &context);
[[nodiscard]] Result<Service> resumeAndCheck(RenderClient &client, const Service &service, const JobContext &context);

/// Creates a web service from a repository, once: a name that is taken is AlreadyExists, and after a lost answer the
/// list of services tells whether it was made. NotAllowed with what Render asks for when it wants a payment card (402).
[[nodiscard]] Result<Service> createServiceOnce(RenderClient &client, const ServiceDraft &draft,
                                                const JobContext &context);

} // namespace Roost

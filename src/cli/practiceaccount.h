#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderaccess.h"
#include "storage/accountstore.h"

namespace Roost {

struct CliServices;

/// The practice account among the saved ones, with where it is now; made when there is none.
[[nodiscard]] Result<Account> savePracticeAccount(const RenderAccess &access);
/// Its key in the keychain, and what the account says of that.
[[nodiscard]] Result<void> storePracticeKey(Account account, const RenderAccess &access, const CliServices &services,
                                            const JobContext &context);

} // namespace Roost

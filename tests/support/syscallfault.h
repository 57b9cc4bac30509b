#pragma once

namespace Roost::Testing {

/// From now on this system call (SYS_fsync) fails with this error (EIO) in this process and in those that it starts;
/// there is no way back. Needs no rights. False where the system does not offer that.
[[nodiscard]] bool failSystemCall(int call, int error);

} // namespace Roost::Testing

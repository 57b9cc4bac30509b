#pragma once

#include <QtGlobal>

namespace Roost::Testing {

/// Long rows of faults run whole; where ROOST_TEST_SAMPLE is N, every Nth of them, as CI does on each change. Called
/// once for each in its order.
inline bool isInSample(int &number)
{
    const int every = qEnvironmentVariableIntValue("ROOST_TEST_SAMPLE");
    return every < 2 || number++ % every == 0;
}

} // namespace Roost::Testing

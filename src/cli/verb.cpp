#include "cli/verb.h"

namespace Roost {

const QList<Verb> &allVerbs()
{
    static const QList<Verb> verbs = connectionVerbs() + doctorVerbs() + accountVerbs() + instanceVerbs() +
                                     serviceVerbs() + databaseVerbs() + tableVerbs() + exportVerbs() + importVerbs() +
                                     backupVerbs() + catalogVerbs() + proofVerbs() + insideVerbs() + scheduleVerbs() +
                                     expiryVerbs() + migrateVerbs() + practiceVerbs() + birdVerbs();
    return verbs;
}

} // namespace Roost

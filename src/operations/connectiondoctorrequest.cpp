#include "operations/connectiondoctor.h"

#include "storage/profilestore.h"

namespace Roost {

DoctorRequest doctorRequestFor(const Profile &profile, const ConnectionSpec &spec)
{
    DoctorRequest request;
    request.spec = spec;
    request.renderId = profile.renderId;
    request.createdOn = profile.createdOn;
    request.lifetimeDays = profile.lifetimeDays;
    request.expiresAt = profile.expiresAt;
    return request;
}

} // namespace Roost

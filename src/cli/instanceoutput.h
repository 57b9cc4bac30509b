#pragma once

#include "cli/output.h"
#include "render/postgresinstance.h"
#include "storage/accountstore.h"
#include "storage/profilestore.h"

namespace Roost {

struct CliServices;

/// An instance with whose it is.
struct FoundInstance
{
    Account account;
    PostgresInstance instance;
};

/// Prints instances, each with the connection that stands for it in a TARGET.
class InstanceOutput
{
public:
    InstanceOutput(bool asJson, const CliServices &services);

    void add(const FoundInstance &found);
    void end() { m_output.end(); }

private:
    QString connectionOf(const QString &renderId) const;

    bool m_asJson;
    RowOutput m_output;
    QList<Profile> m_profiles;
};

} // namespace Roost

#include "operations/migrationreport.h"

namespace Roost {

QString planAsMarkdown(const MigrationPlan &)
{
    return {};
}

QString planAsHtml(const MigrationPlan &)
{
    return {};
}

QString reportAsMarkdown(const MigrationState &)
{
    return {};
}

QString reportAsHtml(const MigrationState &)
{
    return {};
}

} // namespace Roost

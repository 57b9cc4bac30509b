#include "operations/birdapptemplate.h"
#include "practice/localcluster.h"
#include "storage/paths.h"

namespace Roost {

LocalCluster practiceCluster()
{
    const QString birds = QStringLiteral("bird_app_db");
    LocalClusterOptions options;
    options.folder = Paths::practice();
    options.home = Paths::home();
    options.databases = {QStringLiteral("my_database"), birds};
    options.contents = {{birds, birdDatabaseStatements()}};
    return LocalCluster(options);
}

Result<void> startPractice(JobContext &context)
{
    return practiceCluster().start(context);
}

} // namespace Roost

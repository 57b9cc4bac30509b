#include "support/renderbodies.h"

namespace Roost::Testing::Example {

const QByteArray owners =
    R"([{"cursor":"b0U4d1o1Nk9nbXo=","owner":{"id":"tea-c0ffee00000000000001","name":"Ada's workspace","email":"ada@example.com","type":"team"}}])"
    "\n";

const QByteArray instance =
    R"({"connectionPool":"none","createdAt":"2026-09-01T10:00:00.123456789Z","dashboardUrl":"https://dashboard.render.com/d/dpg-c0ffee00000000000002-a",
 "databaseName":"class_db_x7ka","databaseUser":"class_user","diskAutoscalingEnabled":false,"diskSizeGB":1,
 "expiresAt":"2026-10-01T10:00:00.123456Z","highAvailabilityEnabled":false,"id":"dpg-c0ffee00000000000002-a",
 "ipAllowList":[{"cidrBlock":"0.0.0.0/0","description":"everywhere"}],"name":"class-db-2",
 "owner":{"email":"ada@example.com","id":"tea-c0ffee00000000000001","name":"Ada's workspace","type":"team"},
 "plan":"free","readReplicas":[],"region":"oregon","role":"primary","status":"creating","suspended":"not_suspended","suspenders":[],
 "updatedAt":"2026-09-01T10:00:01.123456789Z","version":"18"})"
    "\n";

const QByteArray instanceDraft =
    R"({"name":"class-db-2","ownerId":"tea-c0ffee00000000000001","plan":"free","version":"18","region":"oregon",
 "databaseName":"class_db","databaseUser":"class_user","ipAllowList":[{"cidrBlock":"0.0.0.0/0","description":"everywhere"}]})";

const QByteArray fullInstance =
    R"({"id":"dpg-c0ffee00000000000009-b","name":"big","owner":{"id":"tea-c0ffee00000000000001","name":"Ada's workspace","email":"ada@example.com","type":"team","twoFactorAuthEnabled":true,"ipAllowList":null},
 "plan":"quantum_9gb","version":18,"region":"atlantis","role":"arbiter","status":"dreaming","suspended":"suspended","suspenders":["billing","full_moon"],
 "databaseName":"big","databaseUser":"big_user","diskSizeGB":"15","diskAutoscalingEnabled":true,"highAvailabilityEnabled":true,"connectionPool":"pgbouncer",
 "ipAllowList":null,"readReplicas":[{"id":"dpg-c0ffee00000000000010-b","name":"r1","parameterOverrides":{"a":"b"}}],"environmentId":"evm-c0ffee00000000000011",
 "primaryPostgresID":"dpg-c0ffee00000000000012-a","expiresAt":null,"dashboardUrl":"https://dashboard.render.com/d/x","createdAt":"2025-03-04T05:06:07Z","updatedAt":null,
 "maintenance":{"id":"mrn-1","type":"t","state":"scheduled","scheduledAt":"2026-01-01T00:00:00Z"},"parameterOverrides":{},"inventedLater":[1,{"a":null}]})"
    "\n";

const QByteArray connectionInfo =
    R"({"password":"AbCdEfGhIjKlMnOpQrStUvWxYz012345",
 "externalConnectionString":"postgresql://class_user:AbCdEfGhIjKlMnOpQrStUvWxYz012345@dpg-c0ffee00000000000002-a.oregon-postgres.render.com:5432/class_db_x7ka",
 "internalConnectionString":"postgresql://class_user:AbCdEfGhIjKlMnOpQrStUvWxYz012345@dpg-c0ffee00000000000002-a/class_db_x7ka",
 "psqlCommand":"PGPASSWORD=AbCdEfGhIjKlMnOpQrStUvWxYz012345 psql -h dpg-c0ffee00000000000002-a.oregon-postgres.render.com -p 5432 -U class_user class_db_x7ka"})"
    "\n";

const QByteArray service =
    R"({"autoDeploy":"yes","branch":"main","createdAt":"2026-05-02T18:24:30.915358Z","dashboardUrl":"https://dashboard.render.com/web/srv-c0ffee00000000000003",
 "id":"srv-c0ffee00000000000003","name":"bird-app","notifyOnFail":"default","ownerId":"tea-c0ffee00000000000001","repo":"https://github.com/example/bird-app","rootDir":"",
 "serviceDetails":{"buildPlan":"starter","env":"python","envSpecificDetails":{"buildCommand":"pip install -r requirements.txt","startCommand":"gunicorn app:app"},"healthCheckPath":"","maintenanceMode":{"enabled":false,"uri":""},"numInstances":1,"openPorts":[{"port":10000,"protocol":"TCP"}],"plan":"free","previews":{"generation":"off"},"pullRequestPreviewsEnabled":"no","region":"oregon","runtime":"python","url":"https://bird-app.onrender.com"},
 "slug":"bird-app","suspended":"not_suspended","suspenders":[],"type":"web_service","updatedAt":"2026-05-02T18:24:31.938563Z"})"
    "\n";

const QByteArray serviceDraft =
    R"({"type":"web_service","name":"bird-app","ownerId":"tea-c0ffee00000000000001","repo":"https://github.com/example/bird-app","branch":"main",
 "envVars":[{"key":"DATABASE_URI","value":"postgresql://x"}],
 "serviceDetails":{"plan":"free","runtime":"python","region":"ohio","envSpecificDetails":{"buildCommand":"pip install -r requirements.txt","startCommand":"gunicorn app:app"}}})";

const QByteArray staticSite =
    R"({"autoDeploy":"no","id":"srv-c0ffee00000000000013","name":"site","ownerId":"tea-c0ffee00000000000001","serviceDetails":{"buildCommand":"make","publishPath":"public","openPorts":null},"suspended":"suspended","suspenders":["user"],"type":"static_site"})";

const QByteArray group =
    R"({"id":"evg-c0ffee00000000000005","name":"shared","ownerId":"tea-c0ffee00000000000001","createdAt":"2026-02-03T04:05:06.1Z","updatedAt":"2026-02-03T04:05:06.1Z","environmentId":null,
 "serviceLinks":[{"id":"srv-c0ffee00000000000003","name":"bird-app","type":"web"},{"id":"crn-c0ffee00000000000006","name":"nightly","type":"cron"}],
 "envVars":[{"key":"DATABASE_URL","value":"postgresql://u:p@dpg-c0ffee00000000000002-a/db"},{"key":"EMPTY","value":""}],"secretFiles":[{"name":"a","content":"b"}]})"
    "\n";

const QByteArray groupList =
    R"([{"id":"evg-c0ffee00000000000005","name":"shared","ownerId":"tea-c0ffee00000000000001","serviceLinks":null,"createdAt":"2026-02-03T04:05:06Z","updatedAt":"2026-02-03T04:05:06Z"}])";

const QByteArray deploy =
    R"({"id":"dep-c0ffee00000000000004","commit":{"id":"bca0502a57b3f3a1a935ebdf8e85d0d704038bd3","message":"Fix x","createdAt":"2026-08-14T21:28:24Z"},"status":"build_in_progress","trigger":"api","createdAt":"2026-09-01T10:05:10.46045Z","updatedAt":"2026-09-01T10:05:10.46045Z","finishedAt":null})"
    "\n";

const QByteArray imageDeploy =
    R"({"id":"dep-c0ffee00000000000014","commit":null,"image":{"ref":"docker.io/library/nginx:latest","sha":"sha256:00"},"status":"live","trigger":"by_owl","createdAt":"2026-09-01T10:05:10Z","finishedAt":"2026-09-01T10:06:10.5Z"})";

const QByteArray sizes =
    R"({"sizes":[{"Database":"class_db","Schema":"public","Table":"birds","Index":"","Bytes":8192},{"Database":"class_db","Schema":"public","Table":"birds","Index":"birds_pkey","Bytes":"16384"}]})";

const QByteArray processes =
    R"({"processes":[{"pid":4242,"username":"class_user","databaseName":"class_db","applicationName":"gunicorn","clientAddr":"10.1.2.3","state":"idle","query":"SELECT 1","queryStart":"2026-09-01T10:05:10Z","backendStart":null,"duration":0.5,"waitEvent":null,"waitEventType":null,"isLeader":false}]})";

const QByteArray credentials =
    R"([{"username":"class_user","default":true,"createdAt":"2026-09-01T10:00:00Z","openConnections":3},{"username":"old"}])";

const QByteArray exports =
    R"([{"id":"exp-1","createdAt":"2026-09-01T10:00:00Z","url":"https://files.example/1"},{"id":"exp-2","createdAt":"2026-09-02T10:00:00Z"}])";

const QByteArray metric =
    R"([{"labels":[{"field":"resource","value":"dpg-c0ffee00000000000002-a"}],"unit":"GB","values":[{"timestamp":"2026-09-01T10:00:00Z","value":0.41},{"timestamp":"2026-09-01T10:01:00Z","value":0.42}]}])";

} // namespace Roost::Testing::Example

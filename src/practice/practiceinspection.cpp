#include "core/redact.h"
#include "postgres/identifier.h"
#include "practice/clusterfolder.h"
#include "practice/clustersql.h"
#include "practice/practiceinstances.h"
#include "practice/scramverifier.h"

#include <QJsonDocument>

namespace Roost {

namespace {

/// The rows of a query that gives JSON objects, or why there are none.
Result<QJsonArray> rowsOf(const ConnectionSpec &spec, const QString &sql, const std::stop_token &stop)
{
    const auto texts = queryColumn(spec, sql, stop);
    if (!texts) {
        return failure(texts.error());
    }
    QJsonArray rows;
    for (const QString &text : *texts) {
        rows += QJsonDocument::fromJson(text.toUtf8()).object();
    }
    return rows;
}

const QString processesSql = QStringLiteral(
    "SELECT json_build_object('pid', pid, 'username', usename, 'databaseName', datname, 'applicationName', "
    "application_name, 'clientAddr', host(client_addr), 'state', state, 'query', query, 'queryStart', query_start, "
    "'backendStart', backend_start, 'duration', coalesce(extract(epoch FROM clock_timestamp() - query_start), 0), "
    "'waitEvent', wait_event, 'waitEventType', wait_event_type, 'isLeader', true) FROM pg_stat_activity "
    "WHERE backend_type = 'client backend' AND usename <> 'postgres' ORDER BY pid");
const QString countsSql =
    QStringLiteral("SELECT json_build_object('username', usename, 'connections', count(*)) FROM pg_stat_activity "
                   "WHERE backend_type = 'client backend' GROUP BY usename");
const QString databasesSql =
    QStringLiteral("SELECT json_build_object('name', datname, 'bytes', pg_database_size(oid)) FROM pg_database "
                   "WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY datname");
const QString relationsSql = QStringLiteral(
    "SELECT json_build_object('Database', current_database(), 'Schema', n.nspname, 'Table', coalesce(t.relname, "
    "c.relname), 'Index', CASE WHEN c.relkind IN ('i', 'I') THEN c.relname ELSE '' END, 'Bytes', "
    "pg_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index x ON "
    "x.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = x.indrelid WHERE c.relkind IN ('r', 'i', 'm', 'p', 'I') "
    "AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1::text");

/// Whom the URLs name.
QString currentUser(const QJsonObject &instance)
{
    for (const QJsonValue each : instance[u"_credentials"].toArray()) {
        if (each[u"default"].toBool()) {
            return each[u"username"].toString();
        }
    }
    return instance[u"databaseUser"].toString();
}

PracticeAnswer unavailable()
{
    return PracticeAnswer::refusal(400, QStringLiteral("database is not available"));
}

} // namespace

bool PracticeInstances::answerInspection(const PracticeCall &call, const QJsonObject &instance,
                                         const PracticeReply &reply)
{
    const QString id = call.part(1);
    const QStringList one{QStringLiteral("postgres"), QStringLiteral("*")};
    const QStringList credentials = one + QStringList{QStringLiteral("credentials")};
    const QString query = QStringLiteral("query");
    if (call.matches("GET", one + QStringList{QStringLiteral("connection-info")})) {
        reply(connectionInfo(instance));
    } else if (call.matches("GET", credentials)) {
        answerCredentials(instance, reply);
    } else if (call.matches("POST", credentials)) {
        createCredential(instance, call, reply);
    } else if (call.matches("DELETE", credentials + QStringList{QStringLiteral("*")})) {
        deleteCredential(instance, call.part(3), reply);
    } else if (call.matches("GET", one + QStringList{query, QStringLiteral("sizes")})) {
        answerSizes(id, reply);
    } else if (call.matches("GET", one + QStringList{query, QStringLiteral("processes")})) {
        answerFromServer(id, processesSql, reply, [](const QJsonArray &rows) {
            return PracticeAnswer::json(QJsonObject{{QStringLiteral("processes"), rows}});
        });
    } else if (call.matches("GET", one + QStringList{QStringLiteral("export")})) {
        reply(PracticeAnswer::json(instance[u"_exports"].toArray()));
    } else if (call.matches("POST", one + QStringList{QStringLiteral("export")})) {
        if (instance[u"plan"].toString() == u"free") {
            reply(PracticeAnswer::refusal(400, QStringLiteral("exports are not available on the free plan")));
            return true;
        }
        QJsonArray exports = instance[u"_exports"].toArray();
        exports.prepend(QJsonObject{{QStringLiteral("id"), m_world.newId("exp")},
                                    {QStringLiteral("createdAt"), m_world.timeText()}});
        PracticeWorld::find(m_world.instances, id)->insert(QStringLiteral("_exports"), exports);
        m_world.save();
        reply(PracticeAnswer::empty(202));
    } else if (call.matches("GET", one + QStringList{QStringLiteral("recovery")})) {
        reply(PracticeAnswer::json(QJsonObject{{QStringLiteral("recoveryStatus"), QStringLiteral("NOT_AVAILABLE")}}));
    } else if (call.matches("POST", one + QStringList{QStringLiteral("recovery")})) {
        reply(PracticeAnswer::refusal(400, QStringLiteral("recovery is not available on the free plan")));
    } else {
        return false;
    }
    return true;
}

PracticeAnswer PracticeInstances::connectionInfo(const QJsonObject &instance) const
{
    const QString id = instance[u"id"].toString();
    const QString user = currentUser(instance);
    const auto password = ClusterFolder(m_world.folderOf(id), m_world.options().home).password(user);
    if (!password || !instance[u"_made"].toBool()) {
        return PracticeAnswer::refusal(400, QStringLiteral("database is still being created"));
    }
    const QString database = instance[u"databaseName"].toString();
    const QString word = password->reveal();
    const int port = m_lives.value(id)->front->port();
    return PracticeAnswer::json(QJsonObject{
        {QStringLiteral("password"), word},
        {QStringLiteral("externalConnectionString"),
         QStringLiteral("postgresql://%1:%2@127.0.0.1:%3/%4").arg(user, word).arg(port).arg(database)},
        {QStringLiteral("internalConnectionString"), internalUrl(id, database)},
        {QStringLiteral("psqlCommand"),
         QStringLiteral("PGPASSWORD=%1 psql -h 127.0.0.1 -p %2 -U %3 %4").arg(word).arg(port).arg(user, database)}});
}

QString PracticeInstances::internalUrl(const QString &id, const QString &database) const
{
    const QJsonObject of = instance(id);
    const QString user = currentUser(of);
    const auto password = ClusterFolder(m_world.folderOf(id), m_world.options().home).password(user);
    return password && of[u"_made"].toBool()
               ? QStringLiteral("postgresql://%1:%2@%3/%4").arg(user, password->reveal(), id, database)
               : QString();
}

void PracticeInstances::answerFromServer(const QString &id, const QString &sql, const PracticeReply &reply,
                                         const std::function<PracticeAnswer(const QJsonArray &)> &made)
{
    if (internalPort(id) == 0) {
        reply(unavailable());
        return;
    }
    m_world.run(
        [options = clusterOptions(instance(id)), sql](JobContext &context) -> Result<QJsonArray> {
            const auto spec = LocalCluster(options).superuserConnection(QStringLiteral("postgres"));
            return spec ? rowsOf(*spec, sql, context.stopToken()) : failure(spec.error());
        },
        [reply, made](const Result<QJsonArray> &rows) {
            reply(rows ? made(*rows) : PracticeAnswer::refusal(500, rows.error().message));
        });
}

void PracticeInstances::answerCredentials(const QJsonObject &instance, const PracticeReply &reply)
{
    const QJsonArray known = instance[u"_credentials"].toArray();
    const auto list = [known](const QJsonArray &counts) {
        QJsonArray all;
        for (const QJsonValue each : known) {
            QJsonObject credential = each.toObject();
            credential[QStringLiteral("openConnections")] = 0;
            for (const QJsonValue count : counts) {
                if (count[u"username"] == credential[u"username"]) {
                    credential[QStringLiteral("openConnections")] = count[u"connections"];
                }
            }
            all += credential;
        }
        return PracticeAnswer::json(all);
    };
    if (internalPort(instance[u"id"].toString()) == 0) {
        reply(list({}));
        return;
    }
    answerFromServer(instance[u"id"].toString(), countsSql, reply, list);
}

void PracticeInstances::createCredential(const QJsonObject &instance, const PracticeCall &call,
                                         const PracticeReply &reply)
{
    const QString id = instance[u"id"].toString();
    const auto body = call.object();
    const QString username = body ? (*body)[u"username"].toString() : QString();
    for (const QJsonValue each : instance[u"_credentials"].toArray()) {
        if (username.isEmpty() || each[u"username"].toString() == username || username == u"postgres") {
            reply(PracticeAnswer::refusal(400, QStringLiteral("invalid username: ") + username));
            return;
        }
    }
    if (internalPort(id) == 0) {
        reply(unavailable());
        return;
    }
    m_world.run(
        [options = clusterOptions(instance), username](JobContext &context) -> Result<void> {
            const auto admin = LocalCluster(options).superuserConnection(QStringLiteral("postgres"));
            const auto password = ClusterFolder(options.folder, options.home).password(username);
            if (!admin || !password) {
                return failure(admin ? password.error() : admin.error());
            }
            const QString verifier = quoteLiteral(QString::fromLatin1(scramVerifier(*password)));
            return runStatements(*admin,
                                 {QStringLiteral("CREATE ROLE %1 LOGIN CREATEDB IN ROLE %2 PASSWORD %3")
                                      .arg(quoteIdentifier(username), quoteIdentifier(options.role), verifier)},
                                 context.stopToken());
        },
        [this, id, username, reply](const Result<void> &made) {
            QJsonObject *changed = PracticeWorld::find(m_world.instances, id);
            if (!made || changed == nullptr) {
                reply(made ? PracticeAnswer::notFound(id) : PracticeAnswer::refusal(400, made.error().message));
                return;
            }
            QJsonArray credentials;
            for (const QJsonValue each : changed->value(u"_credentials").toArray()) {
                QJsonObject credential = each.toObject();
                credential[QStringLiteral("default")] = false;
                credentials += credential;
            }
            credentials += QJsonObject{{QStringLiteral("username"), username},
                                       {QStringLiteral("default"), true},
                                       {QStringLiteral("createdAt"), m_world.timeText()}};
            changed->insert(QStringLiteral("_credentials"), credentials);
            m_world.save();
            reply(PracticeAnswer::empty(202));
        });
}

void PracticeInstances::deleteCredential(const QJsonObject &instance, const QString &username,
                                         const PracticeReply &reply)
{
    const QString id = instance[u"id"].toString();
    QJsonArray left;
    bool isThere = false;
    for (const QJsonValue each : instance[u"_credentials"].toArray()) {
        if (each[u"username"].toString() != username) {
            left += each;
        } else if (each[u"default"].toBool()) {
            reply(PracticeAnswer::refusal(400, QStringLiteral("cannot delete the default user")));
            return;
        } else {
            isThere = true;
        }
    }
    if (!isThere) {
        reply(PracticeAnswer::notFound(username));
        return;
    }
    if (internalPort(id) == 0) {
        reply(unavailable());
        return;
    }
    // What it owns stays, so it only cannot log in any more.
    m_world.run(
        [options = clusterOptions(instance), username](JobContext &context) -> Result<void> {
            const auto admin = LocalCluster(options).superuserConnection(QStringLiteral("postgres"));
            return admin
                       ? runStatements(*admin, {QStringLiteral("ALTER ROLE %1 NOLOGIN").arg(quoteIdentifier(username))},
                                       context.stopToken())
                       : failure(admin.error());
        },
        [this, id, left, reply](const Result<void> &done) {
            QJsonObject *changed = PracticeWorld::find(m_world.instances, id);
            if (!done || changed == nullptr) {
                reply(done ? PracticeAnswer::notFound(id) : PracticeAnswer::refusal(500, done.error().message));
                return;
            }
            changed->insert(QStringLiteral("_credentials"), left);
            m_world.save();
            reply(PracticeAnswer::empty(200));
        });
}

void PracticeInstances::answerSizes(const QString &id, const PracticeReply &reply)
{
    if (internalPort(id) == 0) {
        reply(unavailable());
        return;
    }
    m_world.run(
        [options = clusterOptions(instance(id))](JobContext &context) -> Result<QJsonArray> {
            const auto admin = LocalCluster(options).superuserConnection(QStringLiteral("postgres"));
            if (!admin) {
                return failure(admin.error());
            }
            auto databases = rowsOf(*admin, databasesSql, context.stopToken());
            if (!databases) {
                return databases;
            }
            QJsonArray sizes;
            for (const QJsonValue database : *databases) {
                sizes += QJsonObject{{QStringLiteral("Database"), database[u"name"]},
                                     {QStringLiteral("Schema"), QString()},
                                     {QStringLiteral("Table"), QString()},
                                     {QStringLiteral("Index"), QString()},
                                     {QStringLiteral("Bytes"), database[u"bytes"]}};
                const auto relations =
                    rowsOf(admin->withDatabase(database[u"name"].toString()), relationsSql, context.stopToken());
                for (const QJsonValue relation : relations.value_or(QJsonArray())) {
                    sizes += relation; // a database that was dropped just now has none
                }
            }
            return sizes;
        },
        [reply](const Result<QJsonArray> &sizes) {
            reply(sizes ? PracticeAnswer::json(QJsonObject{{QStringLiteral("sizes"), *sizes}})
                        : PracticeAnswer::refusal(500, sizes.error().message));
        });
}

void PracticeInstances::answerMetric(const PracticeCall &call, const PracticeReply &reply)
{
    const QString name = call.part(1);
    const QString id = call.query.queryItemValue(QStringLiteral("resource"));
    const QJsonObject of = instance(id);
    const auto series = [this, id](const QString &unit, double value) {
        const QJsonObject point{{QStringLiteral("timestamp"), m_world.timeText()}, {QStringLiteral("value"), value}};
        return PracticeAnswer::json(QJsonArray{QJsonObject{
            {QStringLiteral("labels"), QJsonArray{QJsonObject{{QStringLiteral("field"), QStringLiteral("resource")},
                                                              {QStringLiteral("value"), id}}}},
            {QStringLiteral("unit"), unit},
            {QStringLiteral("values"), QJsonArray{point}}}});
    };
    if (id.isEmpty()) {
        reply(PracticeAnswer::refusal(400, QStringLiteral("resource is required")));
    } else if (name == u"disk-capacity" && !of.isEmpty()) {
        reply(series(QStringLiteral("GB"), of[u"diskSizeGB"].toDouble()));
    } else if (name == u"disk-usage" && internalPort(id) != 0) {
        answerFromServer(id, databasesSql, reply, [series](const QJsonArray &databases) {
            constexpr double gigabyte = 1024.0 * 1024 * 1024;
            double bytes = 0;
            for (const QJsonValue each : databases) {
                bytes += each[u"bytes"].toDouble();
            }
            return series(QStringLiteral("GB"), bytes / gigabyte);
        });
    } else if (name == u"active-connections" && internalPort(id) != 0) {
        answerFromServer(id, processesSql, reply, [series](const QJsonArray &processes) {
            return series(QStringLiteral("connections"), double(processes.size()));
        });
    } else {
        reply(PracticeAnswer::json(QJsonArray())); // nothing was measured
    }
}

} // namespace Roost

#include "support/migrationstage.h"

#include "operations/backup.h"
#include "operations/backupfileverbs.h"
#include "operations/databaseproperties.h"
#include "operations/maintenance.h"
#include "postgres/databaseconnection.h"
#include "render/renderaccess.h"

#include <QDir>
#include <QEventLoop>
#include <QThread>
#include <QUuid>

namespace Roost::Testing {

namespace {

QString told(const Error &error)
{
    return error.detail.isEmpty() ? error.message : error.message + u'\n' + error.detail;
}

QString nowText()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
}

} // namespace

MigrationStage::MigrationStage(const std::function<RenderAccess()> &access, const RenderPatience &patience)
    : m_folder(QDir::tempPath() + QStringLiteral("/roost-test-XXXXXX"))
    , m_keychain(m_secrets)
    , m_access(access)
{
    const QString database = m_folder.filePath(QStringLiteral("roost.sqlite"));
    environment = std::make_unique<MigrationEnvironment>(MigrationEnvironment{
        ProfileStore(database),
        BackupCatalog(database),
        KeptVariables(database),
        m_keychain,
        [this](const QString &, const JobContext &) -> Result<RenderAccess> { return m_access(); },
        {},
        patience,
    });
}

MigrationStage::~MigrationStage()
{
    journal.reset();
    // Away from the user's keychain, where there is one.
    QEventLoop loop;
    std::unique_ptr<QThread> thread(QThread::create([this] {
        for (const QString &id : std::as_const(m_ids)) {
            (void)m_keychain.remove(QStringLiteral("migration-") + id, {});
        }
    }));
    QObject::connect(thread.get(), &QThread::finished, &loop, &QEventLoop::quit);
    thread->start();
    loop.exec();
    thread->wait();
}

QString MigrationStage::planToMove(const PostgresInstance &source, const ConnectionSpec &connection,
                                   const QStringList &databases, const QString &newName, MigrationPath path)
{
    plan = {};
    plan.madeAt = QDateTime::currentDateTimeUtc();
    plan.path = path;
    plan.accountId = QStringLiteral("account");
    plan.profileId = QStringLiteral("test-") + QUuid::createUuid().toString(QUuid::Id128);
    plan.profileName = source.name;
    plan.source = source;
    plan.connection = connection.parameters;
    plan.draft.name = newName;
    plan.draft.ownerId = source.owner.id;
    plan.draft.plan = source.plan;
    plan.draft.version = source.version;
    plan.draft.region = source.region;
    plan.backupFolder = m_folder.filePath(QStringLiteral("backups"));
    plan.secondFolder = m_folder.filePath(QStringLiteral("copies"));
    QDir().mkpath(plan.backupFolder);
    QDir().mkpath(plan.secondFolder);
    m_source = connection;
    m_secrets.keepForSession(plan.profileId, connection.password);

    const auto beside = openBeside(connection.withDatabase(databases.value(0)), JobContext());
    if (!beside) {
        return told(beside.error());
    }
    plan.serverVersion = (*beside)->server().versionText;
    for (const QString &name : databases) {
        const auto properties = readDatabaseProperties(**beside, name);
        if (!properties) {
            return told(properties.error());
        }
        plan.databases += {*properties, 0, name == source.databaseName};
    }
    return {};
}

QString MigrationStage::backUpAll()
{
    for (const MigrationDatabase &database : std::as_const(plan.databases)) {
        const QString name = database.properties.name;
        JobContext context;
        const QString file = suggestedBackupFile(plan.backupFolder, name);
        const auto backup = backUp({m_source.withDatabase(name), file}, context);
        if (!backup) {
            return told(backup.error());
        }
        BackupRecord record = recordOfFile(file);
        const auto number = environment->backups.add(record);
        if (!number) {
            return told(number.error());
        }
        record.number = *number;
        const auto copied = copyBackup(environment->backups, record, plan.secondFolder, context);
        if (!copied) {
            return told(copied.error());
        }
        const QString sum = QString::fromLatin1(backup->sha256);
        m_backups[name] = QJsonObject{{QStringLiteral("file"), file},
                                      {QStringLiteral("number"), *number},
                                      {QStringLiteral("sha256"), sum},
                                      {QStringLiteral("size"), backup->sizeBytes},
                                      {QStringLiteral("takenAt"), backup->takenAt.toString(Qt::ISODateWithMs)},
                                      {QStringLiteral("rows"), backup->rows},
                                      {QStringLiteral("tables"), backup->tables}};
        m_proofs[name] = QJsonObject{{QStringLiteral("sha256"), sum},
                                     {QStringLiteral("provenAt"), nowText()},
                                     {QStringLiteral("where"), QStringLiteral("test")}};
        m_copies[name] = QJsonObject{{QStringLiteral("file"), copied->secondCopy}, {QStringLiteral("sha256"), sum}};
    }
    return {};
}

void MigrationStage::append(MigrationStep step, const QString &kind, const QJsonObject &data)
{
    if (const auto written = journal->append(keyOf(step), kind, data); !written) {
        qFatal("%s", qPrintable(told(written.error())));
    }
}

QString MigrationStage::begin(const QList<MigrationStep> &wanted)
{
    using Step = MigrationStep;
    stop = {};
    journal.reset();
    plan.id = QUuid::createUuid().toString(QUuid::Id128).left(8);
    m_ids += plan.id;
    auto made = MigrationJournal::create(m_folder.filePath(QStringLiteral("journals")), plan.id, toJson(plan));
    if (!made) {
        return told(made.error());
    }
    journal = std::move(*made);
    const QString databases = QStringLiteral("databases");
    const QString note = QStringLiteral("note");
    append(Step::BackUp, note, {{databases, m_backups}});
    append(Step::Prove, note, {{databases, m_proofs}});
    QJsonObject compared;
    for (auto it = m_proofs.begin(); it != m_proofs.end(); ++it) {
        compared[it.key()] = QJsonObject{{QStringLiteral("sha256"), (*it)[u"sha256"]},
                                         {QStringLiteral("comparedAt"), nowText()},
                                         {QStringLiteral("equal"), true}};
    }
    append(Step::CompareLive, note, {{databases, compared}});
    append(Step::SecondCopy, note, {{QStringLiteral("folder"), plan.secondFolder}, {databases, m_copies}});
    append(Step::Gate, note,
           {{QStringLiteral("typedName"), plan.source.name}, {QStringLiteral("openedAt"), nowText()}});
    for (const Step step : stepsOf(plan.path)) {
        if (!wanted.contains(step)) {
            append(step, QStringLiteral("begin"));
            append(step, QStringLiteral("done"));
        }
    }
    return {};
}

MigrationStage::Outcome MigrationStage::run(const std::optional<MigrationAnswer> &answer)
{
    Outcome outcome;
    QEventLoop loop;
    std::unique_ptr<QThread> thread(QThread::create([&] {
        JobContext context(stop.get_token(), onProgress, {});
        auto result = continueMigration(*journal, *environment, answer, context);
        if (!result) {
            outcome.error = result.error();
        } else {
            outcome.isDone = !result->has_value();
            outcome.pause = std::move(*result);
        }
    }));
    QObject::connect(thread.get(), &QThread::finished, &loop, &QEventLoop::quit);
    thread->start();
    loop.exec();
    thread->wait();
    return outcome;
}

MigrationStage::Outcome MigrationStage::runUntilDone(int times)
{
    Outcome outcome;
    for (int i = 0; i < times && !outcome.isDone && !(outcome.pause && outcome.pause->mayBeAnswered); ++i) {
        outcome = run();
    }
    return outcome;
}

QByteArray MigrationStage::Outcome::told() const
{
    if (pause) {
        return "asks: " + keyOf(pause->question).toUtf8() + ' ' + pause->problems.join(u' ').toUtf8();
    }
    return isDone ? QByteArray("done") : (error.message + u'\n' + error.detail).toUtf8();
}

MigrationState MigrationStage::state() const
{
    auto state = stateOf(journal->events());
    if (!state) {
        qFatal("%s", qPrintable(state.error().message));
    }
    return *state;
}

QString MigrationStage::backupFile(const QString &database) const
{
    return m_backups[database][u"file"].toString();
}

QString MigrationStage::secondFile(const QString &database) const
{
    return m_copies[database][u"file"].toString();
}

} // namespace Roost::Testing

#pragma once

#include "../practice/practiceclient.h"

#include "operations/backup.h"
#include "operations/databasevariable.h"
#include "operations/deployapp.h"
#include "operations/migrationwork.h"
#include "operations/restore.h"
#include "storage/keychain.h"
#include "storage/migrationjournal.h"

#include <QDir>
#include <QEventLoop>
#include <QProcess>

#include <memory>
#include <optional>
#include <thread>

namespace Roost::Testing {

/// Does it on a thread of its own, while this one's events go on: the keychain's are among them.
template <class Work>
auto offThread(Work work)
{
    std::optional<decltype(work())> result;
    QEventLoop loop;
    std::thread thread([&] {
        result.emplace(work());
        QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection);
    });
    loop.exec();
    thread.join();
    return *result;
}

/// Runs the test program again where there are a keyring and a home of its own; the exit code, or nothing when it is
/// there already.
inline std::optional<int> runWithKeyring(const QStringList &arguments)
{
    if (qEnvironmentVariableIsSet("SESSION_FOLDER")) {
        return std::nullopt;
    }
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(QStringLiteral(WITH_KEYRING), QStringList{QStringLiteral("unlocked")} + arguments);
    process.waitForFinished(-1);
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : 2;
}

/// A practice account in which a migration has come as far as the variables: the old instance, and a new one beside it
/// that holds the same birds.
class MigrationStage
{
public:
    MigrationStage()
        : keychain(secrets)
    {
    }

    PracticeStage render;
    SecretStore secrets;
    Keychain keychain;
    PointTarget oldOne;
    PointTarget newOne;
    QString backupFile;
    RenderPatience patience;

    QString database() const { return render.folder() + QStringLiteral("/roost.sqlite"); }
    QString journals() const { return render.folder() + QStringLiteral("/migrations"); }

    /// Empty, or what went wrong.
    QString start()
    {
        render.options.hasSample = true;
        if (const QString problem = render.start(); !problem.isEmpty()) {
            return problem;
        }
        patience.lookEvery = std::chrono::milliseconds(20);
        patience.lookFor = std::chrono::milliseconds(500);
        const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
        render.post(QStringLiteral("/practice/settings"), QJsonObject{{"limits", many}});
        QDir().mkpath(journals());
        QJsonObject draft = render.draft(QStringLiteral("school-db-2"));
        draft["plan"] = "basic_256mb";
        const QString newId = render.createAvailable(draft);
        RenderClient client(render.access());
        const auto instances = client.instances();
        const auto created = readPointTarget(client, newId);
        if (!instances || !created) {
            return QStringLiteral("The new instance is not there.");
        }
        newOne = *created;
        for (const PostgresInstance &each : *instances) {
            if (each.id != newId) {
                source = each;
            }
        }
        const auto old = readPointTarget(client, source.id);
        if (!old) {
            return old.error().message;
        }
        oldOne = *old;
        return moveBirds();
    }

    ConnectionSpec local(const ConnectionSpec &spec, const QString &name) const
    {
        ConnectionSpec known = spec.withDatabase(name);
        known.parameters.tls = TlsMode::Optional;
        return known;
    }

    MigrationPlan plan(const QList<MigrationService> &services = {}) const
    {
        MigrationPlan plan;
        static int number = 0x10000000;
        plan.id = QString::number(++number, 16);
        plan.madeAt = QDateTime::currentDateTimeUtc();
        plan.accountId = QStringLiteral("account");
        plan.profileId = QStringLiteral("11111111-2222-3333-4444-555555555555");
        plan.profileName = QStringLiteral("school-db");
        plan.source = source;
        plan.connection = local(oldOne.external, birds).parameters;
        plan.serverVersion = QStringLiteral("18.0");
        plan.services = services;
        plan.draft.name = newOne.instanceName;
        plan.draft.plan = QStringLiteral("basic_256mb");
        MigrationDatabase database;
        database.properties.name = birds;
        plan.databases = {database};
        return plan;
    }

    /// As it stands when everything before the variables is done.
    std::unique_ptr<MigrationJournal> begin(const MigrationPlan &plan, const QJsonObject &frozen = {})
    {
        auto made = MigrationJournal::create(journals(), plan.id, toJson(plan));
        if (!made) {
            qWarning("%s", qPrintable(made.error().message));
            return nullptr;
        }
        std::unique_ptr<MigrationJournal> journal = std::move(*made);
        const QString sha256 = QString::fromLatin1(backup.sha256);
        const QJsonObject backedUp{{"file", backup.file},
                                   {"number", 1},
                                   {"sha256", sha256},
                                   {"size", backup.sizeBytes},
                                   {"takenAt", backup.takenAt.toString(Qt::ISODateWithMs)},
                                   {"rows", backup.rows},
                                   {"tables", backup.tables}};
        const auto ofBirds = [](const QJsonObject &fact) {
            return QJsonObject{{"databases", QJsonObject{{birds, fact}}}};
        };
        const QMap<MigrationStep, QJsonObject> facts{
            {MigrationStep::Freeze, frozen},
            {MigrationStep::BackUp, ofBirds(backedUp)},
            {MigrationStep::Prove, ofBirds({{"sha256", sha256}, {"provenAt", "2026-11-28T09:00:00.000Z"}})},
            {MigrationStep::SecondCopy, ofBirds({{"file", backup.file + ".copy"}, {"sha256", sha256}})},
            {MigrationStep::RetireOld, {{"fate", "suspended"}}},
            {MigrationStep::CreateNew,
             {{"id", newOne.instanceId}, {"name", newOne.instanceName}, {"databaseName", "class_db"}}},
            {MigrationStep::AwaitNew,
             {{"connection", toJson(local(newOne.external, newOne.external.parameters.database).parameters)},
              {"serverVersion", "15.0"}}},
            {MigrationStep::Compare, ofBirds({{"equal", true}, {"rows", backup.rows}, {"tables", backup.tables}})}};
        for (const MigrationStep step : stepsOf(plan.path)) {
            if (step == MigrationStep::Variables) {
                break;
            }
            bool isWritten = journal->append(keyOf(step), QStringLiteral("begin")).has_value();
            if (facts.contains(step)) {
                isWritten = journal->append(keyOf(step), QStringLiteral("note"), facts[step]) && isWritten;
            }
            if (!journal->append(keyOf(step), QStringLiteral("done"), {{"summary", "well"}}) || !isWritten) {
                return nullptr;
            }
        }
        return journal;
    }

    MigrationEnvironment environment()
    {
        return {ProfileStore(database()),
                BackupCatalog(database()),
                KeptVariables(database()),
                keychain,
                [this](const QString &, const JobContext &) { return Result<RenderAccess>(render.access()); },
                {},
                patience,
                std::chrono::milliseconds(30)};
    }

    /// One step, as the loop performs it.
    template <class Perform>
    Result<StepOutcome> perform(MigrationJournal &journal, Perform step,
                                const std::optional<MigrationAnswer> &answer = {})
    {
        return offThread([&]() -> Result<StepOutcome> {
            auto state = stateOf(journal.events());
            if (!state) {
                return failure(state.error());
            }
            const MigrationEnvironment with = environment();
            JobContext context;
            MigrationWork work(journal, with, answer, context, std::move(*state));
            return step(work);
        });
    }
    /// All that is left.
    Result<std::optional<MigrationPause>> goOn(MigrationJournal &journal,
                                               const std::optional<MigrationAnswer> &answer = {})
    {
        return offThread([&] {
            const MigrationEnvironment with = environment();
            JobContext context;
            return continueMigration(journal, with, answer, context);
        });
    }
    static MigrationState stateIn(const MigrationJournal &journal) { return *stateOf(journal.events()); }

    Result<Secret> secret(const QString &id)
    {
        SecretStore fresh; // what this one remembers by itself proves nothing
        Keychain its(fresh);
        return offThread([&] { return its.load(id, {}); });
    }

    /// The old instance's connection is the only one that is saved.
    bool saveOld()
    {
        const ProfileStore profiles(database());
        const auto all = profiles.all();
        for (const Profile &each : all ? *all : QList<Profile>()) {
            (void)profiles.remove(each.id);
        }
        const MigrationPlan its = plan();
        Profile profile;
        profile.id = its.profileId;
        profile.name = its.profileName;
        profile.parameters = its.connection;
        profile.secretIsStored = true;
        profile.accountId = its.accountId;
        profile.renderId = its.source.id;
        profile.expiresAt = QDateTime::currentDateTimeUtc().addDays(1);
        return profiles.save(profile) &&
               offThread([&] { return keychain.store(profile.id, oldOne.external.password, {}); });
    }
    Profile saved(const QString &name = QStringLiteral("school-db")) const
    {
        const auto profile = ProfileStore(database()).byName(name);
        return profile ? *profile : Profile();
    }
    static QString read(const QString &file)
    {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? QString::fromUtf8(in.readAll()) : QString();
    }

    QString url(const ConnectionSpec &spec, const QString &name, const QString &scheme = QStringLiteral("postgresql"),
                const QString &query = {}) const
    {
        const QString port = spec.parameters.port == 5432 ? QString() : u':' + QString::number(spec.parameters.port);
        return scheme + QStringLiteral("://") + spec.parameters.user + u':' + spec.password.reveal() + u'@' +
               spec.parameters.host + port + u'/' + name + query;
    }
    void fault(const QString &method, const QString &path, const QString &kind, int skip = 0, int count = -1)
    {
        render.post(QStringLiteral("/practice/faults"),
                    QJsonObject{{"method", method}, {"path", path}, {"kind", kind}, {"skip", skip}, {"count", count}});
    }
    void noFaults() { render.ask("DELETE", QStringLiteral("/practice/faults")); }

    static inline const QString birds = QStringLiteral("bird_app_db");
    PostgresInstance source;
    Backup backup;

private:
    QString moveBirds()
    {
        JobContext context;
        backupFile = render.folder() + QStringLiteral("/birds.dump");
        const auto taken = backUp({local(oldOne.external, birds), backupFile}, context);
        if (!taken) {
            return taken.error().message;
        }
        backup = *taken;
        RestoreRequest request;
        request.file = backupFile;
        request.target = local(newOne.external, birds);
        request.mode = RestoreMode::IntoNew;
        const auto restored = restore(request, context);
        return restored ? QString() : restored.error().message + restored.error().detail;
    }
};

} // namespace Roost::Testing

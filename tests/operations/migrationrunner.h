#pragma once

#include "operations/migration.h"
#include "operations/migrationwork.h"
#include "render/renderaccess.h"
#include "storage/keychain.h"
#include "storage/secretstore.h"

#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <memory>

namespace Roost::Testing {

/// Qt ends a test program after five minutes, which a busy computer may need for all of this.
inline const bool isPatient = qputenv("QTEST_FUNCTION_TIMEOUT", "900000");

/// A migration of one test, with all that it works with in a folder of its own; run on a thread, as programs do.
class MigrationRunner
{
public:
    MigrationRunner()
        : m_environment{ProfileStore(file("roost.db")),
                        BackupCatalog(file("roost.db")),
                        KeptVariables(file("roost.db")),
                        m_keychain,
                        {},
                        {}}
    {
        m_environment.patience.lookEvery = std::chrono::milliseconds(20);
        m_environment.patience.lookFor = std::chrono::seconds(2);
        m_environment.patience.firstPoll = std::chrono::milliseconds(30);
        m_environment.patience.longestPoll = std::chrono::milliseconds(200);
    }

    QString file(const QString &name) const { return m_folder.filePath(name); }
    QString journals() const { return file(QStringLiteral("migrations")); }
    MigrationEnvironment &environment() { return m_environment; }
    bool keep(const QString &id, const Secret &secret)
    {
        bool isDone = false;
        m_secrets.store(id, secret, &m_receiver, [&isDone](const Result<void> &) { isDone = true; });
        return QTest::qWaitFor([&isDone] { return isDone; }, 60'000);
    }
    /// Paths of the runner's own, a name for the instance, and what the plan's rest does not say.
    MigrationPlan plan(const ConnectionSpec &source, const QStringList &databases) const
    {
        MigrationPlan plan;
        plan.id = QStringLiteral("1a2b3c4d");
        plan.madeAt = QDateTime::currentDateTimeUtc();
        plan.profileId = QStringLiteral("profile-1");
        plan.profileName = QStringLiteral("school");
        plan.source.name = QStringLiteral("school-db");
        plan.connection = source.parameters;
        plan.serverVersion = QStringLiteral("15.1");
        for (const QString &name : databases) {
            MigrationDatabase database;
            database.properties.name = name;
            plan.databases += database;
        }
        plan.backupFolder = file(QStringLiteral("backups"));
        plan.secondFolder = file(QStringLiteral("second"));
        return plan;
    }

    bool begin(const MigrationPlan &plan)
    {
        auto begun = beginMigration(journals(), plan);
        m_journal = begun ? std::move(*begun) : nullptr;
        return m_journal != nullptr;
    }
    /// As after the end of the program.
    bool reopen(const QString &id = QStringLiteral("1a2b3c4d"))
    {
        m_journal.reset();
        auto opened = MigrationJournal::open(journals(), id);
        m_journal = opened ? std::move(*opened) : nullptr;
        return m_journal != nullptr;
    }
    MigrationJournal &journal() { return *m_journal; }
    MigrationState state() const { return *stateOf(m_journal->events()); }
    QJsonObject facts(MigrationStep step) const { return state().facts.value(step); }
    int listedBackups() const
    {
        const auto all = m_environment.backups.all();
        return all ? int(all->size()) : -1;
    }

    /// Does something on a worker thread while this one's event loop turns.
    template <class Work>
    auto onThread(Work work) -> decltype(work())
    {
        std::optional<decltype(work())> result;
        const std::unique_ptr<QThread> thread(QThread::create([&] { result.emplace(work()); }));
        thread->start();
        if (!QTest::qWaitFor([&thread] { return thread->isFinished(); }, 120'000)) {
            qFatal("a migration does not end");
        }
        return std::move(*result);
    }
    Result<std::optional<MigrationPause>> go(const std::optional<MigrationAnswer> &answer = {}, JobContext context = {})
    {
        return onThread([&] { return continueMigration(*m_journal, m_environment, answer, context); });
    }
    Result<std::optional<MigrationPause>> answer(MigrationQuestion question, const QString &text = {})
    {
        return go(MigrationAnswer{question, text, {}});
    }
    /// As the step that retires the old instance asks, or asks for it to be shut.
    template <class Ask>
    auto ask(Ask ask)
    {
        return onThread([&] {
            JobContext context;
            MigrationWork work(*m_journal, m_environment, {}, context, state());
            return ask(work);
        });
    }
    QStringList problems(bool sourceIsGone = false)
    {
        const auto problems = ask([=](MigrationWork &work) { return gateProblems(work, sourceIsGone); });
        return problems ? *problems : QStringList{QStringLiteral("failed: ") + problems.error().message};
    }
    Result<void> giveUp()
    {
        return onThread([&] {
            JobContext context;
            return giveUpMigration(*m_journal, m_environment, context);
        });
    }

private:
    QTemporaryDir m_folder;
    QObject m_receiver;
    SecretStore m_secrets;
    Keychain m_keychain{m_secrets};
    MigrationEnvironment m_environment;
    std::unique_ptr<MigrationJournal> m_journal;
};

/// What a run ended in, for a comparison: the question's key, "done", or the error's message.
inline QString endOf(const Result<std::optional<MigrationPause>> &outcome)
{
    return !outcome ? outcome.error().message : *outcome ? keyOf((*outcome)->question) : QStringLiteral("done");
}

} // namespace Roost::Testing

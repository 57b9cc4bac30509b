#pragma once

#include "operations/migration.h"
#include "storage/keychain.h"
#include "storage/secretstore.h"

#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <stop_token>

namespace Roost::Testing {

/// A migration in the middle, for tests of single steps: real backups and copies, and a journal that says that all
/// steps but the wanted ones are done. Lives in the main thread, whose event loop the keychain needs.
class MigrationStage
{
public:
    explicit MigrationStage(const std::function<RenderAccess()> &access, const RenderPatience &patience = {});
    ~MigrationStage();

    MigrationPlan plan; ///< to be changed before begin()
    std::unique_ptr<MigrationEnvironment> environment;
    std::unique_ptr<MigrationJournal> journal;
    std::stop_source stop;                            ///< of the next run
    std::function<void(const Progress &)> onProgress; ///< on the worker thread

    /// Plans to move these databases; empty, or why that cannot be.
    QString planToMove(const PostgresInstance &source, const ConnectionSpec &connection, const QStringList &databases,
                       const QString &newName, MigrationPath path = MigrationPath::OneSlot);
    /// Backs each planned database up and copies it; kept for later journals.
    QString backUpAll();
    /// A new journal with everything done but these steps, and the gate passed.
    QString begin(const QList<MigrationStep> &wanted);

    struct Outcome
    {
        bool isDone = false; ///< all wanted steps
        std::optional<MigrationPause> pause;
        Error error;
        QByteArray told() const; ///< for messages of a failing test
    };
    /// Goes on, on a thread of its own, while this thread's events are processed.
    Outcome run(const std::optional<MigrationAnswer> &answer = {});
    /// Again and again, until it is done or has failed so many times.
    Outcome runUntilDone(int times);

    MigrationState state() const;
    QJsonObject factsOf(MigrationStep step) const { return state().facts.value(step); }
    QString backupFile(const QString &database) const;
    QString secondFile(const QString &database) const;

private:
    void append(MigrationStep step, const QString &kind, const QJsonObject &data = {});

    QTemporaryDir m_folder;
    SecretStore m_secrets;
    Keychain m_keychain;
    std::function<RenderAccess()> m_access;
    ConnectionSpec m_source;
    QStringList m_ids;     ///< of all journals
    QJsonObject m_backups; ///< by database: as the steps write them down
    QJsonObject m_proofs;
    QJsonObject m_copies;
};

} // namespace Roost::Testing

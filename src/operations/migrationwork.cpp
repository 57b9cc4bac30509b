#include "operations/migrationwork.h"

#include "operations/instanceconnection.h"
#include "storage/keychain.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationWork)
};

} // namespace

MigrationWork::MigrationWork(MigrationJournal &journal, const MigrationEnvironment &environment,
                             const std::optional<MigrationAnswer> &answer, JobContext &context, MigrationState state)
    : m_journal(journal)
    , m_environment(environment)
    , m_answer(answer)
    , m_context(context)
    , m_state(std::move(state))
{
}

std::optional<MigrationAnswer> MigrationWork::takeAnswer(MigrationQuestion question)
{
    if (!m_answer || m_answer->question != question) {
        return std::nullopt;
    }
    return std::exchange(m_answer, std::nullopt);
}

Result<void> MigrationWork::write(MigrationStep step, const QString &kind, const QJsonObject &data)
{
    if (const auto written = m_journal.append(keyOf(step), kind, data); !written) {
        return written;
    }
    auto state = stateOf(m_journal.events());
    if (!state) {
        return failure(state.error());
    }
    m_state = std::move(*state);
    return {};
}

Result<void> MigrationWork::note(MigrationStep step, const QJsonObject &facts)
{
    return write(step, QStringLiteral("note"), facts);
}

Result<void> MigrationWork::reopen(const QList<MigrationStep> &steps)
{
    for (const MigrationStep step : steps) {
        if (const auto written = write(step, QStringLiteral("reopened")); !written) {
            return written;
        }
    }
    return {};
}

Result<void> MigrationWork::undo(MigrationStep step)
{
    return write(step, QStringLiteral("undone"));
}

Result<RenderAccess> MigrationWork::access()
{
    if (!m_access) {
        auto access = m_environment.access(plan().accountId, m_context);
        if (!access) {
            return access;
        }
        m_access = std::move(*access);
    }
    return *m_access;
}

Result<ConnectionSpec> MigrationWork::source()
{
    const auto secret = m_environment.keychain.load(plan().profileId, stopToken());
    if (secret) {
        return ConnectionSpec{plan().connection, *secret};
    }
    if (plan().isByHand()) {
        return failure(secret.error());
    }
    const auto access = this->access();
    if (!access) {
        return failure(access.error());
    }
    return connectionOf(*access, plan().source.id, m_context, m_environment.patience.times);
}

Result<ConnectionSpec> MigrationWork::target()
{
    if (plan().path == MigrationPath::UpgradeInPlace) {
        return source(); // it stays where it is
    }
    const auto parameters = m_state.newConnection();
    if (!parameters) {
        return failure(ErrorCode::Conflict, Text::tr("The new instance is not known yet."));
    }
    if (parameters->host == plan().connection.host && parameters->port == plan().connection.port) {
        return failure(ErrorCode::Conflict, Text::tr("This is the old instance's address, not that of a new one."));
    }
    const auto secret = m_environment.keychain.load(m_state.newSecretId(), stopToken());
    if (secret) {
        return ConnectionSpec{*parameters, *secret};
    }
    if (plan().isByHand() || m_state.newInstanceId().isEmpty()) {
        return failure(secret.error());
    }
    const auto access = this->access();
    if (!access) {
        return failure(access.error());
    }
    const auto known = connectionOf(*access, m_state.newInstanceId(), m_context, m_environment.patience.times);
    if (!known) {
        return failure(known.error());
    }
    return ConnectionSpec{*parameters, known->password};
}

JobContext MigrationWork::part(const QString &name, int index, int count) const
{
    return JobContext(
        stopToken(),
        [this, name, index, count](const Progress &progress) {
            constexpr double total = 10'000;
            const double done = (index + std::max(progress.fraction(), 0.0)) / std::max(count, 1);
            m_context.report({QStringLiteral("%1: %2").arg(name, progress.step), qint64(done * total), qint64(total),
                              progress.amount, progress.bytes});
        },
        [this](const QString &line) { m_context.log(line); });
}

} // namespace Roost

#include "cli/migrateanswers.h"

#include "cli/migratesetup.h"
#include "cli/text.h"

#include <QDir>

#include <utility>

namespace Roost {

GivenAnswers::GivenAnswers(const Invocation &call, QString instance)
    : m_instance(std::move(instance))
    , m_name(call.value(MigrateOption::confirmDelete))
    , m_secondFolder(call.value(MigrateOption::secondCopy))
    , m_isDone(call.has(MigrateOption::done))
{
    if (!m_secondFolder.isEmpty()) {
        m_secondFolder = QDir::cleanPath(QDir::current().absoluteFilePath(m_secondFolder));
    }
}

Result<void> GivenAnswers::check() const
{
    if (m_name.isEmpty() || m_name == m_instance) {
        return {};
    }
    return failure(
        ErrorCode::InvalidInput,
        CliText::tr("Nothing was done: --confirm-delete says \"%1\", the instance is \"%2\".").arg(m_name, m_instance));
}

std::optional<MigrationAnswer> GivenAnswers::take(MigrationQuestion question, bool wasAskedBefore)
{
    MigrationAnswer answer{question, {}, {}};
    switch (question) {
    case MigrationQuestion::Gate:
        answer.text = std::exchange(m_name, {});
        break;
    case MigrationQuestion::SecondFolder:
        answer.text = std::exchange(m_secondFolder, {});
        break;
    case MigrationQuestion::NewConnection:
        answer.secret = std::exchange(m_connection, {});
        break;
    case MigrationQuestion::WritersStopped:
    case MigrationQuestion::OldDeleted:
    case MigrationQuestion::VariablesSet:
    case MigrationQuestion::ServicesLive:
    case MigrationQuestion::StillWritten:
        return wasAskedBefore && std::exchange(m_isDone, false) ? std::optional(answer) : std::nullopt;
    }
    return answer.text.isEmpty() && answer.secret.isEmpty() ? std::nullopt : std::optional(answer);
}

std::optional<MigrationQuestion> askedBefore(const MigrationState &state)
{
    using Question = MigrationQuestion;
    const auto next = state.next();
    const QString key = next ? state.step(*next).question : QString();
    for (const Question each :
         {Question::WritersStopped, Question::SecondFolder, Question::Gate, Question::OldDeleted,
          Question::NewConnection, Question::VariablesSet, Question::ServicesLive, Question::StillWritten}) {
        if (keyOf(each) == key) {
            return each;
        }
    }
    return std::nullopt;
}

} // namespace Roost

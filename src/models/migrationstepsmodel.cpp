#include "models/migrationstepsmodel.h"

#include "models/plaintext.h"

#include <algorithm>

namespace Roost {

namespace {

using Status = MigrationStepsModel::Status;

Status statusOf(const MigrationStepState &step, bool isRunning)
{
    switch (step.status) {
    case MigrationStepState::Status::Waiting:
        return Status::Waiting;
    case MigrationStepState::Status::Begun:
        return isRunning ? Status::Running : Status::Interrupted;
    case MigrationStepState::Status::Asked:
        return Status::Asked;
    case MigrationStepState::Status::Failed:
        return Status::Failed;
    case MigrationStepState::Status::Done:
        return Status::Done;
    }
    return Status::Waiting;
}

} // namespace

MigrationStepsModel::MigrationStepsModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

QString MigrationStepsModel::statusText(Status status)
{
    switch (status) {
    case Status::Waiting:
        return tr("still to come");
    case Status::Running:
        return tr("under way");
    case Status::Interrupted:
        return tr("interrupted");
    case Status::Asked:
        return tr("waits for you");
    case Status::Failed:
        return tr("failed");
    case Status::Done:
        return tr("done");
    }
    return {};
}

void MigrationStepsModel::setPlanning(MigrationPath path, const QString &summary)
{
    QList<Line> lines{{tr("Look and plan"), summary, Status::Asked}};
    const QList<MigrationStep> steps = stepsOf(path);
    for (const MigrationStep step : steps) {
        lines += {nameOf(step), {}, Status::Waiting};
    }
    show(lines);
}

void MigrationStepsModel::setState(const MigrationState &state, bool isRunning)
{
    const auto databases = tr("%n database(s)", nullptr, int(state.plan.databases.size()));
    QStringList facts{databases, sizeText(state.plan.totalBytes())};
    if (!state.plan.services.isEmpty()) {
        facts += tr("%n service(s)", nullptr, int(state.plan.services.size()));
    }
    QList<Line> lines{{tr("Look and plan"), facts.join(QStringLiteral(", ")), Status::Done}};
    const QList<MigrationStep> steps = stepsOf(state.plan.path);
    for (const MigrationStep step : steps) {
        const MigrationStepState &its = state.step(step);
        Line line{nameOf(step), its.summary, statusOf(its, isRunning)};
        if (line.status == Status::Asked) {
            line.summary = tr("waits for you");
        } else if (line.status == Status::Failed) {
            line.summary = its.problem;
        } else if (line.status == Status::Interrupted) {
            line.summary = tr("interrupted; it is looked at again");
        } else if (line.status != Status::Done) {
            line.summary.clear();
        }
        lines += line;
    }
    show(lines);
}

void MigrationStepsModel::show(const QList<Line> &lines)
{
    if (lines.size() != m_lines.size()) {
        beginResetModel();
        m_lines = lines;
        endResetModel();
        return;
    }
    const int before = currentRow();
    for (int row = 0; row < lines.size(); ++row) {
        if (m_lines[row] != lines[row]) {
            m_lines[row] = lines[row];
            emit dataChanged(index(row), index(row));
        }
    }
    if (const int now = currentRow(); now != before) { // which is current is in no line
        for (const int row : {before, now}) {
            if (row >= 0) {
                emit dataChanged(index(row), index(row));
            }
        }
    }
}

int MigrationStepsModel::doneCount() const
{
    const auto isDone = [](const Line &line) { return line.status == Status::Done; };
    return std::max(0, int(std::count_if(m_lines.begin(), m_lines.end(), isDone)) - 1);
}

int MigrationStepsModel::currentRow() const
{
    for (int row = 0; row < m_lines.size(); ++row) {
        if (m_lines[row].status != Status::Done) {
            return row;
        }
    }
    return -1;
}

int MigrationStepsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant MigrationStepsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_lines.size()) {
        return {};
    }
    const Line &line = m_lines[index.row()];
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return line.name;
    case Qt::ToolTipRole:
    case SummaryRole:
        return line.summary;
    case StatusRole:
        return QVariant::fromValue(line.status);
    case NumberRole:
        return index.row() + 1;
    case IsCurrentRole:
        return index.row() == currentRow();
    case Qt::AccessibleTextRole: {
        const QString text = tr("%1, %2: %3", "number, step, how far it is")
                                 .arg(QString::number(index.row() + 1), line.name, statusText(line.status));
        return line.summary.isEmpty() ? text : text + QStringLiteral(". ") + line.summary;
    }
    default:
        return {};
    }
}

} // namespace Roost

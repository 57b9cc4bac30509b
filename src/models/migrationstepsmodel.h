#pragma once

#include "operations/migrationstate.h"

#include <QAbstractListModel>
#include <QList>

namespace Roost {

/// The steps of a migration as a list, with the plan as its first line. Lives in the GUI thread; is given the state
/// whenever it changed.
class MigrationStepsModel : public QAbstractListModel
{
    Q_OBJECT

public:
    /// How far a line is. Asked, Failed and Interrupted are where the migration stands still.
    enum class Status { Waiting, Running, Interrupted, Asked, Failed, Done };
    Q_ENUM(Status)
    enum Role {
        StatusRole = Qt::UserRole, ///< Status
        SummaryRole,               ///< what it did, what it waits for, why it failed; may be empty
        NumberRole,                ///< 1 …
        IsCurrentRole,             ///< the one that is next
        NameRole
    };

    explicit MigrationStepsModel(QObject *parent = nullptr);

    /// While there is only a plan in the making.
    void setPlanning(MigrationPath path, const QString &summary);
    /// `isRunning`: in this program, now.
    void setState(const MigrationState &state, bool isRunning);

    int doneCount() const;                    ///< steps, without the plan
    int currentRow() const;                   ///< -1 when all is done
    static QString statusText(Status status); ///< translated: "done"

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Line
    {
        QString name;
        QString summary;
        Status status = Status::Waiting;
        bool operator==(const Line &) const = default;
    };
    void show(const QList<Line> &lines);

    QList<Line> m_lines;
};

} // namespace Roost

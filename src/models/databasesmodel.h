#pragma once

#include "models/instancelist.h"

#include <QAbstractTableModel>

namespace Roost {

/// `\l` of one instance as a table: name, owner, encoding, collation, size. Lives in the GUI thread.
class DatabasesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Owner, Encoding, Collation, Size, ColumnCount };

    DatabasesModel(InstanceList *instances, const QString &instanceId, QObject *parent = nullptr);

    void setShowsSystem(bool shows);
    QString databaseAt(int row) const;
    qint64 totalBytes() const; ///< of those shown and hidden, where known

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void update();

    InstanceList *m_instances;
    QString m_instanceId;
    QList<DatabaseInfo> m_all;
    QList<DatabaseInfo> m_shown;
    bool m_showsSystem = false;
};

} // namespace Roost

#pragma once

#include "postgres/manifest.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// By which columns the rows of each table are told apart, as the definitions in a manifest say: so it is known of a
/// backup as well as of a live database.
class RowKeys
{
public:
    explicit RowKeys(const Manifest &manifest);

    /// The columns of each unique index in which nothing is NULL, the primary key's first.
    QList<QStringList> of(const QString &table) const { return m_keys.value(table); }

    /// The key to compare a table's rows by: one of either side, whose columns are all among `columns`; empty if none.
    [[nodiscard]] static QStringList choose(const RowKeys &first, const RowKeys &second, const QString &table,
                                            const QStringList &columns);

private:
    QHash<QString, QList<QStringList>> m_keys; ///< by the table's name in the manifest
};

} // namespace Roost

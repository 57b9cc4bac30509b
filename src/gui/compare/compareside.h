#pragma once

#include <QString>

namespace Roost {

/// One side of a comparison, as the windows know it: a database of an instance, or the file of a backup.
struct CompareSide
{
    QString file; ///< of a backup; else:
    QString instanceId = {};
    QString database = {};

    bool isFile() const { return !file.isEmpty(); }
    bool isNull() const { return file.isEmpty() && (instanceId.isEmpty() || database.isEmpty()); }
    bool operator==(const CompareSide &) const = default;

    static CompareSide ofFile(const QString &file) { return {file}; }
    static CompareSide ofDatabase(const QString &instanceId, const QString &database)
    {
        return {{}, instanceId, database};
    }
};

} // namespace Roost

#pragma once

#include "core/result.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariantList>

#include <memory>

namespace Roost {

/// Roost's SQLite file, open in the calling thread; closed with this object. Brings the schema up to date, finds
/// damage, and sets a damaged file aside.
class StateFile
{
public:
    enum class Purpose { Read, Write };

    /// With Purpose::Read a file that does not exist is not made: the result is then a null pointer.
    [[nodiscard]] static Result<std::unique_ptr<StateFile>> open(const QString &file, Purpose purpose);
    ~StateFile();
    Q_DISABLE_COPY_MOVE(StateFile)

    [[nodiscard]] Result<QSqlQuery> run(const QString &sql, const QVariantList &values = {});

private:
    StateFile() = default;
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> bringUpToDate();
    [[nodiscard]] Result<int> schemaVersion();
    [[nodiscard]] Error errorFrom(const QSqlError &error) const;

    QString m_file;
    QString m_connection; ///< its name in QSqlDatabase
};

} // namespace Roost

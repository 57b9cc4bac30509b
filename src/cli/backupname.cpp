#include "cli/backupname.h"

#include "cli/text.h"
#include "storage/backupcatalog.h"
#include "storage/paths.h"

#include <QDir>
#include <QFileInfo>

namespace Roost {

Result<QString> backupFileNamed(const QString &text)
{
    const QString file = QDir::cleanPath(QDir::current().absoluteFilePath(text));
    const qint64 number = BackupRecord::numberOf(text);
    if (number == 0 || QFileInfo::exists(file)) {
        return file;
    }
    const auto record = BackupCatalog(Paths::database()).byNumber(number);
    if (!record) {
        return failure(record.error());
    }
    if (record->isFailure()) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("%1 is an attempt that failed, so there is no file: %2").arg(text, record->problem));
    }
    return record->file;
}

} // namespace Roost

#pragma once

#include "core/result.h"
#include "operations/archivecontents.h"
#include "operations/archivetoc.h"

#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

namespace Roost {

/// An object of an archive that can be restored by itself: what belongs to it comes along.
struct SelectableObject
{
    enum class Group { Tables, Views, Functions, Types };
    Group group = Group::Tables;
    QString what;     ///< as in ArchivedObject, which names it in a request
    QString name;     ///< as shown: schema.name
    qint64 rows = -1; ///< of a table, as the manifest counted them; negative: not known
};

/// Those of an archive, in its order.
[[nodiscard]] QList<SelectableObject> selectableObjects(const ArchiveContents &contents);
/// The same of a file, with the rows that the manifest beside it tells. Blocking; errors as readArchiveContents().
[[nodiscard]] Result<QList<SelectableObject>> readSelectable(const QString &file, const JobContext &context);
/// The tables that the words name (as findArchivedTable() takes them), as `what`: also those without rows of their own.
/// NotFound, InvalidInput.
[[nodiscard]] Result<QStringList> tablesNamed(const QString &file, const QStringList &words, const JobContext &context);

/// What has to be restored for some objects of an archive to be there again.
struct ArchiveSelection
{
    QSet<int> entries; ///< by their numbers: the objects, what belongs to them, and what they need
    QSet<int> reused;  ///< what they need as well, and the target has
    QStringList notes; ///< translated; what is left out or used as it is there
};

/// `chosen`: each as `what` of an entry. `existing`: what the target has, see ExistingNames. Taken along are keys,
/// indexes, triggers, owned sequences and the like, and types, functions, schemas and extensions that they need and the
/// target lacks. Conflict when one of them is there already, InvalidInput when a table is needed that was not chosen,
/// NotFound when the archive has no such object; each names them.
[[nodiscard]] Result<ArchiveSelection> selectFrom(const ArchiveToc &toc, const EntryNeeds &needs,
                                                  const QStringList &chosen, const QSet<QString> &existing);

/// These entries and all that need one of them.
[[nodiscard]] QSet<int> withDependents(const ArchiveToc &toc, const EntryNeeds &needs, const QSet<int> &roots);

/// An entry for people: "table public.birds", "foreign key public.sightings sightings_bird_fkey".
[[nodiscard]] QString entryText(const QString &what);

} // namespace Roost

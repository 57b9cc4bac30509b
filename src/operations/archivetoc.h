#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

/// The table of contents of an archive, from `pg_restore --list`.
struct ArchiveToc
{
    struct Entry
    {
        QByteArray line; ///< as listed; what `--use-list` takes
        QString what;    ///< type, schema, name and owner, as listed: "TABLE DATA public birds ada"

        int number() const { return line.left(line.indexOf(';')).toInt(); }
        QString tableWithRows() const; ///< schema.name where these are rows; else empty
    };

    QString database;
    QString serverVersion;
    QString toolVersion;
    QDateTime createdAt; ///< UTC; right when the archive was made in this computer's time zone
    QList<Entry> entries;

    int toolMajor() const { return toolVersion.section(u'.', 0, 0).toInt(); }
    QStringList tablesWithData() const; ///< schema.name
    int count(const QString &type) const;
};

[[nodiscard]] ArchiveToc parseToc(const QByteArray &listing);

/// Which entries each entry needs, by their numbers, from `pg_restore --list --verbose`.
using EntryNeeds = QHash<int, QList<int>>;
[[nodiscard]] EntryNeeds parseNeeds(const QByteArray &verboseListing);

/// What the target has, as far as it decides about what can be restored into it.
struct TargetObjects
{
    QSet<QString> installedExtensions;
    QSet<QString> availableExtensions;
    bool hasPublicSchema = true;
    bool mayCreateInPublic = true; ///< tables and the like; from server 15 on only the database's owner may
    bool mayCreateSchemas = true;
};

/// What the user wants of an archive.
struct RestoreWish
{
    std::optional<QSet<int>> entries;       ///< only these; nothing: all
    bool structureOnly = false;             ///< no rows, and no states of sequences
    QHash<QString, qint64> tableBytes = {}; ///< of rows, by `schema.name`
    EntryNeeds needs = {};                  ///< of the archive; tells which table an index is of
    /// Tables that are compared while others are loaded: the biggest is loaded first, and its indexes are made first
    /// of theirs, so that nobody waits for a lock. Empty: all in the archive's order. Nothing that has functions is
    /// reordered: a CHECK may look at another table through one.
    QSet<QString> comparedAhead = {};
};

/// What of an archive is restored, and how.
struct RestorePlan
{
    QByteArray useList;  ///< for `--use-list`
    QSet<int> entries;   ///< the same, as numbers
    QStringList leftOut; ///< translated; what the user should know of
    int tables = 0;      ///< tables that are made
    /// Indexes, constraints and the like, made after the data, in this order: bytes of the rows that each goes through.
    QList<qint64> finishingSteps;
    /// One transaction needs a lock for each relation; too many, and the server refuses.
    bool fitsOneTransaction = true;
};

/// Leaves out what an ordinary user's restore stumbles over without anything being lost: comments on extensions, the
/// schema that is there already, extensions that the server lacks, publications and the like.
[[nodiscard]] RestorePlan planRestore(const ArchiveToc &toc, const TargetObjects &target, const RestoreWish &wish = {});

} // namespace Roost

#pragma once

#include "core/result.h"
#include "postgres/identifier.h"

#include <QByteArray>
#include <QDateTime>
#include <QMap>
#include <QString>
#include <QStringList>

namespace Roost {

/// What a table held: how many rows, and a sum over the hashes of their texts, which knows nothing of their order.
struct TableFingerprint
{
    qint64 rows = 0;
    QByteArray sum; ///< a decimal number
    bool operator==(const TableFingerprint &) const = default;
};

struct SequenceState
{
    qint64 lastValue = 0;
    bool isCalled = false;
    bool operator==(const SequenceState &) const = default;
};

/// What a database held at one instant, in so far as a copy of it can be held against it: the proof beside a dump.
/// Names are `schema.name`, quoted where SQL wants it.
struct Manifest
{
    /// How rows were hashed; a copy is hashed in the same way.
    enum class RowHash {
        Text,   ///< hashtextextended() of the row's text: servers in UTF-8
        HexUtf8 ///< the same of its bytes in UTF-8 as hexadecimal digits: servers in other encodings
    };

    // Where it comes from. No secrets.
    QString database;
    QString host;
    QString serverVersion; ///< "15.20"
    int serverVersionNumber = 0;
    QString encoding;
    QString collation;
    QString characterType;
    QString toolVersion; ///< of the pg_dump; empty for a manifest of a live database
    QDateTime takenAt;   ///< UTC

    RowHash rowHash = RowHash::Text;
    QMap<QString, TableFingerprint> tables;
    QMap<QString, SequenceState> sequences;
    TableFingerprint largeObjects;
    /// Everything else, one line each: kind and name ("index public.birds_name_idx") → what it is, as SQL where the
    /// server writes that.
    QMap<QString, QString> objects;
    /// What a copy of cannot be held against this, and why, translated.
    QStringList unproven;

    // The dump that it stands beside; empty for a live database.
    QString dumpFile; ///< without its folder
    qint64 dumpBytes = 0;
    QByteArray dumpSha256; ///< hexadecimal
    /// By the keys of `tables`: how long their rows are as text. Tells a restore how far it is without reading all.
    QMap<QString, qint64> dumpedBytes;

    /// The table that a key of `tables` names.
    [[nodiscard]] static TableId tableOf(const QString &key);
    [[nodiscard]] qint64 rowCount() const;
    /// Ends with a checksum of its own. The same manifest gives the same bytes.
    [[nodiscard]] QByteArray toJson() const;
    /// InvalidInput for what is damaged, was changed, or comes from a later Roost.
    [[nodiscard]] static Result<Manifest> fromJson(const QByteArray &json);
};

} // namespace Roost

#include "postgres/manifest.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Roost {

namespace {

constexpr int formatVersion = 1;
const QString checksumKey = QStringLiteral("manifest_sha256");

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Manifest)
};

QString hashName(Manifest::RowHash hash)
{
    return hash == Manifest::RowHash::Text ? QStringLiteral("sum-hashtextextended-row")
                                           : QStringLiteral("sum-hashtextextended-row-utf8hex");
}

// 64 bits do not fit the numbers of JSON: counts of rows do, values of sequences may not.
QJsonObject toObject(const TableFingerprint &table)
{
    return {{QStringLiteral("rows"), table.rows}, {QStringLiteral("sum"), QString::fromLatin1(table.sum)}};
}

TableFingerprint tableFrom(const QJsonObject &object)
{
    return {object.value(QStringLiteral("rows")).toInteger(),
            object.value(QStringLiteral("sum")).toString().toLatin1()};
}

QByteArray checksumOf(const QJsonObject &object)
{
    return QCryptographicHash::hash(QJsonDocument(object).toJson(QJsonDocument::Compact), QCryptographicHash::Sha256)
        .toHex();
}

QJsonObject sourceOf(const Manifest &manifest)
{
    return {{QStringLiteral("database"), manifest.database},
            {QStringLiteral("host"), manifest.host},
            {QStringLiteral("server_version"), manifest.serverVersion},
            {QStringLiteral("server_version_number"), manifest.serverVersionNumber},
            {QStringLiteral("encoding"), manifest.encoding},
            {QStringLiteral("collation"), manifest.collation},
            {QStringLiteral("character_type"), manifest.characterType},
            {QStringLiteral("tool_version"), manifest.toolVersion},
            {QStringLiteral("taken_at"), manifest.takenAt.toUTC().toString(Qt::ISODateWithMs)}};
}

void takeSource(Manifest &manifest, const QJsonObject &source)
{
    const auto text = [&source](const char *key) { return source.value(QLatin1String(key)).toString(); };
    manifest.database = text("database");
    manifest.host = text("host");
    manifest.serverVersion = text("server_version");
    manifest.serverVersionNumber = source.value(QStringLiteral("server_version_number")).toInt();
    manifest.encoding = text("encoding");
    manifest.collation = text("collation");
    manifest.characterType = text("character_type");
    manifest.toolVersion = text("tool_version");
    manifest.takenAt = QDateTime::fromString(text("taken_at"), Qt::ISODateWithMs);
}

Error damaged(const QString &detail)
{
    return {
        ErrorCode::InvalidInput,
        Text::tr("The proof beside the backup is damaged or was altered: the disk may be failing, or a program wrote "
                 "into it. Nothing can be held against it. The backup itself was left as it is, and may still be "
                 "good: restore it into a new database and look at it."),
        detail,
        {}};
}

} // namespace

TableId Manifest::tableOf(const QString &key)
{
    QStringList parts{QString()};
    bool isQuoted = false;
    for (qsizetype i = 0; i < key.size(); ++i) {
        const QChar c = key.at(i);
        if (c == u'"' && isQuoted && key.mid(i + 1, 1) == u"\"") {
            parts.last() += c;
            ++i;
        } else if (c == u'"') {
            isQuoted = !isQuoted;
        } else if (c == u'.' && !isQuoted) {
            parts += QString();
        } else {
            parts.last() += c;
        }
    }
    return {parts.value(0), parts.value(1)};
}

qint64 Manifest::rowCount() const
{
    qint64 rows = 0;
    for (const TableFingerprint &table : tables) {
        rows += table.rows;
    }
    return rows;
}

QByteArray Manifest::toJson() const
{
    QJsonObject tablesObject;
    for (auto it = tables.cbegin(); it != tables.cend(); ++it) {
        tablesObject.insert(it.key(), toObject(it.value()));
    }
    QJsonObject sequencesObject;
    for (auto it = sequences.cbegin(); it != sequences.cend(); ++it) {
        sequencesObject.insert(it.key(), QJsonObject{{QStringLiteral("last_value"), QString::number(it->lastValue)},
                                                     {QStringLiteral("is_called"), it->isCalled}});
    }
    QJsonObject objectsObject;
    for (auto it = objects.cbegin(); it != objects.cend(); ++it) {
        objectsObject.insert(it.key(), it.value());
    }
    QJsonObject bytesObject;
    for (auto it = dumpedBytes.cbegin(); it != dumpedBytes.cend(); ++it) {
        bytesObject.insert(it.key(), it.value());
    }
    QJsonObject all{{QStringLiteral("roost_manifest"), formatVersion},
                    {QStringLiteral("source"), sourceOf(*this)},
                    {QStringLiteral("dump"), QJsonObject{{QStringLiteral("file"), dumpFile},
                                                         {QStringLiteral("bytes"), dumpBytes},
                                                         {QStringLiteral("table_bytes"), bytesObject},
                                                         {QStringLiteral("sha256"), QString::fromLatin1(dumpSha256)}}},
                    {QStringLiteral("row_hash"), hashName(rowHash)},
                    {QStringLiteral("tables"), tablesObject},
                    {QStringLiteral("sequences"), sequencesObject},
                    {QStringLiteral("large_objects"), toObject(largeObjects)},
                    {QStringLiteral("objects"), objectsObject},
                    {QStringLiteral("unproven"), QJsonArray::fromStringList(unproven)}};
    all.insert(checksumKey, QString::fromLatin1(checksumOf(all)));
    return QJsonDocument(all).toJson();
}

Result<Manifest> Manifest::fromJson(const QByteArray &json)
{
    QJsonParseError problem;
    QJsonObject all = QJsonDocument::fromJson(json, &problem).object();
    if (problem.error != QJsonParseError::NoError) {
        return failure(damaged(problem.errorString()));
    }
    const int version = all.value(QStringLiteral("roost_manifest")).toInt();
    if (version > formatVersion) {
        return failure(
            ErrorCode::InvalidInput,
            Text::tr("The proof beside the backup was written by a later version of Roost, and this one cannot read "
                     "it. The backup was left as it is. Update Roost."));
    }
    const QByteArray checksum = all.take(checksumKey).toString().toLatin1();
    if (version < 1 || checksum != checksumOf(all)) {
        return failure(damaged(QStringLiteral("checksum")));
    }
    const auto object = [&all](const char *key) { return all.value(QLatin1String(key)).toObject(); };
    Manifest manifest;
    takeSource(manifest, object("source"));
    const QString hash = all.value(QStringLiteral("row_hash")).toString();
    manifest.rowHash = hash == hashName(RowHash::HexUtf8) ? RowHash::HexUtf8 : RowHash::Text;
    const QJsonObject tables = object("tables");
    for (auto it = tables.begin(); it != tables.end(); ++it) {
        manifest.tables.insert(it.key(), tableFrom(it.value().toObject()));
    }
    const QJsonObject sequences = object("sequences");
    for (auto it = sequences.begin(); it != sequences.end(); ++it) {
        const QJsonObject one = it.value().toObject();
        manifest.sequences.insert(it.key(), {one.value(QStringLiteral("last_value")).toString().toLongLong(),
                                             one.value(QStringLiteral("is_called")).toBool()});
    }
    const QJsonObject objects = object("objects");
    for (auto it = objects.begin(); it != objects.end(); ++it) {
        manifest.objects.insert(it.key(), it.value().toString());
    }
    manifest.largeObjects = tableFrom(object("large_objects"));
    const QJsonArray unproven = all.value(QStringLiteral("unproven")).toArray();
    for (const QJsonValue &one : unproven) {
        manifest.unproven += one.toString();
    }
    const QJsonObject dump = object("dump");
    manifest.dumpFile = dump.value(QStringLiteral("file")).toString();
    manifest.dumpBytes = dump.value(QStringLiteral("bytes")).toInteger();
    manifest.dumpSha256 = dump.value(QStringLiteral("sha256")).toString().toLatin1();
    const QJsonObject bytes = dump.value(QStringLiteral("table_bytes")).toObject();
    for (auto it = bytes.begin(); it != bytes.end(); ++it) {
        manifest.dumpedBytes.insert(it.key(), it.value().toInteger());
    }
    return manifest;
}

} // namespace Roost

#include "operations/archivemap.h"

#include "operations/archivebytes.h"
#include "operations/copystatement.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr int oldestVersion = 0x010D; // 1.13, of pg_dump 11
constexpr int withAccessMethod = 0x010E;
constexpr int withAlgorithm = 0x010F;
constexpr int withRelationKind = 0x0110; // 1.16, of pg_dump 17 and 18
constexpr quint8 customFormat = 1;
constexpr quint8 gzip = 1;
constexpr quint8 positionIsSet = 2;
constexpr quint8 hasNoData = 3;

/// The beginning of the file; the version, or 0 for a form that is not known here.
int readHead(ArchiveBytes &file, bool &isCompressed)
{
    for (const char c : {'P', 'G', 'D', 'M', 'P'}) {
        if (file.byte() != quint8(c)) {
            return 0;
        }
    }
    const int major = file.byte();
    const int version = (major << 8) | file.byte();
    file.byte(); // revision
    const bool hasKnownSizes = file.byte() == 4 && file.byte() == 8;
    if (version < oldestVersion || version > withRelationKind || !hasKnownSizes || file.byte() != customFormat) {
        return 0;
    }
    const int compression = version >= withAlgorithm ? file.byte() : file.number();
    if (version >= withAlgorithm && compression > gzip) {
        return 0;
    }
    isCompressed = compression != 0;
    constexpr int dateParts = 7;
    for (int i = 0; i < dateParts; ++i) {
        file.number();
    }
    for (int i = 0; i < 3; ++i) { // database, and versions of server and pg_dump
        file.skipText();
    }
    return version;
}

/// An entry of the table of contents: where its data are, if it has any. False when nobody knows.
bool readEntry(ArchiveBytes &file, int version, QList<ArchiveMap::Block> &blocks)
{
    ArchiveMap::Block block;
    block.entry = file.number();
    file.number();                // whether it has data
    for (int i = 0; i < 3; ++i) { // the catalogue's numbers, and the name
        file.skipText();
    }
    const QByteArray kind = file.text();
    file.number();   // section
    file.skipText(); // the statements that make it and that drop it
    file.skipText();
    QByteArray copy = file.text();
    file.skipText(); // schema and tablespace
    file.skipText();
    if (version >= withAccessMethod) {
        file.skipText();
    }
    if (version >= withRelationKind) {
        file.number();
    }
    file.skipText(); // owner, and whether with OIDs
    file.skipText();
    while (file.isFine() && !file.text().isEmpty()) { // what it depends on
    }
    quint8 state = 0;
    block.from = file.offset(state);
    if (state == hasNoData) {
        return file.isFine();
    }
    block.isLargeObjects = kind == "BLOBS";
    if (!copy.isEmpty()) {
        if (copy.endsWith('\n')) {
            copy.chop(1);
        }
        const auto statement = CopyStatement::parse(copy);
        if (!statement) {
            return false;
        }
        block.table = statement->table;
    }
    blocks += block;
    return file.isFine() && state == positionIsSet && (block.isLargeObjects || block.table);
}

} // namespace

std::optional<ArchiveMap> ArchiveMap::read(int descriptor, qint64 fileSize)
{
    ArchiveBytes file(descriptor, 0, fileSize);
    ArchiveMap map;
    const int version = readHead(file, map.isCompressed);
    if (version == 0) {
        return {};
    }
    for (int left = file.number(); left > 0; --left) {
        if (!readEntry(file, version, map.blocks)) {
            return {};
        }
    }
    if (!file.isFine()) {
        return {};
    }
    std::sort(map.blocks.begin(), map.blocks.end(), [](const Block &a, const Block &b) { return a.from < b.from; });
    qint64 at = file.position();
    for (qsizetype i = 0; i < map.blocks.size(); ++i) {
        Block &block = map.blocks[i];
        block.to = i + 1 < map.blocks.size() ? map.blocks.at(i + 1).from : fileSize;
        if (block.from != at || block.to <= block.from) {
            return {};
        }
        at = block.to;
    }
    return at == fileSize ? std::optional(map) : std::nullopt;
}

} // namespace Roost

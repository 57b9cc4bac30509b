#include "operations/rowdigests.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <tuple>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RowDigests)
};

using Digests = std::vector<RowDigest>;
using Place = Digests::const_iterator;
using Found = std::function<void(const DigestDifference &)>;

bool comesBefore(const RowDigest &a, const RowDigest &b)
{
    return std::tie(a.key, a.row, a.place) < std::tie(b.key, b.row, b.place);
}

Place endOfKey(Place from, Place end)
{
    return std::find_if(from, end, [from](const RowDigest &each) { return each.key != from->key; });
}

/// The rows of one key on both sides; usually one on each.
void compareGroup(Place first, Place firstEnd, Place second, Place secondEnd, bool isKeyed, const Found &found)
{
    QList<qint64> before;
    QList<qint64> after;
    while (first != firstEnd || second != secondEnd) {
        if (second == secondEnd || (first != firstEnd && first->row < second->row)) {
            before += (first++)->place;
        } else if (first == firstEnd || second->row < first->row) {
            after += (second++)->place;
        } else {
            ++first;
            ++second;
        }
    }
    const qsizetype pairs = isKeyed ? qMin(before.size(), after.size()) : 0;
    for (qsizetype i = 0; i < pairs; ++i) {
        found({before.at(i), after.at(i)});
    }
    for (qsizetype i = pairs; i < before.size(); ++i) {
        found({before.at(i), -1});
    }
    for (qsizetype i = pairs; i < after.size(); ++i) {
        found({-1, after.at(i)});
    }
}

void comparePart(const Digests &first, const Digests &second, bool isKeyed, const Found &found)
{
    Place a = first.begin();
    Place b = second.begin();
    while (a != first.end() || b != second.end()) {
        const bool takesFirst = a != first.end() && (b == second.end() || a->key <= b->key);
        const bool takesSecond = b != second.end() && (a == first.end() || b->key <= a->key);
        const Place aEnd = takesFirst ? endOfKey(a, first.end()) : a;
        const Place bEnd = takesSecond ? endOfKey(b, second.end()) : b;
        compareGroup(a, aEnd, b, bEnd, isKeyed, found);
        a = aEnd;
        b = bEnd;
    }
}

} // namespace

RowDigests::RowDigests(qsizetype kept)
    : m_keptMost(kept)
{
}

Result<void> RowDigests::add(Side side, const RowDigest &digest)
{
    m_parts[digest.key[0] % partCount].digests.at(size_t(side)).push_back(digest);
    return ++m_kept < m_keptMost ? Result<void>() : writeOut();
}

Result<void> RowDigests::writeOut()
{
    if (!m_file) {
        m_file = std::make_unique<QTemporaryFile>(QDir::temp().filePath(QStringLiteral("roost-compare-XXXXXX")));
        if (!m_file->open()) {
            return failure(fileError());
        }
    }
    for (Part &part : m_parts) {
        for (size_t side = 0; side < part.digests.size(); ++side) {
            Digests &digests = part.digests.at(side);
            if (digests.empty()) {
                continue;
            }
            const auto bytes = qint64(digests.size() * sizeof(RowDigest));
            if (m_file->write(reinterpret_cast<const char *>(digests.data()), bytes) != bytes) {
                return failure(fileError());
            }
            part.written.at(side) += Extent{m_end, qint64(digests.size())};
            m_end += bytes;
            digests.clear();
        }
    }
    m_kept = 0;
    return m_file->flush() ? Result<void>() : failure(fileError());
}

Result<void> RowDigests::readBack(Part &part, size_t side)
{
    Digests &digests = part.digests.at(side);
    for (const Extent &extent : std::as_const(part.written.at(side))) {
        const size_t at = digests.size();
        digests.resize(at + size_t(extent.count));
        const auto bytes = extent.count * qint64(sizeof(RowDigest));
        if (!m_file->seek(extent.offset) || m_file->read(reinterpret_cast<char *>(&digests[at]), bytes) != bytes) {
            return failure(fileError());
        }
    }
    return {};
}

Result<void> RowDigests::compare(bool isKeyed, const Found &found)
{
    for (Part &part : m_parts) {
        for (const size_t side : {0U, 1U}) {
            if (const Result<void> read = readBack(part, side); !read) {
                return read;
            }
            std::sort(part.digests.at(side).begin(), part.digests.at(side).end(), comesBefore);
        }
        comparePart(part.digests[0], part.digests[1], isKeyed, found);
        part = {};
    }
    return {};
}

Error RowDigests::fileError() const
{
    const bool isFull = m_file->error() == QFileDevice::ResourceError || errno == ENOSPC;
    return {isFull ? ErrorCode::DiskFull : ErrorCode::FileFailed,
            Text::tr("The rows could not be compared: a temporary file in %1 cannot be written or read, probably for "
                     "want of room. Nothing was changed anywhere. Make room there, or set TMPDIR to another folder, "
                     "and compare again.")
                .arg(QDir::tempPath()),
            m_file->errorString(),
            {}};
}

} // namespace Roost

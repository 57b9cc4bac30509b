#pragma once

#include "core/result.h"

#include <QList>
#include <QTemporaryFile>

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace Roost {

/// A row as it is compared: hashes of its key and of all its values, and where it stands in its table.
struct RowDigest
{
    std::array<quint64, 2> key{};
    quint64 row = 0;
    qint64 place = 0; ///< by which its side finds it again; not negative, and in the order of the table
};

/// A row in which two tables differ, by its place in each; -1: it is not there.
struct DigestDifference
{
    qint64 before = -1;
    qint64 after = -1;
};

/// Holds two tables of any length against each other by the digests of their rows, whatever order they come in. Memory
/// stays small: many digests go to a temporary file, which has no name and holds hashes only. On one thread.
class RowDigests
{
public:
    enum class Side { First, Second };

    /// `kept`: how many digests stay in memory before they are written out.
    explicit RowDigests(qsizetype kept = qsizetype(1) << 20);

    /// DiskFull, FileFailed.
    [[nodiscard]] Result<void> add(Side side, const RowDigest &digest);
    /// Once, after the last add(). Rows with one key are first paired with their equals; what is then left is paired,
    /// and changed, if `isKeyed`, and else added or removed.
    [[nodiscard]] Result<void> compare(bool isKeyed, const std::function<void(const DigestDifference &)> &found);

private:
    static constexpr size_t partCount = 64; ///< by key, so that each part can be compared by itself, in memory
    using Digests = std::vector<RowDigest>;
    struct Extent
    {
        qint64 offset = 0;
        qint64 count = 0;
    };
    struct Part
    {
        std::array<Digests, 2> digests;
        std::array<QList<Extent>, 2> written;
    };

    [[nodiscard]] Result<void> writeOut();
    [[nodiscard]] Result<void> readBack(Part &part, size_t side);
    [[nodiscard]] Error fileError() const;

    std::vector<Part> m_parts{partCount};
    std::unique_ptr<QTemporaryFile> m_file;
    qsizetype m_keptMost;
    qsizetype m_kept = 0;
    qint64 m_end = 0; ///< of the file
};

} // namespace Roost

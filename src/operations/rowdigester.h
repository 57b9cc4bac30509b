#pragma once

#include "operations/copytext.h"
#include "operations/rowdigests.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QList>

#include <array>
#include <vector>

namespace Roost {

/// Turns the values of a row into its digest, in such a way that the same value gives the same digest whichever session
/// printed it: points in time are taken for what they are, whatever the zone they were printed in, and floating-point
/// numbers by their bits. On one thread.
class RowDigester
{
public:
    /// `types`: of each column the built-in type below all domains, or 0. The first `keyColumns` are the key; none:
    /// the whole row is.
    RowDigester(QList<unsigned> types, qsizetype keyColumns);

    [[nodiscard]] RowDigest digest(const std::vector<CopyTextLine::Cell> &cells, qint64 place);
    /// Of one value, to tell which of a row's values differ.
    [[nodiscard]] quint64 digest(const CopyTextLine::Cell &cell, qsizetype column);

private:
    void append(const CopyTextLine::Cell &cell, qsizetype column);
    std::array<quint64, 2> hashed();

    QList<unsigned> m_types;
    qsizetype m_keyColumns;
    QByteArray m_bytes;
    QCryptographicHash m_hash{QCryptographicHash::Md5};
};

} // namespace Roost

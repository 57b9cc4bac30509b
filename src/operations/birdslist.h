#pragma once

#include <QByteArray>
#include <QString>

namespace Roost {

/// What an answer of /birds says, whatever the order of its birds and of their fields.
struct BirdsList
{
    int count = -1; ///< -1: it is no JSON list
    QString sha256; ///< of the list, sorted; of the bytes as they are where it is none
};

[[nodiscard]] BirdsList birdsListOf(const QByteArray &body);

} // namespace Roost

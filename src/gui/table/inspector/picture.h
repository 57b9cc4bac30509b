#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>
#include <QString>

namespace Roost {

/// A picture as it is shown small.
struct Picture
{
    QString format; ///< "PNG"; empty when the bytes are no picture that is known
    QSize size;     ///< its own
    QImage image;   ///< scaled down; null with a problem
    QString problem;
};

/// What kind of picture bytes are, by how they begin: "PNG", "JPEG", "GIF", "BMP", "WebP", "SVG"; empty for none.
[[nodiscard]] QString pictureFormat(const QByteArray &bytes);
/// Decodes, not larger than `most`. Blocking: off the GUI thread. Too large ones are refused, with a reason.
[[nodiscard]] Picture readPicture(const QByteArray &bytes, const QSize &most);

} // namespace Roost

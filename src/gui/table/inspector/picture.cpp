#include "gui/table/inspector/picture.h"

#include "models/plaintext.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>
#include <QPainter>
#include <QSvgRenderer>
#include <QtEndian>

namespace Roost {

namespace {

/// Only for tr().
struct Pictures
{
    Q_DECLARE_TR_FUNCTIONS(Roost::Picture)
};

constexpr qint64 mostPixels = 64'000'000;     ///< a quarter of a gigabyte, decoded
constexpr qsizetype largestSvg = 1024 * 1024; ///< its drawing cannot be stopped

bool isBmp(const QByteArray &bytes)
{
    constexpr qsizetype headers = 26;
    if (!bytes.startsWith("BM") || bytes.size() < headers) {
        return false;
    }
    switch (qFromLittleEndian<quint32>(bytes.constData() + 14)) { // the second header says its own size
    case 12:
    case 40:
    case 52:
    case 56:
    case 64:
    case 108:
    case 124:
        return true;
    default:
        return false;
    }
}

bool isSvg(const QByteArray &bytes)
{
    constexpr qsizetype enough = 1024;
    QByteArray start = bytes.left(enough);
    if (start.startsWith("\xEF\xBB\xBF")) {
        start.remove(0, 3);
    }
    start = start.trimmed();
    return start.startsWith("<svg") ||
           ((start.startsWith("<?xml") || start.startsWith("<!--") || start.startsWith("<!DOCTYPE svg")) &&
            start.contains("<svg"));
}

Picture readSvg(const QByteArray &bytes, const QSize &most)
{
    Picture picture;
    picture.format = QStringLiteral("SVG");
    if (bytes.size() > largestSvg) {
        picture.problem = Pictures::tr("An SVG of more than %1 is not drawn here.").arg(sizeText(largestSvg));
        return picture;
    }
    QSvgRenderer renderer(bytes);
    picture.size = renderer.defaultSize();
    if (!renderer.isValid() || picture.size.isEmpty()) {
        picture.problem = Pictures::tr("It begins as an SVG, but it cannot be drawn.");
        return picture;
    }
    picture.image = QImage(picture.size.scaled(most, Qt::KeepAspectRatio), QImage::Format_ARGB32_Premultiplied);
    picture.image.fill(Qt::transparent);
    QPainter painter(&picture.image);
    renderer.render(&painter);
    return picture;
}

} // namespace

QString pictureFormat(const QByteArray &bytes)
{
    if (bytes.startsWith("\x89PNG\r\n\x1a\n")) {
        return QStringLiteral("PNG");
    }
    if (bytes.startsWith("\xFF\xD8\xFF")) {
        return QStringLiteral("JPEG");
    }
    if (bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a")) {
        return QStringLiteral("GIF");
    }
    if (bytes.startsWith("RIFF") && bytes.mid(8, 4) == "WEBP") {
        return QStringLiteral("WebP");
    }
    if (isBmp(bytes)) {
        return QStringLiteral("BMP");
    }
    return isSvg(bytes) ? QStringLiteral("SVG") : QString();
}

Picture readPicture(const QByteArray &bytes, const QSize &most)
{
    Picture picture;
    picture.format = pictureFormat(bytes);
    if (picture.format.isEmpty()) {
        return picture;
    }
    if (picture.format == QStringLiteral("SVG")) {
        return readSvg(bytes, most);
    }
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, picture.format.toLower().toLatin1());
    if (!reader.canRead()) {
        picture.problem =
            QImageReader::supportedImageFormats().contains(picture.format.toLower().toLatin1())
                ? Pictures::tr("It begins as a %1 picture, but it cannot be read.").arg(picture.format)
                : Pictures::tr("%1 pictures cannot be shown on this computer. Save it to a file to look at it.")
                      .arg(picture.format);
        return picture;
    }
    reader.setAutoTransform(true);
    picture.size = reader.size();
    if (picture.size.isValid() && qint64(picture.size.width()) * picture.size.height() > mostPixels) {
        picture.problem = Pictures::tr("%1 × %2 pixels are too many to be shown here. Save it to a file to look at it.")
                              .arg(picture.size.width())
                              .arg(picture.size.height());
        return picture;
    }
    if (picture.size.isValid() && (picture.size.width() > most.width() || picture.size.height() > most.height())) {
        reader.setScaledSize(picture.size.scaled(most, Qt::KeepAspectRatio));
    }
    picture.image = reader.read();
    if (picture.image.isNull()) {
        picture.problem = Pictures::tr("The picture cannot be read: %1.").arg(reader.errorString());
    } else if (!picture.size.isValid()) {
        picture.size = picture.image.size();
    }
    return picture;
}

} // namespace Roost

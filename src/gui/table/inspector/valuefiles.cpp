#include "gui/table/inspector/valuefiles.h"

#include "models/plaintext.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QStringDecoder>

namespace Roost {

namespace {

/// Only for tr().
struct Files
{
    Q_DECLARE_TR_FUNCTIONS(Roost::ValueFiles)
};

constexpr qsizetype piece = 1024 * 1024;

tl::unexpected<Error> fileFailed(const QString &what, const QString &file, const QString &detail)
{
    return failure(ErrorCode::FileFailed, what.arg(QDir::toNativeSeparators(file)), detail);
}

} // namespace

QByteArray bytesOf(const QString &hex)
{
    return hex.startsWith(QStringLiteral("\\x")) ? QByteArray::fromHex(QStringView(hex).mid(2).toLatin1())
                                                 : QByteArray();
}

Result<qint64> saveValue(const QString &value, bool isBytes, const QString &file, JobContext &context)
{
    QSaveFile target(file);
    const QString couldNot = Files::tr("“%1” could not be written. Is the folder there, and is there room?");
    if (!target.open(QIODevice::WriteOnly)) {
        return fileFailed(couldNot, file, target.errorString());
    }
    const QByteArray bytes = isBytes ? bytesOf(value) : value.toUtf8();
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
        const qsizetype size = qMin(piece, bytes.size() - at);
        if (target.write(bytes.constData() + at, size) != size) {
            return fileFailed(couldNot, file, target.errorString());
        }
        context.report({Files::tr("Writing"), at + size, bytes.size(), sizeText(at + size)});
    }
    if (!target.commit()) {
        return fileFailed(couldNot, file, target.errorString());
    }
    return bytes.size();
}

Result<QString> loadValue(const QString &file, bool isBytes, JobContext &context)
{
    QFile source(file);
    const QString couldNot = Files::tr("“%1” could not be read.");
    if (!source.open(QIODevice::ReadOnly)) {
        return fileFailed(couldNot, file, source.errorString());
    }
    if (source.size() > largestValueFile) {
        return failure(ErrorCode::InvalidInput,
                       Files::tr("“%1” is %2 large; a cell takes at most %3 from here.")
                           .arg(QDir::toNativeSeparators(file), sizeText(source.size()), sizeText(largestValueFile)));
    }
    QByteArray bytes;
    bytes.reserve(qsizetype(source.size()));
    while (!source.atEnd()) {
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
        const QByteArray read = source.read(piece);
        if (read.isEmpty()) {
            return fileFailed(couldNot, file, source.errorString());
        }
        bytes += read;
        context.report({Files::tr("Reading"), bytes.size(), source.size(), sizeText(bytes.size())});
    }
    if (isBytes) {
        return QStringLiteral("\\x") + QString::fromLatin1(bytes.toHex());
    }
    if (const qsizetype at = bytes.indexOf('\0'); at >= 0) {
        return failure(ErrorCode::InvalidInput, Files::tr("“%1” is no text that PostgreSQL can hold: byte %2 is NUL.")
                                                    .arg(QDir::toNativeSeparators(file))
                                                    .arg(at + 1));
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = decoder(bytes);
    if (decoder.hasError()) {
        return failure(ErrorCode::InvalidInput,
                       Files::tr("“%1” is not written in UTF-8. Save it as UTF-8 and try again.")
                           .arg(QDir::toNativeSeparators(file)));
    }
    return text;
}

} // namespace Roost

#include "operations/importfile.h"

#include "operations/importtext.h"

#include <QFileInfo>
#include <QLocale>

#include <cstring>

namespace Roost {

namespace {

constexpr qint64 pieceBytes = qint64(1) << 20;
/// PostgreSQL takes no line of a gigabyte or more.
constexpr qint64 longestLine = (qint64(1) << 30) - 1024;

tl::unexpected<Error> cannotRead(const QString &path, const QString &why)
{
    return failure(ErrorCode::FileFailed, ImportText::tr("The file %1 could not be read: %2").arg(path, why));
}

} // namespace

ImportFile::ImportFile(const QString &path, TextEncoding encoding)
    : m_file(path)
    , m_encoding(encoding)
    , m_decoder(encoding)
{
}

Result<std::unique_ptr<ImportFile>> ImportFile::open(const QString &path, TextEncoding encoding)
{
    const QFileInfo info(path);
    if (!info.exists()) {
        return failure(ErrorCode::NotFound, ImportText::tr("There is no file %1.").arg(path));
    }
    if (!info.isFile()) {
        return failure(ErrorCode::InvalidInput,
                       ImportText::tr("%1 is no regular file. Save what is to be imported to one first.").arg(path));
    }
    std::unique_ptr<ImportFile> file(new ImportFile(path, encoding));
    if (!file->m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        return cannotRead(path, file->m_file.errorString());
    }
    file->m_size = file->m_file.size();
    file->m_modified = QFileInfo(file->m_file).lastModified();
    const QByteArray mark = byteOrderMark(encoding);
    if (!mark.isEmpty() && file->m_file.read(mark.size()) == mark) {
        file->m_bytesRead = mark.size();
    } else {
        file->m_file.seek(0);
    }
    return file;
}

Result<void> ImportFile::readMore()
{
    // A line that does not end is read in ever larger pieces.
    const qint64 wanted = qMax<qint64>(pieceBytes, m_text.size());
    const bool isUtf8 = m_encoding == TextEncoding::Utf8;
    QByteArray raw;
    const qsizetype before = m_text.size();
    QByteArray &into = isUtf8 ? m_text : raw;
    const qsizetype from = into.size();
    into.resize(from + wanted);
    const qint64 got = m_file.read(into.data() + from, wanted);
    into.resize(from + qMax<qint64>(got, 0));
    if (got < 0) {
        return cannotRead(m_file.fileName(), m_file.errorString());
    }
    m_bytesRead += got;
    m_isAtEnd = got == 0;
    const bool isText = isUtf8 || (m_isAtEnd ? m_decoder.finish() : m_decoder.decode(raw, m_text));
    if (!isText) {
        m_problem = m_decoder.problem();
        m_isAtEnd = true;
    }
    if (m_text.size() - before > 0 && m_lineEnd == 0) {
        findLineEnd();
    }
    return {};
}

/// By the first megabyte: lines that end with a carriage return alone are for files without any line feed.
void ImportFile::findLineEnd()
{
    if (m_text.contains('\n')) {
        m_lineEnd = '\n';
    } else if (m_text.contains('\r') && (m_isAtEnd || m_text.size() >= pieceBytes || m_bytesRead >= m_size)) {
        m_lineEnd = '\r';
    }
}

void ImportFile::check(Block &block) const
{
    qsizetype cut = -1;
    if (const void *nul = std::memchr(block.text.constData(), 0, size_t(block.text.size()))) {
        cut = static_cast<const char *>(nul) - block.text.constData();
        block.problem = ImportText::tr("a NUL character, which PostgreSQL cannot hold in a text; is it a text file?");
    }
    if (m_encoding == TextEncoding::Utf8 && !QByteArrayView(block.text).isValidUtf8()) {
        const qsizetype bad = firstInvalidUtf8(block.text);
        if (bad >= 0 && (cut < 0 || bad < cut)) {
            cut = bad;
            block.problem = ImportText::tr("the byte 0x%1 is no UTF-8. Choose the file's encoding; often it is "
                                           "windows-1252")
                                .arg(QString::number(uchar(block.text.at(bad)), 16).toUpper());
        }
    }
    if (cut >= 0) {
        block.text.truncate(cut);
    }
}

Result<ImportFile::Block> ImportFile::next()
{
    qsizetype end = -1;
    while (!m_isAtEnd) {
        const qsizetype searched = m_text.size();
        if (Result<void> more = readMore(); !more) {
            return failure(more.error());
        }
        end = m_lineEnd == 0 ? -1 : QByteArrayView(m_text).sliced(searched).lastIndexOf(m_lineEnd);
        if (end >= 0) {
            end += searched;
            break;
        }
        if (m_text.size() > longestLine) {
            Block block;
            block.text = m_text.left(0);
            block.problem = ImportText::tr("the line is longer than a gigabyte, more than PostgreSQL takes");
            m_isAtEnd = true;
            m_text.clear();
            return block;
        }
    }
    Block block;
    if (end >= 0) {
        const QByteArray rest = m_text.sliced(end + 1);
        m_text.truncate(end + 1);
        block.text = std::exchange(m_text, rest);
    } else {
        block.text = std::exchange(m_text, {});
        block.problem = std::exchange(m_problem, {});
        if (block.problem.isEmpty() && !block.text.isEmpty()) {
            block.text += m_lineEnd == 0 ? '\n' : m_lineEnd;
        }
    }
    check(block);
    return block;
}

Result<void> ImportFile::checkUnchanged() const
{
    const QFileInfo now(m_file.fileName());
    if (now.size() != m_size || now.lastModified() != m_modified || m_bytesRead != m_size) {
        return failure(ErrorCode::Conflict,
                       ImportText::tr("The file %1 was changed while it was read. Try again when nobody writes to it.")
                           .arg(m_file.fileName()));
    }
    return {};
}

} // namespace Roost

#include "operations/archivesequences.h"

#include "operations/archivescript.h"

#include <QRegularExpression>

namespace Roost {

Result<QMap<QString, SequenceState>> archivedSequences(const ArchiveFile &archive, const ArchiveToc &toc,
                                                       const PgToolchain &toolchain, const JobContext &context)
{
    QList<int> entries;
    for (const ArchiveToc::Entry &entry : toc.entries) {
        if (entry.what.startsWith(QStringLiteral("SEQUENCE SET "))) {
            entries += entry.line.left(entry.line.indexOf(';')).toInt();
        }
    }
    QMap<QString, SequenceState> sequences;
    if (entries.isEmpty()) {
        return sequences;
    }
    QByteArray script;
    const auto end = writeScript(
        archive, toolchain, entries, {}, [&script](QByteArrayView piece) { script += piece; }, context);
    if (!end) {
        return failure(end.error());
    }
    if (!end->succeeded()) {
        return failure(end->explain({}));
    }
    static const QRegularExpression set(
        QStringLiteral(R"(^SELECT pg_catalog\.setval\('((?:[^']|'')*)', (-?\d+), (true|false)\);$)"),
        QRegularExpression::MultilineOption);
    for (auto it = set.globalMatch(QString::fromUtf8(script)); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString name = match.captured(1).replace(QStringLiteral("''"), QStringLiteral("'"));
        sequences.insert(name, {match.captured(2).toLongLong(), match.captured(3) == u"true"});
    }
    return sequences;
}

} // namespace Roost

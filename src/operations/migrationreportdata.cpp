#include "operations/backup.h"
#include "operations/migrationreportparts.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationReport)
};

constexpr qsizetype mostTables = 400; ///< of one database; the manifest has the others

QJsonObject comparisonOf(const MigrationState &state, const QString &database)
{
    return state.facts.value(MigrationStep::Compare)[u"databases"][database].toObject();
}

QString verdict(const QJsonObject &comparison)
{
    return comparison[u"equal"].toBool() ? Text::tr("equal") : Text::tr("not compared yet");
}

void addTotals(MigrationDocument &page, const MigrationState &state)
{
    QList<QStringList> rows;
    for (const MigrationDatabase &database : state.plan.databases) {
        const QString name = database.properties.name;
        const QJsonObject backup = state.backupOf(name);
        const QJsonObject compared = comparisonOf(state, name);
        const QString as = state.facts.value(MigrationStep::Restore)[u"databases"][name][u"as"].toString(name);
        rows += QStringList{name == as ? name : Text::tr("%1 (now %2)").arg(name, as),
                            QLocale().formattedDataSize(database.sizeBytes, 1, QLocale::DataSizeTraditionalFormat),
                            reportedNumber(backup[u"tables"].toInteger(-1)),
                            reportedNumber(backup[u"rows"].toInteger(-1)),
                            reportedNumber(compared[u"tables"].toInteger(-1)),
                            reportedNumber(compared[u"rows"].toInteger(-1)),
                            verdict(compared)};
    }
    page.addTable({Text::tr("Database"), Text::tr("Size"), Text::tr("Tables before"), Text::tr("Rows before"),
                   Text::tr("Tables now"), Text::tr("Rows now"), Text::tr("Every table")},
                  rows);
}

/// The manifest beside the backup, or beside its second copy.
Result<Manifest> manifestFor(const MigrationState &state, const QString &database)
{
    auto manifest = manifestOf(state.backupOf(database)[u"file"].toString());
    if (!manifest) {
        auto copy = manifestOf(state.secondCopyOf(database)[u"file"].toString());
        return copy ? copy : manifest;
    }
    return manifest;
}

QString sumText(const TableFingerprint &fingerprint)
{
    return QString::fromLatin1(fingerprint.sum);
}

QList<QStringList> tableRows(const Manifest &manifest, bool isEqual)
{
    const auto row = [isEqual](const QString &name, const TableFingerprint &before) {
        const QString none = QStringLiteral("–");
        return QStringList{name, reportedNumber(before.rows), isEqual ? reportedNumber(before.rows) : none,
                           sumText(before), isEqual ? sumText(before) : none};
    };
    QList<QStringList> rows;
    qint64 folded = 0;
    for (auto it = manifest.tables.begin(); it != manifest.tables.end(); ++it) {
        if (rows.size() < mostTables) {
            rows += row(it.key(), it.value());
        } else {
            folded += it.value().rows;
        }
    }
    if (const qsizetype more = manifest.tables.size() - rows.size(); more > 0) {
        rows += QStringList{Text::tr("%n more table(s)", nullptr, int(more)),
                            reportedNumber(folded),
                            isEqual ? reportedNumber(folded) : QStringLiteral("–"),
                            {},
                            {}};
    }
    if (manifest.largeObjects.rows > 0) {
        rows += row(Text::tr("large objects"), manifest.largeObjects);
    }
    return rows;
}

void addTables(MigrationDocument &page, const MigrationState &state, const QString &database)
{
    page.addHeading(database, 3);
    const QJsonObject backup = state.backupOf(database);
    if (backup.isEmpty()) {
        page.addParagraph(Text::tr("Not backed up yet."));
        return;
    }
    const auto manifest = manifestFor(state, database);
    if (!manifest) {
        page.addParagraph(Text::tr("The proof beside the backup cannot be read now: %1").arg(manifest.error().message));
        return;
    }
    const bool isEqual = comparisonOf(state, database)[u"equal"].toBool();
    page.addTable({Text::tr("Table"), Text::tr("Rows before"), Text::tr("Rows now"), Text::tr("Fingerprint before"),
                   Text::tr("Fingerprint now")},
                  tableRows(*manifest, isEqual));
    const QString what = Text::tr("%1 and %2")
                             .arg(Text::tr("%n sequence(s)", nullptr, int(manifest->sequences.size())),
                                  Text::tr("%n other object(s)", nullptr, int(manifest->objects.size())));
    page.addParagraph(isEqual ? Text::tr("%1 (indexes, views, functions and the like) are equal, too.").arg(what)
                              : Text::tr("Besides, %1 (indexes, views, functions and the like).").arg(what));
    if (!manifest->unproven.isEmpty()) {
        page.addList(manifest->unproven);
    }
}

} // namespace

void addReportedData(MigrationDocument &page, const MigrationState &state)
{
    page.addHeading(Text::tr("Databases"));
    addTotals(page, state);
    page.addParagraph(Text::tr(
        "A fingerprint is a sum over the hashes of all rows of a table, whatever their order. “Before” is what "
        "the old instance held at the instant of the backup. “Now” is what the new instance was found to hold "
        "when it was compared with that, table by table."));
    for (const MigrationDatabase &database : state.plan.databases) {
        addTables(page, state, database.properties.name);
    }
}

} // namespace Roost

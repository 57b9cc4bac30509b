#include "operations/rowsource.h"

#include "operations/archivecontents.h"
#include "operations/archiverows.h"
#include "operations/archivetools.h"
#include "operations/backup.h"
#include "operations/databasecompare.h"
#include "postgres/databaseconnection.h"
#include "postgres/manifestreader.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RowSource)
};

using Cells = std::vector<CopyTextLine::Cell>;

constexpr int offsetBits = 16;
constexpr qint64 offsetMask = (qint64(1) << offsetBits) - 1;

/// A row's address, `(block,offset)`, as one number. It stays the same within a snapshot.
qint64 placeOf(QByteArrayView address)
{
    const qsizetype comma = address.indexOf(',');
    return (address.sliced(1, comma - 1).toLongLong() << offsetBits) |
           address.sliced(comma + 1, address.size() - comma - 2).toLongLong();
}

class LiveRows : public RowSource
{
public:
    LiveRows(std::unique_ptr<DatabaseConnection> connection, std::stop_token stop)
        : m_connection(std::move(connection))
        , m_stop(std::move(stop))
    {
    }

    bool isBackup() const override { return false; }
    QString name() const override { return m_connection->parameters().database; }
    Result<Manifest> manifest(std::optional<Manifest::RowHash> hash,
                              const std::function<void(double)> &onProgress) override
    {
        ManifestOptions options;
        options.hash = hash;
        options.onProgress = [&onProgress](qint64 done, qint64 all) {
            onProgress(all > 0 ? double(done) / double(all) : 1);
        };
        return readManifest(*m_connection, options, m_stop);
    }
    Result<QList<DefinedColumn>> columnsOf(const TableId &table) override;
    Result<void> read(const TableId &table, const QStringList &columns, const Row &row) override;
    Result<void> fetch(const TableId &table, const QStringList &columns, const QList<qint64> &places,
                       const Row &row) override;

private:
    Result<void> copy(const TableId &table, const QStringList &columns, const QString &where, const Row &row);

    std::unique_ptr<DatabaseConnection> m_connection;
    std::stop_token m_stop;
};

Result<QList<DefinedColumn>> LiveRows::columnsOf(const TableId &table)
{
    auto rows = m_connection->query(
        QStringLiteral("WITH RECURSIVE below AS (SELECT a.attnum, a.attname, to_jsonb(a) ->> 'attgenerated' AS made, "
                       "a.atttypid AS type FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace "
                       "n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT "
                       "a.attisdropped UNION ALL SELECT b.attnum, b.attname, b.made, t.typbasetype FROM below b JOIN "
                       "pg_type t ON t.oid = b.type WHERE t.typtype = 'd') SELECT DISTINCT ON (b.attnum) b.attname, "
                       "b.made, b.type FROM below b JOIN pg_type t ON t.oid = b.type ORDER BY b.attnum, t.typtype = "
                       "'d'"),
        {table.schema, table.name}, m_stop);
    if (!rows) {
        return failure(rows.error());
    }
    QList<DefinedColumn> columns;
    while (rows->next()) {
        columns +=
            {rows->value(0).toString(), rows->value(2).toString().toUInt(), !rows->value(1).toString().isEmpty()};
    }
    return columns;
}

Result<void> LiveRows::read(const TableId &table, const QStringList &columns, const Row &row)
{
    return copy(table, columns, {}, row);
}

/// By their addresses, so that no others travel.
Result<void> LiveRows::fetch(const TableId &table, const QStringList &columns, const QList<qint64> &places,
                             const Row &row)
{
    QStringList addresses;
    for (const qint64 place : places) {
        addresses += QStringLiteral("\"(%1,%2)\"").arg(place >> offsetBits).arg(place & offsetMask);
    }
    return copy(table, columns,
                QStringLiteral(" WHERE t.ctid = ANY ('{%1}'::tid[])").arg(addresses.join(QStringLiteral(", "))), row);
}

Result<void> LiveRows::copy(const TableId &table, const QStringList &columns, const QString &where, const Row &row)
{
    QStringList wanted{QStringLiteral("t.ctid")};
    for (const QString &column : columns) {
        wanted += QStringLiteral("t.") + quoteIdentifier(column);
    }
    // To end a COPY early is an error to the server, which must not cost the snapshot.
    if (const auto kept = m_connection->execute(QStringLiteral("SAVEPOINT roost_rows"), {}, m_stop); !kept) {
        return failure(kept.error());
    }
    CopyTextLine line;
    Cells cells;
    bool isWanted = true;
    const Result<qint64> copied = m_connection->copyOut(
        QStringLiteral("COPY (SELECT %1 FROM ONLY %2 t%3) TO STDOUT")
            .arg(wanted.join(QStringLiteral(", ")), table.quoted(), where),
        [&](QByteArrayView bytes) {
            line.parse(bytes);
            cells.assign(line.cells().begin() + 1, line.cells().end());
            isWanted = row(placeOf(line.cells().front().text), cells);
            return isWanted;
        },
        m_stop);
    if (copied) {
        return {};
    }
    if (!m_connection->isOpen() || m_stop.stop_requested()) {
        return failure(copied.error());
    }
    const auto back = m_connection->execute(QStringLiteral("ROLLBACK TO SAVEPOINT roost_rows"), {}, m_stop);
    if (!back) {
        return failure(back.error());
    }
    return isWanted ? failure(copied.error()) : Result<void>();
}

/// The file is looked into when the first rows are wanted; until then its manifest is enough.
class ArchivedRows : public RowSource
{
public:
    ArchivedRows(QString file, const JobContext &context)
        : m_file(std::move(file))
        , m_context(context.stopToken())
    {
    }

    bool isBackup() const override { return true; }
    QString name() const override { return QFileInfo(m_file).fileName(); }
    Result<Manifest> manifest(std::optional<Manifest::RowHash>, const std::function<void(double)> &) override;
    Result<QList<DefinedColumn>> columnsOf(const TableId &table) override;
    Result<void> read(const TableId &table, const QStringList &columns, const Row &row) override;
    Result<void> fetch(const TableId &table, const QStringList &columns, const QList<qint64> &places,
                       const Row &row) override;

private:
    Result<void> open();
    Result<ArchiveRows> readRows(const TableId &table, qint64 limit, const ArchiveRowsSink &sink)
    {
        return open().and_then([&] {
            return readArchiveRows({m_file, table, limit}, *m_archive, m_toolchain, m_contents, sink, m_context);
        });
    }

    QString m_file;
    JobContext m_context;
    std::optional<ArchiveFile> m_archive;
    PgToolchain m_toolchain;
    ArchiveContents m_contents;
};

Result<Manifest> ArchivedRows::manifest(std::optional<Manifest::RowHash>, const std::function<void(double)> &)
{
    auto manifest = manifestOf(m_file);
    if (!manifest && manifest.error().code == ErrorCode::NotFound) {
        // Where there is no backup either, that is what is to be said.
        if (const auto archive = ArchiveFile::open(m_file); !archive) {
            return failure(archive.error());
        }
    }
    return manifest;
}

Result<void> ArchivedRows::open()
{
    if (m_archive) {
        return {};
    }
    auto archive = ArchiveFile::open(m_file);
    if (!archive) {
        return failure(archive.error());
    }
    const auto toolchain = toolchainToRead(*archive, m_context);
    if (!toolchain) {
        return failure(toolchain.error());
    }
    auto contents = readArchiveContents(*archive, *toolchain, m_context);
    if (!contents) {
        return failure(contents.error());
    }
    m_toolchain = *toolchain;
    m_contents = std::move(*contents);
    m_archive.emplace(std::move(*archive));
    return {};
}

Result<QList<DefinedColumn>> ArchivedRows::columnsOf(const TableId &table)
{
    if (const Result<void> opened = open(); !opened) {
        return failure(opened.error());
    }
    QList<DefinedColumn> columns = m_contents.definitions.columnsOf(table);
    if (!columns.isEmpty()) {
        return columns;
    }
    // Defined in words that we do not know: the head of its data names the columns.
    const ArchiveRowsSink sink{[&columns](const TableId &, const QList<DefinedColumn> &found) {
                                   columns = found;
                                   return true;
                               },
                               [](const Cells &) { return true; }};
    const auto looked = readRows(table, 0, sink);
    return looked ? Result<QList<DefinedColumn>>(columns) : failure(looked.error());
}

Result<void> ArchivedRows::read(const TableId &table, const QStringList &columns, const Row &row)
{
    std::vector<size_t> places; // of the wanted columns among those that the archive has
    QString missing;
    Cells wanted(size_t(columns.size()));
    const auto begin = [&](const TableId &, const QList<DefinedColumn> &there) {
        for (const QString &column : columns) {
            const auto found = std::find_if(there.begin(), there.end(),
                                            [&column](const DefinedColumn &each) { return each.name == column; });
            if (found == there.end()) {
                missing = column;
                return false;
            }
            places.push_back(size_t(found - there.begin()));
        }
        return true;
    };
    qint64 ordinal = 0;
    const auto take = [&](const Cells &cells) {
        for (size_t i = 0; i < places.size(); ++i) {
            wanted[i] = cells[places[i]];
        }
        return row(ordinal++, wanted);
    };
    const auto rows = readRows(table, -1, {begin, take});
    if (!rows) {
        return failure(rows.error());
    }
    if (!missing.isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("The backup has no values for the column %1, although it defines it. Restore it into "
                                "the practice server, and compare that.")
                           .arg(missing));
    }
    return {};
}

/// A dump can only be read from its front.
Result<void> ArchivedRows::fetch(const TableId &table, const QStringList &columns, const QList<qint64> &places,
                                 const Row &row)
{
    qsizetype next = 0;
    return read(table, columns, [&](qint64 place, const Cells &cells) {
        if (next < places.size() && places.at(next) == place) {
            ++next;
            if (!row(place, cells)) {
                return false;
            }
        }
        return next < places.size();
    });
}

} // namespace

Result<std::unique_ptr<RowSource>> RowSource::open(const ComparedSide &side, const JobContext &context)
{
    if (!side.file.isEmpty()) {
        return std::make_unique<ArchivedRows>(side.file, context);
    }
    const std::stop_token &stop = context.stopToken();
    auto connection = DatabaseConnection::open(side.server, stop);
    if (!connection) {
        return failure(connection.error());
    }
    const auto begun =
        (*connection)->execute(QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), {}, stop);
    if (!begun) {
        return failure(begun.error());
    }
    // The first statement settles what is seen; then the session may wait for the other side as long as it takes.
    const auto patient =
        (*connection)
            ->query(QStringLiteral("SELECT pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)"),
                    {}, stop);
    if (!patient) {
        return failure(patient.error());
    }
    return std::make_unique<LiveRows>(std::move(*connection), stop);
}

} // namespace Roost

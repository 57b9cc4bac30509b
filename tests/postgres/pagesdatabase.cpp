#include "pagesdatabase.h"

namespace Roost::Testing {

namespace {

using From = TableQuery::From;

/// "a", "-b": descending.
QList<SortColumn> sortOf(const QString &columns)
{
    QList<SortColumn> sort;
    for (const QString &name : columns.split(u' ', Qt::SkipEmptyParts)) {
        const bool isDescending = name.startsWith(u'-');
        sort += SortColumn{name.mid(isDescending ? 1 : 0), isDescending};
    }
    return sort;
}

QString line(const RowPage &page, qsizetype row)
{
    QStringList cells;
    for (qsizetype column = 0; column < page.columns.size(); ++column) {
        cells += page.isNull(row, column) ? QStringLiteral("<null>") : page.text(row, column);
    }
    return cells.join(u'|');
}

} // namespace

bool PagesDatabase::start()
{
    if (!m_cluster.start()) {
        return false;
    }
    auto connection = DatabaseConnection::open(spec());
    if (!connection) {
        return false;
    }
    m_connection = std::move(*connection);
    m_cluster.psql(QStringLiteral("CREATE EXTENSION citext; SET ROLE \"%1\";").arg(m_connection->parameters().user) +
                       QStringLiteral(R"(
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN small AS int CHECK (value < 1000);
CREATE TABLE many (
  id bigint PRIMARY KEY, dup int NOT NULL, maybe int, word text, c_word text COLLATE "C" NOT NULL,
  icu_word text COLLATE "de-x-icu", key uuid NOT NULL, m mood, n numeric, f float8, ts timestamptz, d small, flag bool,
  ch char(4), pr pair, bits bit(3), arr int[], ci citext);
INSERT INTO many
SELECT g, g % 5, CASE WHEN g % 4 = 0 THEN NULL ELSE g % 7 END,
       (ARRAY[NULL, '', 'a', 'A', 'ä', 'Z', 'z', 'ss', 'ß', '10', '9'])[1 + g % 11],
       (ARRAY['', 'a', 'A', 'ä', 'Z', 'z', '_', ' ', '~'])[1 + g % 9],
       (ARRAY[NULL, 'a', 'A', 'ä', 'Z', 'z', 'Ä', 'ss', 'ß'])[1 + g % 9],
       md5(g::text)::uuid, (ARRAY[NULL, 'happy', 'sad', 'ok'])[1 + g % 4]::mood,
       (ARRAY['NaN', 'Infinity', '-Infinity', NULL, '1.0', '1.00', '0', '-1e50'])[1 + g % 8]::numeric,
       (ARRAY['NaN', 'Infinity', '-Infinity', NULL, '0.1', '-0', '0', '1e-300'])[1 + g % 8]::float8,
       (ARRAY['infinity', '-infinity', NULL, '2026-01-02 03:04:05.123456+00', '2026-01-02 03:04:05.123457+00',
              '0044-03-15 12:00:00+00 BC'])[1 + g % 6]::timestamptz,
       g % 6, (ARRAY[true, false, NULL])[1 + g % 3], (ARRAY['a', 'ab', NULL, ' x'])[1 + g % 4],
       CASE WHEN g % 5 = 0 THEN NULL ELSE ROW(g % 3, NULLIF(g % 2, 0)::text)::pair END, (g % 8)::bit(3),
       CASE WHEN g % 3 = 0 THEN NULL ELSE ARRAY[g % 4, g % 2] END, (ARRAY[NULL, 'b', 'B', 'a', 'A'])[1 + g % 5]
  FROM generate_series(1, 100) g;
CREATE TABLE two (b text, a int, v text, PRIMARY KEY (a, b));
INSERT INTO two SELECT chr(97 + g % 9), g / 9, CASE WHEN g % 3 > 0 THEN 'v' || g % 3 END FROM generate_series(1, 80) g;
CREATE TABLE texts (k text COLLATE "de-x-icu" PRIMARY KEY);
INSERT INTO texts SELECT DISTINCT chr(33 + g) || chr(33 + g * 7 % 90) FROM generate_series(1, 90) g;
CREATE TABLE keyless (a int, t text);
INSERT INTO keyless SELECT CASE WHEN g % 9 = 0 THEN NULL ELSE g % 4 END, repeat('x', g % 900) FROM generate_series(1, 400) g;
CREATE TABLE holes (a int, t text);
INSERT INTO holes SELECT g, repeat('x', 300) FROM generate_series(1, 3000) g;
CREATE TABLE no_rows (a int);
CREATE MATERIALIZED VIEW stored AS SELECT * FROM many WHERE id <= 50;
CREATE VIEW seen AS SELECT id, word FROM many;
CREATE TABLE parent (a int);
CREATE TABLE child () INHERITS (parent);
INSERT INTO parent SELECT generate_series(1, 20);
INSERT INTO child SELECT generate_series(21, 40);
CREATE TABLE "Odd ""%1""" ("select" int, "%2 ""x""" text, "Odd ""%1""" int, PRIMARY KEY ("Odd ""%1""", "%2 ""x"""));
INSERT INTO "Odd ""%1""" SELECT g % 5, 'k' || g, g % 3 FROM generate_series(1, 40) g;
CREATE TABLE big (id bigint PRIMARY KEY, a int NOT NULL, n int, t text);
INSERT INTO big SELECT g, g % 1000, CASE WHEN g % 10 > 0 THEN g % 777 END, 't' || g FROM generate_series(1, 30000) g;
CREATE INDEX ON big (a, id);
CREATE INDEX ON big (n, id);
ANALYZE big, keyless, stored;
)"),
                   name());
    m_cluster.psql(QStringLiteral("DELETE FROM holes WHERE a BETWEEN 500 AND 2950 OR a < 20; VACUUM (TRUNCATE false) "
                                  "holes; ANALYZE holes"),
                   name());
    const auto relations = CatalogReader::relations(*m_connection);
    m_relations = relations ? *relations : QList<RelationInfo>();
    return !m_relations.isEmpty();
}

TableQuery PagesDatabase::query(const QString &table, const QString &sort) const
{
    TableQuery query;
    for (const RelationInfo &relation : m_relations) {
        if (relation.id.name == table) {
            query.table = relation.id;
            query.kind = relation.kind;
            query.columns = relation.columns;
            query.keyColumns = relation.keyColumns;
            query.hasInheritors = relation.hasInheritors;
        }
    }
    query.serverVersion = m_connection->server().version;
    query.sort = sortOf(sort);
    query.limit = 7;
    return query;
}

RowPage PagesDatabase::fetch(const TableQuery &query)
{
    auto page = fetchPage(*m_connection, query);
    if (!page) {
        qFatal("%s\n%s\n%s", qPrintable(page.error().message), qPrintable(page.error().detail),
               qPrintable(query.statement().sql));
    }
    return std::move(*page);
}

QStringList PagesDatabase::lines(const RowPage &page)
{
    QStringList all;
    for (qsizetype row = 0; row < page.rowCount(); ++row) {
        all += line(page, row);
    }
    return all;
}

QStringList PagesDatabase::walk(TableQuery pages, bool backward)
{
    QStringList all;
    pages.from = backward ? From::Last : From::First;
    while (true) {
        const RowPage page = fetch(pages);
        all = backward ? lines(page) + all : all + lines(page);
        if (!page.hasMore || page.rowCount() == 0) {
            return all;
        }
        pages.from = backward ? From::Before : From::After;
        pages.bound = page.bound(backward ? 0 : page.rowCount() - 1);
    }
}

QStringList PagesDatabase::psqlLines(const QString &sql) const
{
    const QString out = m_cluster.psql(
        QStringLiteral("SET timezone = 'UTC'; SET extra_float_digits = 3;\n\\pset null '<null>'\n") + sql, name());
    return out.isEmpty() ? QStringList() : out.split(u'\n');
}

} // namespace Roost::Testing

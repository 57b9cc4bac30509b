#pragma once

#include <QString>

namespace Roost::Testing {

/// SQL for the table that pages are measured on: eight columns, analysed, with its primary key.
[[nodiscard]] inline QString bigTableSql(const QString &name, qint64 rows)
{
    return QStringLiteral(
               "CREATE UNLOGGED TABLE %1 (id bigint, u uuid, name text, amount numeric, seen_at timestamptz, "
               "flag boolean, facts jsonb, note text);\n"
               "INSERT INTO %1 SELECT g, md5(g::text)::uuid, 'name of row ' || g, g * 1.01, "
               "'2026-01-01'::timestamptz + g * interval '1 s', g % 2 = 0, "
               "jsonb_build_object('kind', g % 7, 'tags', ARRAY['a', 'b'], 'weight', g / 3), "
               "CASE WHEN g % 3 > 0 THEN 'a note on row ' || g || ', as notes go' END "
               "FROM generate_series(1, %2) g;\n"
               "ALTER TABLE %1 ADD PRIMARY KEY (id);\nVACUUM ANALYZE %1;\n")
        .arg(name, QString::number(rows));
}

} // namespace Roost::Testing

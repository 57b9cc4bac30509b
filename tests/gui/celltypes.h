#pragma once

#include "models/rowsfixture.h"
#include "support/typevalues.h"

#include <QString>

namespace Roost::Testing {

/// A type of typevalues.h, and another value of it to change each of them to.
struct OtherValue
{
    const char *type;
    const char *expression;
};

inline constexpr OtherValue otherValues[] = {
    {"smallint", "7"},
    {"integer", "-5"},
    {"bigint", "9223372036854775807"},
    {"numeric", "-0.00010"},
    {"numeric(20,6)", "99.000001"},
    {"real", "1e-30"},
    {"double precision", "0.30000000000000004::float8 + 1"},
    {"boolean", "false"},
    {"text", "E'other\\n äöü 🐦'"},
    {"character varying(160)", "'andere'"},
    {"character(5)", "'xyz'"},
    {"\"char\"", "'y'"},
    {"name", "'nests'"},
    {"bytea", "'\\xdeadbeef00'"},
    {"date", "'1999-12-31'"},
    {"time", "'00:00:00.000001'"},
    {"time with time zone", "'23:59:59-11'"},
    {"timestamp", "'1999-12-31 23:59:59.000001'"},
    {"timestamptz", "'1999-12-31 23:59:59.000001+00'"},
    {"interval", "'-3 days +00:00:01.5'"},
    {"uuid", "'00000000-0000-0000-0000-000000000001'"},
    {"json", "'[1,  1.0, {\"a\":1, \"a\":2}, 12345678901234567890123.10]'"},
    {"jsonb", "'[12345678901234567890123.10, null]'"},
    {"jsonpath", "'$.b'"},
    {"xml", "'<b/>'"},
    {"integer[]", "'{3,NULL,1}'"},
    {"text[]", "ARRAY['', NULL, 'x\"y', E'a\\nb']"},
    {"timestamp[]", "ARRAY['infinity'::timestamp]"},
    {"int4range", "'[5,7)'"},
    {"numrange", "'(,1.5]'"},
    {"tstzrange", "'(,2026-01-01 00:00+00)'"},
    {"int4multirange", "'{[20,30)}'"},
    {"datemultirange", "'{[2026-01-01,2026-02-01)}'"},
    {"mood", "'happy'"},
    {"mood[]", "ARRAY['sad']::mood[]"},
    {"posint", "7"},
    {"addr", "ROW('', 1, 'x,y')"},
    {"addr[]", "ARRAY[ROW('b',2,'\"')]::addr[]"},
    {"money", "1.01"},
    {"bit(5)", "B'00001'"},
    {"bit varying(20)", "B''"},
    {"inet", "'10.0.0.1'"},
    {"cidr", "'192.168.1.0/24'"},
    {"macaddr", "'00-00-00-00-00-01'"},
    {"macaddr8", "'00:00:00:00:00:00:00:01'"},
    {"tsvector", "'cat:3 dog'"},
    {"tsquery", "'a | b'"},
    {"point", "'(0.1,2)'"},
    {"line", "'{1,0,-3}'"},
    {"lseg", "'[(0,0),(2,1)]'"},
    {"box", "'(3,3),(0.5,0)'"},
    {"path", "'((0,0),(1,1))'"},
    {"polygon", "'((0,0),(3,1),(2,0))'"},
    {"circle", "'<(1,2),0.5>'"},
    {"oid", "42"},
    {"regclass", "'pg_type'"},
    {"regtype", "'text'"},
    {"pg_lsn", "'0/1'"},
    {"xid8", "'12'"},
    {"txid_snapshot", "'1:2:'"},
};

inline QString otherValue(const char *type)
{
    for (const OtherValue &other : otherValues) {
        if (qstrcmp(other.type, type) == 0) {
            return QString::fromUtf8(other.expression);
        }
    }
    return {};
}

/// The types of the list that are not built in.
inline QString typesSetup()
{
    QStringList statements{QStringLiteral("SET ROLE my_database_user")};
    for (const char *statement : valueTypes) {
        statements += QString::fromUtf8(statement);
    }
    return statements.join(u';');
}

/// The one value of a statement as a session of Roost's prints it, read by psql.
inline QString psqlValue(const RowsFixture &fixture, const QString &sql)
{
    return fixture.psql(
        QStringLiteral("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
                       "SET bytea_output = 'hex'; SET extra_float_digits = 1; %1")
            .arg(sql));
}

/// A value as the lists of booleans and enums show it.
inline QString choiceText(const QString &type, const QString &value)
{
    return type != QStringLiteral("boolean") ? value
           : value == QStringLiteral("t")    ? QStringLiteral("true")
                                             : QStringLiteral("false");
}

} // namespace Roost::Testing

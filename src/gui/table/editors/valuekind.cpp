#include "gui/table/editors/valuekind.h"

namespace Roost {

namespace {

// The numbers of built-in types, the same on every server.
constexpr unsigned boolOid = 16;
constexpr unsigned byteaOid = 17;
constexpr unsigned charOid = 18;
constexpr unsigned textOid = 25;
constexpr unsigned jsonOid = 114;
constexpr unsigned xmlOid = 142;
constexpr unsigned bpcharOid = 1042;
constexpr unsigned varcharOid = 1043;
constexpr unsigned dateOid = 1082;
constexpr unsigned timestampOid = 1114;
constexpr unsigned timestamptzOid = 1184;
constexpr unsigned jsonbOid = 3802;

} // namespace

ValueKind valueKindOf(const RowColumn &column)
{
    switch (column.baseOid) {
    case boolOid:
        return ValueKind::Boolean;
    case byteaOid:
        return ValueKind::Bytes;
    case jsonOid:
    case jsonbOid:
        return ValueKind::Json;
    case dateOid:
        return ValueKind::Date;
    case timestampOid:
        return ValueKind::Timestamp;
    case timestamptzOid:
        return ValueKind::TimestampZone;
    case textOid:
    case xmlOid:
    case bpcharOid:
    case varcharOid:
        return ValueKind::Text;
    default:
        break;
    }
    if (column.category == 'A') {
        return ValueKind::Array;
    }
    if (column.category == 'E') {
        return ValueKind::Enum;
    }
    if (column.isNumeric) {
        return ValueKind::Number;
    }
    return column.category == 'S' && column.mayBeLong ? ValueKind::Text : ValueKind::Other; // citext, say
}

bool isJsonb(const RowColumn &column)
{
    return column.baseOid == jsonbOid;
}

bool mayBeEmptyText(const RowColumn &column)
{
    // bytea, bit strings, tsvector and multiranges have an empty value too, and so may types that we do not know.
    switch (valueKindOf(column)) {
    case ValueKind::Text:
    case ValueKind::Bytes:
        return true;
    case ValueKind::Enum:
    case ValueKind::Other:
        return column.baseOid == charOid ||
               !(column.category == 'T' || column.category == 'I' || column.category == 'G' || column.category == 'R');
    default:
        return false;
    }
}

} // namespace Roost

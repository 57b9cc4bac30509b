#include "operations/jsontext.h"

#include <cstdio>

namespace Roost {

namespace {

/// The largest integer that every reader of JSON keeps: they use double precision.
constexpr qint64 largestCommonInteger = 9007199254740991;

bool isCommonInteger(QByteArrayView text)
{
    constexpr int safeDigits = 15;
    if (text.size() <= safeDigits) {
        return true;
    }
    const qint64 value = text.toByteArray().toLongLong();
    return value >= -largestCommonInteger && value <= largestCommonInteger;
}

} // namespace

JsonForm jsonFormOf(unsigned typeOid)
{
    switch (typeOid) { // pg_type.dat: the built-in types have the same numbers everywhere
    case 16:
        return JsonForm::Boolean;
    case 20:
        return JsonForm::BigInteger;
    case 21:
    case 23:
        return JsonForm::SmallInteger;
    case 700:
    case 701:
        return JsonForm::Float;
    case 114:
    case 3802:
        return JsonForm::Embedded;
    default:
        return JsonForm::String;
    }
}

void appendJsonString(QByteArray &json, QByteArrayView utf8)
{
    json += '"';
    qsizetype plainFrom = 0;
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const auto c = uchar(utf8[i]);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            continue;
        }
        json.append(utf8.sliced(plainFrom, i - plainFrom));
        plainFrom = i + 1;
        switch (c) {
        case '"':
        case '\\':
            json += '\\';
            json += char(c);
            break;
        case '\n':
            json += "\\n";
            break;
        case '\t':
            json += "\\t";
            break;
        case '\r':
            json += "\\r";
            break;
        default: {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", unsigned(c));
            json += escape;
        }
        }
    }
    json.append(utf8.sliced(plainFrom));
    json += '"';
}

void appendJsonValue(QByteArray &json, QByteArrayView utf8, JsonForm form, bool oneLine)
{
    bool isBare = false;
    switch (form) {
    case JsonForm::Boolean:
        json += utf8 == QByteArrayView("t") ? "true" : "false";
        return;
    case JsonForm::SmallInteger:
        isBare = true;
        break;
    case JsonForm::BigInteger:
        isBare = isCommonInteger(utf8);
        break;
    case JsonForm::Float:
        isBare = !utf8.endsWith('y') && utf8 != QByteArrayView("NaN"); // Infinity, -Infinity
        break;
    case JsonForm::Embedded: {
        // Inside its strings a line end is always an escape, so only blanks between tokens can be meant.
        const qsizetype from = json.size();
        json.append(utf8);
        if (oneLine) {
            for (qsizetype i = from; i < json.size(); ++i) {
                if (json.at(i) == '\n' || json.at(i) == '\r') {
                    json[i] = ' ';
                }
            }
        }
        return;
    }
    case JsonForm::String:
        break;
    }
    if (isBare) {
        json.append(utf8);
    } else {
        appendJsonString(json, utf8);
    }
}

} // namespace Roost

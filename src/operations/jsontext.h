#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Roost {

/// How a type's text goes into JSON so that no value changes on the way: smallint, integer, real and double precision
/// as numbers (NaN and Infinity as strings), bigint as a number as far as every reader keeps it, boolean as true and
/// false, json as it is, everything else as a string.
enum class JsonForm { String, SmallInteger, BigInteger, Float, Boolean, Embedded };
[[nodiscard]] JsonForm jsonFormOf(unsigned typeOid);

/// With quotes; nothing changes but for the escapes that JSON needs.
void appendJsonString(QByteArray &json, QByteArrayView utf8);
/// A value of the server's text. `oneLine`: line ends between the tokens of a json value become blanks.
void appendJsonValue(QByteArray &json, QByteArrayView utf8, JsonForm form, bool oneLine);

} // namespace Roost

#include "postgres/statementparameters.h"

#include <QCoreApplication>

#include <cmath>

namespace Roost {

namespace {

struct Parameters
{
    Q_DECLARE_TR_FUNCTIONS(StatementParameters)
};

QByteArray encodeDouble(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "Infinity" : "-Infinity";
    }
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

Result<QByteArray> encodeValue(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::QString:
        return encodeText(value.toString());
    case QMetaType::QByteArray:
        return "\\x" + value.toByteArray().toHex();
    case QMetaType::Bool:
        return QByteArray(value.toBool() ? "t" : "f");
    case QMetaType::Short:
    case QMetaType::Int:
    case QMetaType::Long:
    case QMetaType::LongLong:
        return QByteArray::number(value.toLongLong());
    case QMetaType::UShort:
    case QMetaType::UInt:
    case QMetaType::ULong:
    case QMetaType::ULongLong:
        return QByteArray::number(value.toULongLong());
    case QMetaType::Double:
        return encodeDouble(value.toDouble());
    default:
        return failure(ErrorCode::InvalidInput,
                       Parameters::tr("A value of the type %1 cannot be sent as it is; it must be written out as text.")
                           .arg(QString::fromLatin1(value.typeName())));
    }
}

} // namespace

Result<QByteArray> encodeText(const QString &text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c.isNull()) {
            return failure(
                ErrorCode::InvalidInput,
                Parameters::tr("PostgreSQL cannot store the character at position %1 (NUL). Remove it.").arg(i + 1));
        }
        const bool isPair = c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        if (isPair) {
            ++i;
        } else if (c.isSurrogate()) {
            return failure(ErrorCode::InvalidInput,
                           Parameters::tr("The character at position %1 is half of one (a lone surrogate), which "
                                          "PostgreSQL cannot store. Remove it.")
                               .arg(i + 1));
        }
    }
    return text.toUtf8();
}

Result<StatementParameters> StatementParameters::encode(const QVariantList &values)
{
    StatementParameters parameters;
    parameters.m_texts.reserve(size_t(values.size()));
    for (const QVariant &value : values) {
        if (value.isNull()) {
            parameters.m_pointers.push_back(nullptr);
            continue;
        }
        Result<QByteArray> text = encodeValue(value);
        if (!text) {
            return failure(text.error());
        }
        parameters.m_texts.push_back(std::move(*text));
        parameters.m_pointers.push_back(parameters.m_texts.back().constData());
    }
    return parameters;
}

qsizetype StatementParameters::byteCount() const
{
    qsizetype bytes = 0;
    for (const QByteArray &text : m_texts) {
        bytes += text.size();
    }
    return bytes;
}

} // namespace Roost

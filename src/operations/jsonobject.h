#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <deque>
#include <vector>

namespace Roost {

/// One JSON object, taken apart without changing anything: numbers keep every digit, nested values their own text.
/// Strict (RFC 8259). Reused object after object; the views are valid until the next one, and as long as the text.
class JsonObject
{
public:
    enum class Kind { Null, True, False, Number, String, Object, Array };
    struct Value
    {
        Kind kind = Kind::Null;
        QByteArrayView raw;  ///< as it stands
        QByteArrayView text; ///< String: without quotes and escapes; else as raw
    };
    struct Member
    {
        QByteArrayView key; ///< without escapes
        Value value;
    };

    /// False when the text is something else than one object; problem() and problemAt() say why and where.
    [[nodiscard]] bool parse(QByteArrayView text);
    const std::vector<Member> &members() const { return m_members; }
    const QString &problem() const { return m_problem; }
    qsizetype problemAt() const { return m_at - m_begin; } ///< bytes from the beginning

    /// The elements of an array that parse() has gone through.
    [[nodiscard]] std::vector<Value> elements(QByteArrayView array);

private:
    bool value(Value &value, int depth);
    bool string(QByteArrayView &text);
    bool escape(QByteArray &decoded);
    bool hexUnit(char16_t &unit);
    bool number();
    bool word(QByteArrayView word);
    bool nested(char open, char close, int depth);
    bool member(Member &member, int depth);
    void skipBlanks();
    bool fail(const QString &problem);

    const char *m_begin = nullptr;
    const char *m_at = nullptr;
    const char *m_end = nullptr;
    std::vector<Member> m_members;
    std::deque<QByteArray> m_decoded; ///< texts that had escapes
    QString m_problem;
};

} // namespace Roost

#pragma once

#include <QString>
#include <QStringView>

namespace Roost {

/// Cuts a JSON text into its tokens.
class JsonScanner
{
public:
    enum class Token {
        ObjectStart,
        ObjectEnd,
        ArrayStart,
        ArrayEnd,
        Colon,
        Comma,
        String,
        Number,
        Boolean,
        Null,
        End,
        Wrong
    };

    JsonScanner(QStringView text, bool isBinary)
        : m_text(text)
        , m_isBinary(isBinary)
    {
    }

    Token next();
    qsizetype start() const { return m_start; } ///< of the token
    qsizetype end() const { return m_at; }      ///< behind it
    /// Of Wrong: where and why.
    qsizetype wrongAt() const { return m_wrongAt; }
    const QString &problem() const { return m_problem; }

private:
    Token wrong(qsizetype at, const QString &problem);
    Token word();
    Token number();
    Token string();
    bool escape();
    int hex4(qsizetype at) const; ///< negative when there are no four digits

    QStringView m_text;
    bool m_isBinary;
    qsizetype m_start = 0;
    qsizetype m_at = 0;
    qsizetype m_wrongAt = 0;
    QString m_problem;
};

} // namespace Roost

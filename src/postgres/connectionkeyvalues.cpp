#include "postgres/connectionforms.h"

#include <QRegularExpression>

#include <optional>

namespace Roost {

namespace {

/// Reads libpq's `key = 'value'` from left to right.
class KeyValueReader
{
public:
    explicit KeyValueReader(const QString &text)
        : m_text(text)
    {
    }

    bool atEnd()
    {
        skipBlanks();
        return m_at >= m_text.size();
    }

    QString key()
    {
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && !m_text.at(m_at).isSpace() && m_text.at(m_at) != u'=') {
            ++m_at;
        }
        return m_text.mid(begin, m_at - begin);
    }

    bool equalsSign()
    {
        skipBlanks();
        if (m_at >= m_text.size() || m_text.at(m_at) != u'=') {
            return false;
        }
        ++m_at;
        skipBlanks();
        return true;
    }

    /// Nothing when a quote is not closed.
    std::optional<QString> value()
    {
        QString text;
        const bool quoted = m_at < m_text.size() && m_text.at(m_at) == u'\'';
        m_at += quoted ? 1 : 0;
        while (m_at < m_text.size()) {
            QChar c = m_text.at(m_at++);
            if (quoted ? c == u'\'' : c.isSpace()) {
                return text;
            }
            if (c == u'\\' && m_at < m_text.size()) {
                c = m_text.at(m_at++);
            }
            text += c;
        }
        return quoted ? std::nullopt : std::optional<QString>(text);
    }

private:
    void skipBlanks()
    {
        while (m_at < m_text.size() && m_text.at(m_at).isSpace()) {
            ++m_at;
        }
    }

    const QString &m_text;
    qsizetype m_at = 0;
};

} // namespace

bool looksLikeKeyValues(const QString &text)
{
    static const QRegularExpression pattern(
        QStringLiteral(R"(\A(?:host|hostaddr|port|user|password|dbname|sslmode|sslrootcert|sslcert|sslkey|service|)"
                       R"(passfile|options|application_name|connect_timeout|target_session_attrs)\s*=)"));
    return pattern.match(text).hasMatch();
}

Result<void> readKeyValues(const QString &text, ConnectionFields &fields)
{
    KeyValueReader reader(text);
    while (!reader.atEnd()) {
        const QString key = reader.key();
        if (!reader.equalsSign()) {
            return badConnection(
                ConnectionText::tr("There is a word without “=” in the text. A value with a blank in it "
                                   "stands in single quotes: password='…'."));
        }
        const std::optional<QString> value = reader.value();
        if (!value) {
            return badConnection(ConnectionText::tr("A quote in the text is not closed. Copy the whole text and try "
                                                    "again."));
        }
        // After a password, what looks like a key may be the rest of it.
        const auto unknown =
            fields.has(QStringLiteral("password")) ? ConnectionFields::Unknown::Hide : ConnectionFields::Unknown::Name;
        if (Result<void> added = fields.add(key, *value, unknown); !added) {
            return added;
        }
    }
    return {};
}

} // namespace Roost

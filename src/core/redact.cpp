#include "core/redact.h"

#include <QMutex>
#include <QRegularExpression>
#include <QSet>
#include <QStringList>
#include <QUrl>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype shortestSecret = 4;

struct KnownSecrets
{
    QMutex mutex;
    QSet<QString> raw;
    QStringList forms; ///< longest first, so that no form is cut by a shorter one inside it
};

KnownSecrets &knownSecrets()
{
    static KnownSecrets secrets;
    return secrets;
}

QString jsonEscaped(const QString &text)
{
    QString escaped;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\') {
            escaped += u'\\';
        }
        escaped += c;
    }
    return escaped;
}

QStringList formsOf(const QString &secret)
{
    const QByteArray utf8 = secret.toUtf8();
    const QString percent = QString::fromLatin1(QUrl::toPercentEncoding(secret));
    return {secret,
            percent,
            percent.toLower(),
            jsonEscaped(secret),
            QString::fromLatin1(utf8.toBase64(QByteArray::OmitTrailingEquals)),
            QString::fromLatin1(utf8.toHex())};
}

} // namespace

void rememberForRedaction(const QString &secret)
{
    if (secret.size() < shortestSecret) {
        return;
    }
    KnownSecrets &known = knownSecrets();
    const QMutexLocker lock(&known.mutex);
    if (known.raw.contains(secret)) {
        return;
    }
    known.raw.insert(secret);
    known.forms += formsOf(secret);
    known.forms.removeDuplicates();
    std::sort(known.forms.begin(), known.forms.end(),
              [](const QString &a, const QString &b) { return a.size() > b.size(); });
}

QString redact(const QString &text)
{
    static const QString mask = QStringLiteral("***");
    QString clean = text;
    {
        KnownSecrets &known = knownSecrets();
        const QMutexLocker lock(&known.mutex);
        for (const QString &form : std::as_const(known.forms)) {
            clean.replace(form, mask);
        }
    }
    // scheme://user:password@host, as greedy as libpq is: up to the last @ before white space
    static const QRegularExpression url(QStringLiteral(R"(([A-Za-z][A-Za-z0-9+.\-]*://[^\s:/@]*):(\S*)@)"));
    clean.replace(url, QStringLiteral("\\1:***@"));
    static const QRegularExpression assignment(
        QStringLiteral(R"(\b((?:PG)?PASSWORD\s*=\s*)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s&]+))"),
        QRegularExpression::CaseInsensitiveOption);
    clean.replace(assignment, QStringLiteral("\\1***"));
    static const QRegularExpression bearer(QStringLiteral(R"((Bearer\s+)\S+)"));
    clean.replace(bearer, QStringLiteral("\\1***"));
    return clean;
}

} // namespace Roost

#include "core/redact.h"

#include <QHash>
#include <QMutex>
#include <QRegularExpression>
#include <QStringList>
#include <QUrl>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype shortestSecret = 4;

struct KnownSecrets
{
    QMutex mutex;
    QHash<QString, int> raw; ///< how often each is remembered
    QStringList forms;       ///< longest first, so that no form is cut by a shorter one inside it
    bool formsAreStale = false;
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

void refreshForms(KnownSecrets &known)
{
    if (!known.formsAreStale) {
        return;
    }
    known.formsAreStale = false;
    known.forms.clear();
    for (auto it = known.raw.keyBegin(); it != known.raw.keyEnd(); ++it) {
        known.forms += formsOf(*it);
    }
    known.forms.removeDuplicates();
    std::sort(known.forms.begin(), known.forms.end(),
              [](const QString &a, const QString &b) { return a.size() > b.size(); });
}

} // namespace

void rememberForRedaction(const QString &secret)
{
    if (secret.size() < shortestSecret) {
        return;
    }
    KnownSecrets &known = knownSecrets();
    const QMutexLocker lock(&known.mutex);
    if (++known.raw[secret] == 1) {
        known.formsAreStale = true;
    }
}

void forgetForRedaction(const QString &secret)
{
    KnownSecrets &known = knownSecrets();
    const QMutexLocker lock(&known.mutex);
    const auto it = known.raw.find(secret);
    if (it != known.raw.end() && --it.value() == 0) {
        known.raw.erase(it);
        known.formsAreStale = true;
    }
}

QString redact(const QString &text)
{
    static const QString mask = QStringLiteral("***");
    QString clean = text;
    {
        KnownSecrets &known = knownSecrets();
        const QMutexLocker lock(&known.mutex);
        refreshForms(known);
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

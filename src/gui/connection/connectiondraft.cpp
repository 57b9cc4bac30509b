#include "gui/connection/connectiondraft.h"

namespace Roost {

ConnectionDraft::ConnectionDraft(const Profile &existing)
    : m_saved(existing.parameters)
    , m_parameters(existing.parameters)
    , m_hasAddress(true)
    , m_unverified(existing.parameters.tls == TlsMode::Unverified)
{
}

Result<void> ConnectionDraft::take(const QString &text)
{
    m_notices.clear();
    m_password = {};
    m_region.clear();
    m_isInternal = false;
    m_cameWithPassword = false;
    if (text.trimmed().isEmpty()) {
        m_hasAddress = m_saved.has_value();
        m_parameters = m_saved.value_or(ConnectionParameters());
        return {};
    }
    const Result<ParsedConnection> parsed = parseConnectionString(text);
    m_hasAddress = parsed.has_value();
    if (!parsed) {
        m_parameters = {};
        return failure(parsed.error());
    }
    m_parameters = parsed->parameters;
    m_password = parsed->password;
    m_cameWithPassword = !parsed->password.isEmpty();
    m_notices = parsed->notices;
    m_isInternal = parsed->isInternal;
    return {};
}

void ConnectionDraft::setParameters(const ConnectionParameters &parameters)
{
    m_parameters = parameters;
    m_unverified = parameters.tls == TlsMode::Unverified;
    m_isInternal = false;
    m_hasAddress = true;
}

ConnectionParameters ConnectionDraft::parameters() const
{
    ConnectionParameters parameters = m_parameters;
    if (m_isInternal && !m_region.isEmpty()) {
        parameters.host = externalRenderHost(parameters.host, m_region);
    }
    if (parameters.isLoopback()) {
        parameters.tls = TlsMode::Optional;
    } else {
        parameters.tls = m_unverified ? TlsMode::Unverified : TlsMode::Verified;
    }
    return parameters;
}

QString ConnectionDraft::maskedText() const
{
    const ConnectionParameters shown = parameters();
    QString text = QStringLiteral("postgresql://") + shown.user;
    if (hasPassword()) {
        text += u':' + passwordDots();
    }
    text += u'@' + shown.host;
    if (shown.port != 5432) {
        text += u':' + QString::number(shown.port);
    }
    return text + u'/' + shown.database;
}

QString ConnectionDraft::suggestedName(const QStringList &taken) const
{
    QString base = m_parameters.database.isEmpty() ? m_parameters.host.section(u'.', 0, 0) : m_parameters.database;
    base = base.replace(u'/', u'-').trimmed();
    if (base.isEmpty()) {
        return base;
    }
    QString name = base;
    for (int number = 2; taken.contains(name); ++number) {
        name = base + u'-' + QString::number(number);
    }
    return name;
}

QString ConnectionDraft::linkText(TlsMode mode)
{
    switch (mode) {
    case TlsMode::Verified:
        return tr("Encrypted, certificate checked");
    case TlsMode::Unverified:
        return tr("Encrypted, server's identity not checked");
    case TlsMode::Optional:
        break;
    }
    return tr("Stays on this computer");
}

QString ConnectionDraft::passwordDots()
{
    return QString(8, QChar(0x2022)); // the same for every length
}

QString connectionNameProblem(const QString &name, const QStringList &taken)
{
    struct Text
    {
        Q_DECLARE_TR_FUNCTIONS(ConnectionName)
    };
    const QString trimmed = name.trimmed();
    if (taken.contains(trimmed, Qt::CaseInsensitive)) {
        return Text::tr("There is a connection with this name already.");
    }
    return profileNameProblem(trimmed);
}

} // namespace Roost

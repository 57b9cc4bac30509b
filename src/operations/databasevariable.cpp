#include "operations/databasevariable.h"

#include "postgres/connectionstring.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DatabaseVariable)
};

constexpr int usualPort = 5432;

/// A database's URL cut into pieces as they stand there, still encoded. More lenient than parseConnectionString(): what
/// an app gets along with is kept.
struct UrlPieces
{
    QString scheme; ///< "postgres", "postgresql"
    QString driver; ///< "+psycopg2"
    QString user;
    QString host; ///< without port
    int port = usualPort;
    QString path;  ///< without the slash
    QString query; ///< without the question mark
};

/// Blanks and quotes that came along with a paste.
QString bare(const QString &value)
{
    QString text = value.trimmed();
    const bool isQuoted =
        text.size() >= 2 && text.front() == text.back() && (text.front() == u'"' || text.front() == u'\'');
    return isQuoted ? text.mid(1, text.size() - 2).trimmed() : text;
}

std::optional<UrlPieces> piecesOf(const QString &value)
{
    static const QRegularExpression form(QStringLiteral(R"(\A(postgres(?:ql)?)(\+[a-z0-9_]+)?://(.*)\z)"),
                                         QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(bare(value));
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    UrlPieces pieces;
    pieces.scheme = match.captured(1).toLower();
    pieces.driver = match.captured(2).toLower();
    const QString rest = match.captured(3);
    const qsizetype question = rest.indexOf(u'?');
    pieces.query = question < 0 ? QString() : rest.mid(question + 1);
    const QString front = rest.left(question);
    const qsizetype at = front.lastIndexOf(u'@'); // the last: a password may hold one
    pieces.user = at < 0 ? QString() : front.left(at).section(u':', 0, 0);
    const QString place = front.mid(at + 1);
    pieces.path = place.section(u'/', 1);
    const QString hostAndPort = place.section(u'/', 0, 0);
    static const QRegularExpression port(QStringLiteral(R"(\A(.*):([0-9]{1,5})\z)"));
    const QRegularExpressionMatch withPort = port.match(hostAndPort);
    pieces.host = withPort.hasMatch() ? withPort.captured(1) : hostAndPort;
    pieces.port = withPort.hasMatch() ? withPort.captured(2).toInt() : usualPort;
    return pieces;
}

QString decoded(const QString &text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

QString renderIdIn(const QString &text)
{
    static const QRegularExpression id(
        QStringLiteral(R"((?<![0-9A-Za-z])(dpg-[0-9a-z]{8,}(?:-[a-z])?)(?![0-9A-Za-z]))"));
    return id.match(text).captured(1);
}

QString hostAndPort(const ConnectionParameters &parameters)
{
    return parameters.port == usualPort ? parameters.host : parameters.host + u':' + QString::number(parameters.port);
}

/// Inside of Render certificates are self-signed: checking them would fail.
QString queryFor(const QString &query, bool isInternal, QStringList &notices)
{
    if (!isInternal) {
        return query;
    }
    QStringList parameters = query.split(u'&', Qt::SkipEmptyParts);
    for (QString &parameter : parameters) {
        if (parameter == u"sslmode=verify-full" || parameter == u"sslmode=verify-ca") {
            parameter = QStringLiteral("sslmode=require");
            notices +=
                Text::tr("Inside Render the certificate cannot be checked, so sslmode=require takes the place of "
                         "verify-full.");
        } else if (parameter.startsWith(u"sslrootcert=")) {
            parameter.clear();
        }
    }
    parameters.removeAll(QString());
    return parameters.join(u'&');
}

PlannedValue plannedUrl(const QString &oldValue, const ConnectionSpec &spec, bool isInternal, const QString &database)
{
    PlannedValue planned;
    UrlPieces old;
    old.scheme = QStringLiteral("postgresql");
    if (const std::optional<UrlPieces> found = piecesOf(oldValue)) {
        old = *found;
        if (old.scheme == u"postgres") {
            planned.notices += Text::tr("postgres:// becomes postgresql://, which SQLAlchemy asks for.");
        }
        if (bare(oldValue) != oldValue) {
            planned.notices += Text::tr("Blanks or quotes around the old value are left out.");
        }
    }
    const QString kept = decoded(old.path);
    planned.database = !database.isEmpty() ? database : !kept.isEmpty() ? kept : spec.parameters.database;
    const QString query = queryFor(old.query, isInternal, planned.notices);
    const auto url = [&](const QString &password) {
        return QStringLiteral("postgresql") + old.driver + QStringLiteral("://") + encoded(spec.parameters.user) +
               u':' + password + u'@' + hostAndPort(spec.parameters) + u'/' + encoded(planned.database) +
               (query.isEmpty() ? QString() : u'?' + query);
    };
    planned.value = Secret(url(encoded(spec.password.reveal())));
    planned.shown = maskedVariable(VariablePart::Url, planned.value.reveal());
    return planned;
}

QString plannedPiece(VariablePart part, const QString &oldValue, const ConnectionSpec &spec, const QString &database)
{
    switch (part) {
    case VariablePart::Host: // with a port where the old one had one
        return oldValue.contains(u':') ? spec.parameters.host + u':' + QString::number(spec.parameters.port)
                                       : spec.parameters.host;
    case VariablePart::Port:
        return QString::number(spec.parameters.port);
    case VariablePart::User:
        return spec.parameters.user;
    case VariablePart::Password:
        return spec.password.reveal();
    case VariablePart::Database:
        return !database.isEmpty() ? database : !oldValue.isEmpty() ? oldValue : spec.parameters.database;
    case VariablePart::Url:
    case VariablePart::Other:
        break;
    }
    return {};
}

} // namespace

std::optional<DatabaseMention> databaseIn(const QString &value)
{
    DatabaseMention mention;
    if (const std::optional<UrlPieces> pieces = piecesOf(value)) {
        mention.part = VariablePart::Url;
        mention.host = pieces->host.toLower();
        mention.port = pieces->port;
        mention.user = decoded(pieces->user);
        mention.database = decoded(pieces->path);
        mention.renderId = isRenderHost(mention.host) ? renderIdIn(mention.host) : QString();
        return mention;
    }
    static const QRegularExpression host(QStringLiteral(R"(\A([0-9A-Za-z.\-]+?)(?::([0-9]{1,5}))?\z)"));
    const QRegularExpressionMatch match = host.match(bare(value));
    if (match.hasMatch() && isRenderHost(match.captured(1)) && !renderIdIn(match.captured(1).toLower()).isEmpty()) {
        mention.part = VariablePart::Host;
        mention.host = match.captured(1).toLower();
        mention.port = match.hasCaptured(2) ? match.captured(2).toInt() : usualPort;
        mention.renderId = renderIdIn(mention.host);
        return mention;
    }
    mention.renderId = renderIdIn(value);
    return mention.renderId.isEmpty() ? std::nullopt : std::optional(mention);
}

QMap<QString, VariablePart> variablesBeside(const QString &hostKey, const QStringList &keys)
{
    static const QMap<QString, VariablePart> endings{
        {QStringLiteral("PORT"), VariablePart::Port},         {QStringLiteral("USER"), VariablePart::User},
        {QStringLiteral("USERNAME"), VariablePart::User},     {QStringLiteral("PASSWORD"), VariablePart::Password},
        {QStringLiteral("PASS"), VariablePart::Password},     {QStringLiteral("PWD"), VariablePart::Password},
        {QStringLiteral("DATABASE"), VariablePart::Database}, {QStringLiteral("DBNAME"), VariablePart::Database},
        {QStringLiteral("DB"), VariablePart::Database},       {QStringLiteral("NAME"), VariablePart::Database},
        {QStringLiteral("DB_NAME"), VariablePart::Database},
    };
    static const QStringList hostEndings{QStringLiteral("HOSTNAME"), QStringLiteral("HOST"), QStringLiteral("SERVER"),
                                         QStringLiteral("ADDRESS"), QStringLiteral("ADDR")};
    QMap<QString, VariablePart> found;
    const auto ending = std::find_if(hostEndings.begin(), hostEndings.end(), [&hostKey](const QString &each) {
        return hostKey.endsWith(each, Qt::CaseInsensitive);
    });
    const QString beginning = ending == hostEndings.end() ? QString() : hostKey.chopped(ending->size());
    if (beginning.isEmpty()) { // "HOST" alone says nothing of what NAME or PORT are
        return found;
    }
    for (const QString &key : keys) {
        if (key != hostKey && key.startsWith(beginning)) {
            const auto part = endings.find(key.mid(beginning.size()).toUpper());
            if (part != endings.end()) {
                found.insert(key, *part);
            }
        }
    }
    return found;
}

QString passwordMask()
{
    return QStringLiteral("********");
}

QString maskedVariable(VariablePart part, const QString &value)
{
    if (part == VariablePart::Url) {
        static const QRegularExpression password(QStringLiteral(R"(\A([^:]+://[^:/?@]*):([^?]*)@)"));
        static const QRegularExpression parameter(QStringLiteral(R"(([?&](?:password|sslpassword)=)[^&]*)"),
                                                  QRegularExpression::CaseInsensitiveOption);
        QString shown = bare(value);
        shown.replace(password, QStringLiteral("\\1:") + passwordMask() + u'@');
        shown.replace(parameter, QStringLiteral("\\1") + passwordMask());
        return shown;
    }
    const bool isPlain = part == VariablePart::Host || part == VariablePart::Port || part == VariablePart::User ||
                         part == VariablePart::Database;
    return isPlain || value.isEmpty() ? value : passwordMask();
}

Result<PointTarget> pointTarget(const PostgresInstance &instance, const PostgresConnectionInfo &info)
{
    PointTarget target{instance.id, instance.name, instance.region, instance.owner.id, {}, {}};
    for (const auto &[url, spec] :
         {std::pair(&info.internalUrl, &target.internal), {&info.externalUrl, &target.external}}) {
        const Result<ParsedConnection> parsed = parseConnectionString(url->reveal());
        if (!parsed) {
            return failure(
                ErrorCode::Conflict,
                Text::tr("Render has not told how %1 is reached. It may not be ready yet: try again when its "
                         "status is “available”.")
                    .arg(instance.name),
                parsed.error().message);
        }
        *spec = {parsed->parameters, parsed->password};
    }
    return target;
}

Reach reachOf(const QList<Service> &services, const PointTarget &target)
{
    for (const Service &service : services) {
        if (service.region.isEmpty() || target.region.isEmpty()) {
            return {false,
                    Text::tr("External address: Render does not tell in which region %1 runs, and the internal one "
                             "works in one region only.")
                        .arg(service.region.isEmpty() ? service.name : target.instanceName)};
        }
        if (service.ownerId != target.ownerId) {
            return {false,
                    Text::tr("External address: %1 belongs to another workspace than %2, and the internal one works "
                             "inside of one workspace only.")
                        .arg(service.name, target.instanceName)};
        }
        if (service.region != target.region) {
            return {false,
                    Text::tr("External address: %1 runs in %2 and %3 in %4, and the internal one works inside of "
                             "one region only.")
                        .arg(service.name, service.region, target.instanceName, target.region)};
        }
    }
    if (services.size() == 1) {
        return {true, Text::tr("Internal address: %1 and %2 are in the same workspace and region (%3).")
                          .arg(services.first().name, target.instanceName, target.region)};
    }
    return {!services.isEmpty(),
            services.isEmpty()
                ? Text::tr("External address: no service uses this yet, so nobody knows from where it will be used.")
                : Text::tr("Internal address: all services that use it are in the workspace and region of %1 (%2).")
                      .arg(target.instanceName, target.region)};
}

Result<PlannedValue> plannedValue(VariablePart part, const QString &oldValue, const PointTarget &target,
                                  const Reach &reach, const QString &database)
{
    const ConnectionSpec &spec = reach.isInternal ? target.internal : target.external;
    if (part == VariablePart::Other) {
        return failure(
            ErrorCode::InvalidInput,
            Text::tr("The variable names the instance in a form that Roost does not rewrite (a JDBC address or "
                     "a list of parameters, say). Change it in Render's dashboard, under Environment."));
    }
    if (part == VariablePart::Url) {
        return plannedUrl(oldValue, spec, reach.isInternal, database);
    }
    PlannedValue planned;
    const QString value = plannedPiece(part, oldValue, spec, database);
    planned.value = Secret(value);
    planned.shown = maskedVariable(part, value);
    planned.database = part == VariablePart::Database ? value : QString();
    return planned;
}

QStringList usualDatabaseKeys()
{
    return {QStringLiteral("DATABASE_URI"), QStringLiteral("DATABASE_URL")};
}

} // namespace Roost

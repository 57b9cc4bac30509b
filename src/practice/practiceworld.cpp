#include "practice/practiceworld.h"

#include "practice/serverprocess.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QSaveFile>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PracticeRender)
};

QString randomText(int length, QStringView alphabet)
{
    QString text;
    while (text.size() < length) {
        text += alphabet.at(QRandomGenerator::system()->bounded(int(alphabet.size())));
    }
    return text;
}

QList<QJsonObject> objects(const QJsonValue &array)
{
    QList<QJsonObject> list;
    for (const QJsonValue each : array.toArray()) {
        list += each.toObject();
    }
    return list;
}

QJsonArray arrayOf(const QList<QJsonObject> &list)
{
    QJsonArray array;
    for (const QJsonObject &each : list) {
        array += each;
    }
    return array;
}

} // namespace

QJsonObject PracticeSettings::usual()
{
    return {{QStringLiteral("latency_ms"), 0},
            {QStringLiteral("creating_ms"), 2500},
            {QStringLiteral("build_ms"), 800},
            {QStringLiteral("update_ms"), 400},
            {QStringLiteral("outside_address"), QStringLiteral("203.0.113.7")},
            {QStringLiteral("expired_as"), QStringLiteral("suspended")},
            {QStringLiteral("suspended_counts"), true},
            {QStringLiteral("needs_card"), false},
            {QStringLiteral("deploy_answer"), QStringLiteral("alternate")},
            {QStringLiteral("created_status"), QStringLiteral("alternate")},
            {QStringLiteral("next_deploy"), QString()},
            {QStringLiteral("limits"), QJsonObject()}};
}

PracticeWorld::PracticeWorld(const PracticeRenderOptions &options, QThread &frontThread)
    : settings(PracticeSettings::usual())
    , m_options(options)
    , m_frontThread(frontThread)
{
    // A server that is to die with us dies with the thread that started it, so these threads stay.
    m_pool.setExpiryTimeout(-1);
    constexpr int threads = 6;
    m_pool.setMaxThreadCount(threads);
    for (auto it = options.settings.begin(); it != options.settings.end(); ++it) {
        settings[it.key()] = it.value();
    }
}

PracticeWorld::~PracticeWorld()
{
    endThreads();
}

void PracticeWorld::stopWork()
{
    m_stop.request_stop();
    constexpr int longestMs = 60'000;
    if (!waitUntil([this] { return m_underWay == 0; }, longestMs)) {
        qWarning("The practice account's work does not end.");
    }
}

void PracticeWorld::endThreads()
{
    m_stop.request_stop();
    m_pool.waitForDone();
}

Result<void> PracticeWorld::load()
{
    if (!Paths::ensureFolder(m_options.folder)) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The folder %1 for the practice account could not be made. Check the space and the "
                                "permissions there.")
                           .arg(m_options.folder));
    }
    QFile state(file());
    if (!state.exists()) {
        key = Secret(QStringLiteral("rnd_practice") +
                     randomText(24, u"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"));
        return {};
    }
    if (!state.open(QIODevice::ReadOnly)) {
        return failure(ErrorCode::FileFailed, Text::tr("The practice account's file %1 could not be read: %2.")
                                                  .arg(state.fileName(), state.errorString()));
    }
    const QJsonDocument document = QJsonDocument::fromJson(state.readAll());
    if (!document.isObject()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The practice account's file %1 is damaged. Delete its folder to begin anew.")
                           .arg(state.fileName()));
    }
    read(document.object());
    return {};
}

void PracticeWorld::read(const QJsonObject &all)
{
    key = Secret(all[u"key"].toString());
    port = all[u"port"].toInt();
    offset = all[u"offset"].toInteger();
    m_lastNumber = all[u"lastNumber"].toInteger();
    const QJsonObject kept = all[u"settings"].toObject();
    for (auto it = kept.begin(); it != kept.end(); ++it) {
        settings[it.key()] = it.value();
    }
    instances = objects(all[u"instances"]);
    services = objects(all[u"services"]);
    groups = objects(all[u"groups"]);
    const QJsonObject deploysOf = all[u"deploys"].toObject();
    for (auto it = deploysOf.begin(); it != deploysOf.end(); ++it) {
        deploys[it.key()] = objects(it.value());
    }
    isSampleMade = all[u"isSampleMade"].toBool();
    for (const QJsonValue id : all[u"leaving"].toArray()) {
        leaving += id.toString();
    }
}

QJsonObject PracticeWorld::toJson() const
{
    QJsonObject deploysOf;
    for (auto it = deploys.begin(); it != deploys.end(); ++it) {
        deploysOf[it.key()] = arrayOf(it.value());
    }
    return {{QStringLiteral("key"), key.reveal()},
            {QStringLiteral("port"), port},
            {QStringLiteral("offset"), offset},
            {QStringLiteral("lastNumber"), m_lastNumber},
            {QStringLiteral("settings"), settings},
            {QStringLiteral("instances"), arrayOf(instances)},
            {QStringLiteral("services"), arrayOf(services)},
            {QStringLiteral("groups"), arrayOf(groups)},
            {QStringLiteral("deploys"), deploysOf},
            {QStringLiteral("isSampleMade"), isSampleMade},
            {QStringLiteral("leaving"), QJsonArray::fromStringList(leaving)}};
}

void PracticeWorld::save()
{
    QSaveFile state(file());
    const QByteArray text = QJsonDocument(toJson()).toJson(QJsonDocument::Compact);
    if (!state.open(QIODevice::WriteOnly) || !state.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
        state.write(text) != text.size() || !state.commit()) {
        qWarning("The practice account's file could not be written: %s", qPrintable(state.errorString()));
    }
}

QString PracticeWorld::timeText(const QDateTime &time)
{
    return time.toUTC().toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzz")) + QStringLiteral("412Z");
}

QString PracticeWorld::timeText() const
{
    return timeText(now());
}

QString PracticeWorld::exactTimeText() const
{
    return timeText().chopped(1) + QStringLiteral("735Z");
}

QString PracticeWorld::newId(const char *kind)
{
    const QString id = QLatin1String(kind) + u'-' + randomText(20, u"0123456789abcdefghijklmnopqrstuv");
    return id.startsWith(u"dpg-") ? id + QStringLiteral("-a") : id;
}

QJsonObject PracticeWorld::owner() const
{
    return {{QStringLiteral("id"), QStringLiteral("tea-practice000000000000")},
            {QStringLiteral("name"), QStringLiteral("Practice workspace")},
            {QStringLiteral("email"), QStringLiteral("practice@localhost")},
            {QStringLiteral("type"), QStringLiteral("team")}};
}

QJsonObject *PracticeWorld::find(QList<QJsonObject> &list, const QString &id)
{
    for (QJsonObject &each : list) {
        if (each[u"id"].toString() == id) {
            return &each;
        }
    }
    return nullptr;
}

} // namespace Roost

#pragma once

#include "core/secret.h"
#include "practice/practicefront.h"
#include "practice/practicerender.h"

#include <QDateTime>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QThreadPool>

#include <atomic>
#include <stop_token>

namespace Roost {

/// How the stand-in behaves, as POST /practice/settings takes it; members that are not named stay as they are.
///   latency_ms            before each answer
///   creating_ms           how long an instance is "creating" at least
///   build_ms, update_ms   how long a deploy builds and updates at least
///   outside_address       whom the allow lists see: "203.0.113.7" (127.0.0.1 on a list lets us in, too)
///   expired_as            "suspended" or "unavailable": how an expired instance is told of
///   suspended_counts      whether a suspended or expired free instance takes the one place there is
///   needs_card            402 on every creation
///   deploy_answer         "alternate", "201" or "202"
///   created_status        "alternate", "unknown" or "creating": what the creation of an instance answers
///   next_deploy           "build_failed" or "update_failed": of the next deploy, once
///   limits                {"get":400,"write":100,"create":20,"service":10}
namespace PracticeSettings {
[[nodiscard]] QJsonObject usual();
}

/// What there is in the stand-in for Render, as Render's JSON with private members that begin with "_"; kept in a file
/// (0600). Lives in the server's thread.
class PracticeWorld : public QObject
{
    Q_OBJECT

public:
    PracticeWorld(const PracticeRenderOptions &options, QThread &frontThread);
    ~PracticeWorld() override;

    /// Reads the file, if there is one. FileFailed when it cannot be read: it is then left alone.
    [[nodiscard]] Result<void> load();
    /// Writes the file now. A failure is only warned of.
    void save();

    const PracticeRenderOptions &options() const { return m_options; }
    QString folderOf(const QString &id) const { return m_options.folder + u'/' + id; }
    QThread &frontThread() const { return m_frontThread; }

    QDateTime now() const { return QDateTime::currentDateTimeUtc().addSecs(offset); }
    QString timeText() const;      ///< now, six digits after the point
    QString exactTimeText() const; ///< nine digits, as answers to POST have them
    static QString timeText(const QDateTime &time);
    QString newId(const char *kind); ///< "dpg-…" and twenty characters; instances have "-a" at the end
    qint64 newNumber() { return ++m_lastNumber; }
    QJsonObject owner() const; ///< the one workspace
    QJsonValue setting(const QString &name) const { return settings[name]; }

    Secret key;
    int port = 0;      ///< of the last run
    qint64 offset = 0; ///< seconds that the clock was moved on
    QJsonObject settings;
    QList<QJsonObject> instances; ///< oldest first
    QList<QJsonObject> services;
    QList<QJsonObject> groups;
    QHash<QString, QList<QJsonObject>> deploys; ///< by service, newest first
    QStringList leaving;                        ///< ids of deleted instances whose files are still there
    bool isSampleMade = false;
    QMap<int, QString> serverPrograms; ///< folders by major version; not kept

    static QJsonObject *find(QList<QJsonObject> &list, const QString &id);

    /// Runs blocking work on a thread of ours, and `then` with its result in this thread, unless everything has ended.
    template <class Work, class Then>
    void run(Work work, Then then)
    {
        ++m_underWay;
        m_pool.start([this, work = std::move(work), then = std::move(then)]() mutable {
            JobContext context(m_stop.get_token());
            auto result = std::make_shared<decltype(work(context))>(work(context));
            QMetaObject::invokeMethod(
                this, [result, then = std::move(then)]() mutable { then(*result); }, Qt::QueuedConnection);
            --m_underWay;
        });
    }
    /// Does something in this thread; from any thread.
    void post(std::function<void()> what) { QMetaObject::invokeMethod(this, std::move(what), Qt::QueuedConnection); }
    /// Asks the work under way to end, and waits for it. The threads stay: servers die with the one that started them.
    void stopWork();
    void endThreads();

signals:
    void clockMoved();

private:
    QString file() const { return m_options.folder + QStringLiteral("/render.json"); }
    QJsonObject toJson() const;
    void read(const QJsonObject &all);

    PracticeRenderOptions m_options;
    QThread &m_frontThread;
    QThreadPool m_pool;
    std::stop_source m_stop;
    std::atomic<int> m_underWay = 0;
    qint64 m_lastNumber = 0;
};

} // namespace Roost

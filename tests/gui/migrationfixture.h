#pragma once

#include "gui/migration/migrationpage.h"
#include "storage/paths.h"
#include "windowfixture.h"

#include <QFile>
#include <QTest>

#include <atomic>

namespace Roost::Testing {

/// A migration of three databases and a service that is told, not done: for pages and pictures of each of its states.
class MigrationTale
{
public:
    using Outcome = Result<std::optional<MigrationPause>>;
    using Events = std::function<void(MigrationJournal &)>;

    static MigrationDatabase database(const QString &name, qint64 size, bool isDefault = false)
    {
        MigrationDatabase made;
        made.properties.name = name;
        made.sizeBytes = size;
        made.isDefault = isDefault;
        return made;
    }

    static MigrationPlan plan(const QString &profileId = QStringLiteral("id-my_database"),
                              MigrationPath path = MigrationPath::OneSlot)
    {
        constexpr qint64 mb = 1024LL * 1024;
        MigrationPlan plan;
        plan.id = QStringLiteral("5eed0001");
        plan.madeAt = QDateTime::currentDateTimeUtc();
        plan.path = path;
        plan.accountId = QStringLiteral("account");
        plan.profileId = profileId;
        plan.profileName = QStringLiteral("my_database");
        plan.source.id = QStringLiteral("dpg-c0ffee00000000000000-a");
        plan.source.name = QStringLiteral("my_database");
        plan.source.plan = QStringLiteral("free");
        plan.source.version = QStringLiteral("16");
        plan.source.region = QStringLiteral("oregon");
        plan.source.expiresAt = QDateTime::currentDateTimeUtc().addDays(12).addSecs(600);
        plan.connection.host = QStringLiteral("dpg-c0ffee00000000000000-a.oregon-postgres.render.com");
        plan.serverVersion = QStringLiteral("16.4");
        plan.databases = {database(QStringLiteral("bird_app_db"), 48 * mb), database(QStringLiteral("blog_db"), 8 * mb),
                          database(QStringLiteral("my_database"), 7 * mb, true)};
        MigrationService service;
        service.id = QStringLiteral("srv-birds00000000000000");
        service.name = QStringLiteral("bird-app");
        service.url = QStringLiteral("https://bird-app.onrender.com");
        service.variables = {QStringLiteral("DATABASE_URI"), QStringLiteral("shared: REPORT_URL")};
        service.answersBirds = true;
        plan.services = {service};
        plan.sessions = {{QStringLiteral("bird_app_db"), QStringLiteral("my_database_user"), QStringLiteral("gunicorn"),
                          QStringLiteral("10.214.3.7"), 4}};
        plan.draft.name = QStringLiteral("my_database");
        plan.draft.version = QStringLiteral("18");
        plan.draft.region = QStringLiteral("oregon");
        plan.draft.databaseName = QStringLiteral("my_database");
        plan.draft.databaseUser = QStringLiteral("my_database_user");
        plan.backupFolder = QStringLiteral("/home/ada/Roost/backups");
        plan.secondFolder = QStringLiteral("/media/ada/USB-STICK/roost");
        return plan;
    }

    static PlannedMigration planned(const MigrationPlan &plan)
    {
        PlannedMigration planned;
        planned.plan = plan;
        planned.paths = {
            {MigrationPath::UpgradeInPlace, true, false,
             QStringLiteral("A paid plan keeps the instance, its address and all in it. It costs money every month.")},
            {MigrationPath::OneSlot, true, true,
             QStringLiteral("Free to free. Render allows one free database, so the old one goes before the new one "
                            "comes.")},
            {MigrationPath::SideBySide, false, false,
             QStringLiteral("Not with a free plan in this workspace: the new one would have to be paid, or in another "
                            "workspace.")}};
        planned.seconds = {{MigrationStep::BackUp, 90}, {MigrationStep::Prove, 120}, {MigrationStep::Restore, 150}};
        planned.downtimeSeconds = 420;
        return planned;
    }

    // What happened, as the journal has it.
    static void done(MigrationJournal &journal, MigrationStep step, const QString &summary,
                     const QJsonObject &facts = {})
    {
        tell(journal, step, "begin");
        if (!facts.isEmpty()) {
            tell(journal, step, "note", facts);
        }
        tell(journal, step, "done", {{QStringLiteral("summary"), summary}});
    }
    static void tell(MigrationJournal &journal, MigrationStep step, const char *kind, const QJsonObject &data = {})
    {
        if (!journal.append(keyOf(step), QString::fromLatin1(kind), data)) {
            qWarning("an event could not be written");
        }
    }
    static void upToBackups(MigrationJournal &journal)
    {
        done(journal, MigrationStep::Freeze, QStringLiteral("bird-app suspended"),
             {{QStringLiteral("services"),
               QJsonObject{{QStringLiteral("srv-birds00000000000000"),
                            QJsonObject{{QStringLiteral("suspended"), QStringLiteral("yes")}}}}}});
        done(journal, MigrationStep::BackUp, QStringLiteral("3 databases, 63 MB, one snapshot each"),
             {{QStringLiteral("databases"), QJsonObject{backup("bird_app_db", 1'204'118, 48),
                                                        backup("blog_db", 2'310, 8), backup("my_database", 0, 7)}}});
    }
    static void upToGate(MigrationJournal &journal, bool isProven = true)
    {
        upToBackups(journal);
        QJsonObject proofs{proof("bird_app_db"), proof("my_database")};
        QJsonObject live{compared("bird_app_db"), compared("my_database")};
        if (isProven) {
            const auto one = proof("blog_db");
            proofs[one.first] = one.second;
            const auto other = compared("blog_db");
            live[other.first] = other.second;
        }
        done(journal, MigrationStep::Prove, QStringLiteral("restored and compared: 11 tables equal"),
             {{QStringLiteral("databases"), proofs}});
        done(journal, MigrationStep::CompareLive, QStringLiteral("nothing was written since"),
             {{QStringLiteral("databases"), live}});
        done(journal, MigrationStep::SecondCopy, QStringLiteral("on USB-STICK"),
             {{QStringLiteral("databases"), QJsonObject{copy("bird_app_db"), copy("blog_db"), copy("my_database")}}});
        tell(journal, MigrationStep::Gate, "begin");
    }
    static void upToEnd(MigrationJournal &journal)
    {
        for (const MigrationStep step : stepsOf(MigrationPath::OneSlot)) {
            done(journal, step, QStringLiteral("done"));
        }
        if (!journal.append(QStringLiteral("plan"), QStringLiteral("end"),
                            {{QStringLiteral("how"), QStringLiteral("finished")}})) {
            qWarning("the end could not be written");
        }
    }
    static MigrationPause ask(MigrationJournal &journal, const MigrationPause &pause)
    {
        tell(journal, pause.step, "ask", {{QStringLiteral("question"), keyOf(pause.question)}});
        return pause;
    }

private:
    using Member = QPair<QString, QJsonValue>;
    static Member backup(const char *database, qint64 rows, qint64 megabytes)
    {
        const QString name = QString::fromLatin1(database);
        return {name, QJsonObject{{QStringLiteral("file"), QStringLiteral("/home/ada/Roost/backups/%1.dump").arg(name)},
                                  {QStringLiteral("sha256"), name},
                                  {QStringLiteral("size"), megabytes << 20},
                                  {QStringLiteral("rows"), rows},
                                  {QStringLiteral("tables"), 4}}};
    }
    static Member proof(const char *database)
    {
        const QString name = QString::fromLatin1(database);
        return {name, QJsonObject{{QStringLiteral("sha256"), name}}};
    }
    static Member compared(const char *database)
    {
        const QString name = QString::fromLatin1(database);
        return {name, QJsonObject{{QStringLiteral("sha256"), name}, {QStringLiteral("equal"), true}}};
    }
    static Member copy(const char *database)
    {
        const QString name = QString::fromLatin1(database);
        return {name, QJsonObject{{QStringLiteral("file"), QStringLiteral("/media/ada/USB-STICK/roost/") + name}}};
    }
};

} // namespace Roost::Testing

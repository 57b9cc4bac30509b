#pragma once

#include "migrationrunner.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"

#include <QFile>

#include <algorithm>

namespace Roost::Testing {

inline const QString firstDatabase = QStringLiteral("bird_app_db");
inline const QString secondDatabase = QStringLiteral("Odd \"name\"");
inline const QString atTheGate = keyOf(MigrationQuestion::Gate);

inline void flipByte(const QString &file)
{
    QFile changed(file);
    QVERIFY(changed.open(QIODevice::ReadWrite));
    QVERIFY(changed.seek(changed.size() / 2));
    char byte = 0;
    QVERIFY(changed.getChar(&byte));
    QVERIFY(changed.seek(changed.pos() - 1));
    QVERIFY(changed.putChar(char(byte ^ 1)));
}

/// A server with two databases, another one for scratch copies, and a migration by hand that is planned.
class GateStage
{
public:
    bool start() { return m_cluster.start() && m_scratch.start(); }
    QString problem() const { return m_cluster.problem() + m_scratch.problem(); }
    void prepare()
    {
        for (const QString &name : {firstDatabase, secondDatabase}) {
            fillSampleDatabase(m_cluster, name, 20);
        }
        m_runner = std::make_unique<MigrationRunner>();
        m_runner->environment().scratchServer = [spec = m_scratch.spec("postgres")](const JobContext &) {
            return Result<ConnectionSpec>(spec);
        };
        m_plan = m_runner->plan(m_cluster.spec(firstDatabase), {firstDatabase, secondDatabase});
        m_plan.serverVersion = m_cluster.psql("SELECT current_setting('server_version')");
        QVERIFY(m_runner->keep(m_plan.profileId, m_cluster.spec(firstDatabase).password));
    }
    void clear()
    {
        m_runner.reset();
        const QString mine = QStringLiteral("FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'");
        const QStringList names = m_cluster.psql("SELECT quote_ident(datname) " + mine).split('\n');
        for (const QString &name : names) {
            m_cluster.psql(QStringLiteral("DROP DATABASE %1 WITH (FORCE)").arg(name));
        }
        QCOMPARE(m_scratch.psql("SELECT count(*) FROM pg_database WHERE datname LIKE 'roost%'"), QString("0"));
    }

protected:
    /// To the gate, with yes to the first question; what it ended in.
    QString toTheGate()
    {
        if (!m_runner->begin(m_plan)) {
            return "no journal";
        }
        const QString asked = endOf(m_runner->go());
        return asked == keyOf(MigrationQuestion::WritersStopped)
                   ? endOf(m_runner->answer(MigrationQuestion::WritersStopped))
                   : asked;
    }
    /// The gate stays shut, and one of the problems says all of this.
    void staysShut(const QStringList &words)
    {
        const auto shut = m_runner->answer(MigrationQuestion::Gate, m_plan.source.name);
        QVERIFY2(shut && *shut, qPrintable(endOf(shut)));
        QVERIFY(!(*shut)->mayBeAnswered);
        const bool isSaid =
            std::any_of((*shut)->problems.begin(), (*shut)->problems.end(), [&](const QString &problem) {
                return std::all_of(words.begin(), words.end(),
                                   [&](const QString &word) { return problem.contains(word); });
            });
        QVERIFY2(isSaid, qPrintable((*shut)->problems.join('\n')));
        QVERIFY(!m_runner->state().isDone(MigrationStep::Gate));
        QVERIFY(!m_runner->state().isPastGate());
    }
    void opens()
    {
        (void)m_runner->answer(MigrationQuestion::Gate, m_plan.source.name);
        QVERIFY(m_runner->state().isDone(MigrationStep::Gate));
        QCOMPARE(m_runner->facts(MigrationStep::Gate)["typedName"].toString(), m_plan.source.name);
    }
    QString backupOf(const QString &database) { return m_runner->state().backupOf(database)["file"].toString(); }
    QString copyOf(const QString &database) { return m_runner->state().secondCopyOf(database)["file"].toString(); }

    static QMap<QString, QString> settings()
    {
        return {{"fsync", "off"}, {"full_page_writes", "off"}, {"autovacuum", "off"}};
    }

    TemporaryCluster m_cluster{settings()};
    TemporaryCluster m_scratch{settings()};
    MigrationPlan m_plan;
    std::unique_ptr<MigrationRunner> m_runner;
};

} // namespace Roost::Testing

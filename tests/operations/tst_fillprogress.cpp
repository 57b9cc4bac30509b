#include "operations/fillprogress.h"

#include <QtTest>

using namespace Roost;

/// What a restore says of its progress, from lines and figures as they come.
class TestFillProgress : public QObject
{
    Q_OBJECT

private slots:
    void oneTableAfterTheOther();
    void indexesCountByTheRowsTheyGoThrough();
    void twoAtATimeCountsNothingTwice();
    void lateFiguresOfAFinishedTable();

private:
    static CopyMonitor::State state(quint64 poll, quint32 relation, qint64 bytes)
    {
        CopyMonitor::State state;
        state.polls = poll;
        state.relation = relation;
        state.bytes = bytes;
        return state;
    }
    /// Two tables and two indexes.
    static void begin(FillProgress &progress, int jobs)
    {
        progress.begin(0.05,
                       {{QStringLiteral("public"), QStringLiteral("a"), 10, 1000},
                        {QStringLiteral("public"), QStringLiteral("b"), 30, 3000}},
                       {1000, 3'000'000'000}, jobs);
    }
    static QString data(const char *table)
    {
        return QStringLiteral("pg_restore: processing data for table \"public.%1\"").arg(QLatin1String(table));
    }

    const ArchiveToc m_toc = parseToc("11; 0 16501 TABLE DATA public a ada\n12; 0 16502 TABLE DATA public b ada\n"
                                      "13; 1259 16503 INDEX public i ada\n");
    Progress m_last;
    JobContext m_context{{}, [this](const Progress &progress) { m_last = progress; }};
};

void TestFillProgress::oneTableAfterTheOther()
{
    PhasedProgress phased(m_context);
    FillProgress progress(m_toc, phased);
    begin(progress, 1);
    progress.takeLine(data("a"));
    progress.take(state(1, 5, 400));
    QCOMPARE(m_last.bytes, 400);
    progress.takeLine(data("b"));
    QCOMPARE(m_last.bytes, 1000);
    progress.take(state(2, 5, 1000)); // still the table before
    QCOMPARE(m_last.bytes, 1000);
    progress.take(state(3, 6, 1500));
    QCOMPARE(m_last.bytes, 2500);
}

/// The second index takes seconds, the first next to nothing: when the second begins, nearly all is still to be done.
void TestFillProgress::indexesCountByTheRowsTheyGoThrough()
{
    PhasedProgress phased(m_context);
    FillProgress progress(m_toc, phased);
    begin(progress, 1);
    progress.takeLine(data("a"));
    progress.takeLine(QStringLiteral("pg_restore: creating INDEX \"public.i\""));
    progress.take(state(1, 0, 0));
    const double first = m_last.fraction();
    progress.takeLine(QStringLiteral("pg_restore: creating INDEX \"public.j\""));
    progress.take(state(2, 0, 0));
    QVERIFY2(m_last.fraction() >= first && m_last.fraction() < first + 0.05, qPrintable(QString::number(first)));
    progress.end();
    phased.report(QStringLiteral("comparing"), 0);
    QVERIFY(m_last.fraction() > 0.9);
}

void TestFillProgress::twoAtATimeCountsNothingTwice()
{
    PhasedProgress phased(m_context);
    FillProgress progress(m_toc, phased);
    begin(progress, 2);
    progress.takeLine(data("a"));
    progress.takeLine(data("b"));
    QCOMPARE(m_last.bytes, 0); // begun, not done
    progress.take(state(1, 5, 900));
    QCOMPARE(m_last.bytes, 900);
    progress.takeLine(QStringLiteral("pg_restore: finished item 11 TABLE DATA a"));
    progress.take(state(3, 6, 1200));
    QCOMPARE(m_last.bytes, 2200);
    const double before = m_last.fraction();
    progress.takeLine(QStringLiteral("pg_restore: finished item 13 INDEX i"));
    progress.takeLine(QStringLiteral("pg_restore: creating INDEX \"public.i\""));
    progress.takeLine(QStringLiteral("pg_restore: finished item 12 TABLE DATA b"));
    progress.take(state(5, 0, 0));
    QCOMPARE(m_last.bytes, 4000);
    QVERIFY(m_last.fraction() >= before && m_last.fraction() < 1);
}

/// The server's answer of before the end would count the table once more.
void TestFillProgress::lateFiguresOfAFinishedTable()
{
    PhasedProgress phased(m_context);
    FillProgress progress(m_toc, phased);
    begin(progress, 2);
    progress.takeLine(data("b"));
    progress.take(state(1, 6, 2900));
    progress.takeLine(QStringLiteral("pg_restore: finished item 12 TABLE DATA b"));
    progress.take(state(1, 6, 2900));
    QCOMPARE(m_last.bytes, 3000);
    progress.take(state(2, 6, 3000)); // asked before the end
    QCOMPARE(m_last.bytes, 3000);
    progress.take(state(3, 5, 100));
    QCOMPARE(m_last.bytes, 3100);
}

QTEST_APPLESS_MAIN(TestFillProgress)
#include "tst_fillprogress.moc"

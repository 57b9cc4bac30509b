#include "jobs/jobrunner.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>
#include <semaphore>

using namespace Roost;

class TestJobRunner : public QObject
{
    Q_OBJECT

private slots:
    void aResultComesBackInTheGuiThread()
    {
        JobRunner runner;
        QObject receiver;
        QString got;
        QThread *workThread = nullptr;
        Job *job = runner.start<QString>(
            "Greet",
            [&workThread](JobContext &context) -> Result<QString> {
                workThread = QThread::currentThread();
                context.report({"Thinking", 1, 2, {}});
                context.log("one line");
                return QString("hello");
            },
            &receiver,
            [&got](const Result<QString> &result) {
                QCOMPARE(QThread::currentThread(), qApp->thread());
                got = *result;
            },
            [](const QString &text) { return "said " + text; });
        QSignalSpy ended(job, &Job::ended);
        QTRY_COMPARE(got, QString("hello"));
        QVERIFY(workThread != qApp->thread());
        QCOMPARE(ended.count(), 1);
        QCOMPARE(job->state(), Job::State::Succeeded);
        QCOMPARE(job->summary(), QString("said hello"));
        QCOMPARE(job->log(), QStringList{"one line"});
        QCOMPARE(job->progress().fraction(), 0.5);
        QCOMPARE(runner.jobs().size(), 1);
        runner.removeEnded();
        QVERIFY(runner.jobs().isEmpty());
    }

    void aFailureIsTold()
    {
        JobRunner runner;
        Job *job =
            runner.start("Fail", [](JobContext &) -> Result<void> { return failure(ErrorCode::NotFound, "No bird."); });
        QTRY_VERIFY(job->isEnded());
        QCOMPARE(job->state(), Job::State::Failed);
        QCOMPARE(job->error().message, QString("No bird."));
    }

    void aCancelReachesTheWork()
    {
        JobRunner runner;
        Job *job = runner.start("Wait", [](JobContext &context) -> Result<void> {
            std::binary_semaphore stopped(0);
            const std::stop_callback wake(context.stopToken(), [&stopped] { stopped.release(); });
            stopped.acquire();
            return failure(Error::cancelled());
        });
        QSignalSpy ended(job, &Job::ended);
        job->cancel();
        QCOMPARE(job->state(), Job::State::Cancelling);
        job->cancel();
        QTRY_COMPARE(job->state(), Job::State::Cancelled);
        QCOMPARE(ended.count(), 1);
    }

    void nothingIsCalledWhenTheReceiverIsGone()
    {
        JobRunner runner;
        std::binary_semaphore go(0);
        bool called = false;
        auto *receiver = new QObject;
        runner.runQuietly<int>(
            [&go](JobContext &) -> Result<int> {
                go.acquire();
                return 1;
            },
            receiver, [&called](const Result<int> &) { called = true; });
        QVERIFY(runner.jobs().isEmpty());
        delete receiver;
        QSignalSpy idle(&runner, &JobRunner::idle);
        go.release();
        QTRY_COMPARE(idle.count(), 1);
        QVERIFY(!called);
        QVERIFY(runner.isIdle());
    }

    void tenThousandReportsAreFewSignals()
    {
        JobRunner runner;
        Job *job = runner.start("Count", [](JobContext &context) -> Result<void> {
            for (int i = 0; i < 20'000; ++i) {
                context.report({"Counting", i, 20'000, {}});
                context.log(QString::number(i));
            }
            return {};
        });
        QSignalSpy changed(job, &Job::changed);
        QTRY_VERIFY(job->isEnded());
        QVERIFY2(changed.count() < 200, qPrintable(QString::number(changed.count())));
        QCOMPARE(job->log().size(), 10'000);
        QCOMPARE(job->log().last(), QString("19999"));
    }

    void theEndWaitsForTheWork()
    {
        std::atomic_bool ended = false;
        {
            JobRunner runner;
            runner.start("Wait", [&ended](JobContext &context) -> Result<void> {
                while (!context.isCancelled()) {
                    QThread::yieldCurrentThread();
                }
                ended = true;
                return failure(Error::cancelled());
            });
        }
        QVERIFY(ended);
    }
};

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_jobrunner.moc"

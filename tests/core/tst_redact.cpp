#include "core/jobcontext.h"
#include "core/redact.h"
#include "core/secret.h"

#include <QTest>
#include <QUrl>

#include <memory>

using namespace Roost;

class TestRedact : public QObject
{
    Q_OBJECT

private slots:
    void knownSecretsGoInEveryForm_data()
    {
        QTest::addColumn<QString>("text");
        const QString secret = QStringLiteral("Pä$$/w\"ord@1");
        QTest::newRow("raw") << "login with " + secret + " failed";
        QTest::newRow("percent") << "uri " + QString::fromLatin1(QUrl::toPercentEncoding(secret));
        QTest::newRow("base64") << "auth " + QString::fromLatin1(secret.toUtf8().toBase64());
        QTest::newRow("hex") << "bytes " + QString::fromLatin1(secret.toUtf8().toHex());
        QTest::newRow("json") << QStringLiteral("{\"password\": \"Pä$$/w\\\"ord@1\"}");
    }
    void knownSecretsGoInEveryForm()
    {
        QFETCH(QString, text);
        const Secret secret(QStringLiteral("Pä$$/w\"ord@1"));
        const QString clean = redact(text);
        QVERIFY2(clean.contains("***"), qPrintable(clean));
        QVERIFY(!clean.contains("ord@1"));
        QVERIFY(!clean.contains(QString::fromLatin1(secret.revealUtf8().toBase64(QByteArray::OmitTrailingEquals))));
    }

    void unknownSecretsGoByTheirPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("clean");
        QTest::newRow("url") << "postgres://ada:neverseen@h.example/db"
                             << "postgres://ada:***@h.example/db";
        QTest::newRow("url with @ in it") << "postgresql+psycopg2://u:S3@CRET@h/db"
                                          << "postgresql+psycopg2://u:***@h/db";
        QTest::newRow("env") << "PGPASSWORD=neverseen psql -h x"
                             << "PGPASSWORD=*** psql -h x";
        QTest::newRow("conninfo") << "host=x password='never \\' seen' user=y"
                                  << "host=x password=*** user=y";
        QTest::newRow("query") << "?user=x&password=neverseen&sslmode=require"
                               << "?user=x&password=***&sslmode=require";
        QTest::newRow("bearer") << "Authorization: Bearer rnd_neverseen"
                                << "Authorization: Bearer ***";
        QTest::newRow("nothing") << "relation \"birds\" does not exist"
                                 << "relation \"birds\" does not exist";
    }
    void unknownSecretsGoByTheirPlace()
    {
        QFETCH(QString, text);
        QFETCH(QString, clean);
        QCOMPARE(redact(text), clean);
    }

    void shortWordsAreLeftAlone()
    {
        const Secret secret("pg");
        QCOMPARE(redact("pg_dump"), QString("pg_dump"));
    }

    void aSecretIsKnownAsLongAsACopyLives()
    {
        auto first = std::make_unique<Secret>(QStringLiteral("half-typed"));
        auto second = std::make_unique<Secret>(*first);
        const Secret again(QStringLiteral("half-typed word"));
        first.reset();
        QCOMPARE(redact("half-typed"), QString("***"));
        second.reset();
        QCOMPARE(redact("half-typed"), QString("half-typed"));
        QCOMPARE(redact("half-typed word"), QString("***"));
    }

    void aLogIsRedacted()
    {
        const Secret secret("canary-1234");
        QStringList lines;
        const JobContext context({}, {}, [&lines](const QString &line) { lines += line; });
        context.log("got canary-1234 here");
        QCOMPARE(lines, QStringList{"got *** here"});
    }
};

QTEST_GUILESS_MAIN(TestRedact)
#include "tst_redact.moc"

#include "core/secret.h"

#include <QTest>

#include <type_traits>

using namespace Roost;

template <class T>
concept CanBeDebugged = requires(QDebug out, const T &value)
{
    out << value;
};

class TestSecret : public QObject
{
    Q_OBJECT

private slots:
    void revealsOnlyOnRequest()
    {
        const Secret secret("correct horse");
        QCOMPARE(secret.reveal(), QString("correct horse"));
        QCOMPARE(secret.revealUtf8(), QByteArray("correct horse"));
        static_assert(!CanBeDebugged<Secret>);
        static_assert(!std::is_convertible_v<Secret, QString>);
        static_assert(!std::is_convertible_v<QString, Secret>);
    }

    void copiesAreIndependent()
    {
        Secret copy;
        QVERIFY(copy.isEmpty());
        {
            const Secret original("first one");
            copy = original;
        }
        QCOMPARE(copy.reveal(), QString("first one"));
        Secret moved = std::move(copy);
        QCOMPARE(moved.reveal(), QString("first one"));
        QVERIFY(copy.isEmpty());
        QVERIFY(moved.isSameAs(Secret("first one")));
        QVERIFY(!moved.isSameAs(Secret("another")));
    }
};

QTEST_GUILESS_MAIN(TestSecret)
#include "tst_secret.moc"

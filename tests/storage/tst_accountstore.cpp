#include "storage/accountstore.h"
#include "storage/profilestore.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Roost;

namespace {

Account account(const QString &id, const QString &name)
{
    Account made;
    made.id = id;
    made.name = name;
    made.email = "ada@example.com";
    made.api = QUrl("http://127.0.0.1:4711/v1");
    made.isPractice = true;
    made.secretIsStored = true;
    return made;
}

} // namespace

class TestAccountStore : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->filePath("home/roost.sqlite");
    }

    void anAccountComesBackAsItWas()
    {
        const AccountStore store(m_file);
        const Account ada = account("1", "Ada ä");
        QVERIFY(store.save(ada).has_value());
        QVERIFY(store.save(Account{"2", "Another", {}, {}, false, false}).has_value());
        const auto all = store.all();
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 2);
        QCOMPARE(all->at(0).name, QString("Ada ä"));
        const Result<Account> back = store.byName("Ada ä");
        QVERIFY(back.has_value());
        QCOMPARE(back->id, ada.id);
        QCOMPARE(back->email, ada.email);
        QCOMPARE(back->api, ada.api);
        QCOMPARE(back->isPractice, true);
        QCOMPARE(back->secretIsStored, true);
        QVERIFY(all->at(1).api.isEmpty());
        QCOMPARE(all->at(1).isPractice, false);
    }

    void namesAreUnique()
    {
        const AccountStore store(m_file);
        QVERIFY(store.save(account("1", "Ada")).has_value());
        const Result<void> second = store.save(account("2", "Ada"));
        QCOMPARE(second.error().code, ErrorCode::AlreadyExists);
        QVERIFY(second.error().message.contains("Ada"));
        QVERIFY(store.save(account("1", "Grace")).has_value()); // renamed
        QVERIFY(store.save(account("2", "Ada")).has_value());
        QCOMPARE(store.all()->size(), 2);
        QCOMPARE(store.save(account("3", "  ")).error().code, ErrorCode::InvalidInput);
    }

    void anUnknownNameNamesTheKnownOnes()
    {
        const AccountStore store(m_file);
        QCOMPARE(store.byName("Ada").error().code, ErrorCode::NotFound);
        QVERIFY(!QFile::exists(m_file)); // looking makes no file
        QVERIFY(store.save(account("1", "Grace")).has_value());
        QVERIFY(store.byName("Ada").error().message.contains("Grace"));
    }

    void connectionsOutliveTheirAccount()
    {
        const AccountStore store(m_file);
        const ProfileStore profiles(m_file);
        QVERIFY(store.save(account("1", "Ada")).has_value());
        Profile birds;
        birds.id = "p";
        birds.name = "birds";
        birds.accountId = "1";
        birds.renderId = "dpg-c0ffee00000000000002-a";
        birds.expiresAt = QDateTime::fromString("2026-10-01T10:00:00.123Z", Qt::ISODateWithMs);
        birds.lifetimeDays = 90;
        QVERIFY(profiles.save(birds).has_value());
        QVERIFY(store.remove("1").has_value());
        QCOMPARE(store.all()->size(), 0);
        const Result<Profile> back = profiles.byName("birds");
        QVERIFY(back.has_value());
        QVERIFY(back->accountId.isEmpty());
        QCOMPARE(back->renderId, birds.renderId);
        QCOMPARE(back->expiresAt, birds.expiresAt);
        QCOMPARE(back->lifetimeDays, 90);
        QVERIFY(store.remove("1").has_value()); // gone already
    }

    void theFileHoldsNoKey()
    {
        const AccountStore store(m_file);
        QVERIFY(store.save(account("1", "Ada")).has_value());
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray content = file.readAll();
        QVERIFY(content.contains("ada@example.com"));
        QVERIFY(!content.contains("rnd_"));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

QTEST_GUILESS_MAIN(TestAccountStore)
#include "tst_accountstore.moc"

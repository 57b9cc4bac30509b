// The inspector with bytes, pictures, files and long values.

#include "gui/table/inspector/hexview.h"
#include "gui/table/inspector/picturepage.h"
#include "gui/table/inspector/textpage.h"
#include "inspectorfixture.h"
#include "stallprobe.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QTemporaryDir>

using namespace Roost;
using namespace Roost::Testing;

class TestInspectorFiles : public InspectorFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { start(); }
    void init() { begin(); }
    void cleanup() { end(); }
    void pictureIsShown();
    void bytesToAFileAndBack();
    void textFromAFile();
    void longValueIsReadOnDemand();
    void fiftyMegabytesDoNotBlock();
    void fiveMegabytesOfBytesDoNotBlock();

private:
    QTemporaryDir m_folder;
};

void TestInspectorFiles::pictureIsShown()
{
    QVERIFY(open("birds"));
    look(0, "picture");
    QTRY_VERIFY(part<PicturePage>("inspectorPicturePage") &&
                !part<PicturePage>("inspectorPicturePage")->picture().image.isNull());
    QVERIFY(part<QWidget>("inspectorPicture")->isVisible());
    QVERIFY(part<QLabel>("inspectorPictureFacts")->text().contains(QStringLiteral("640 × 480")));
    part<QPushButton>("inspectorViewHex")->click();
    auto *hex = part<HexView>("hexView");
    QVERIFY(hex->isVisible());
    QCOMPARE(hex->bytes(), picturePng());
    QVERIFY2(hex->line(0).startsWith(QStringLiteral("00000000  89 50 4e 47")), qPrintable(hex->line(0)));
    QVERIFY(hex->line(0).contains(QStringLiteral("·PNG")));
    look(1, "picture"); // NULL
    QVERIFY(hex->isVisible());
    QVERIFY(hex->bytes().isEmpty());
    look(2, "picture"); // no bytes
    QVERIFY(!part<QPushButton>("inspectorViewPicture")->isVisible());
    look(0, "picture");
    part<QPushButton>("inspectorViewPicture")->click();
}

void TestInspectorFiles::bytesToAFileAndBack()
{
    QVERIFY(open("long"));
    QByteArray bytes(5 * 1024 * 1024, Qt::Uninitialized);
    QRandomGenerator random(3);
    for (char &byte : bytes) {
        byte = char(random.bounded(256));
    }
    const QString from = m_folder.filePath(QStringLiteral("from.bin"));
    QFile source(from);
    QVERIFY(source.open(QIODevice::WriteOnly) && source.write(bytes) == bytes.size());
    source.close();

    StallProbe probe;
    look(2, "b");
    m_prompts.path = from;
    part<QPushButton>("inspectorLoad")->click();
    QTRY_COMPARE(m_model->changes().counts().changed, 1);
    QTRY_COMPARE(part<HexView>("hexView")->bytes(), bytes);
    QCOMPARE(value(2, "b")->size(), 2 * bytes.size() + 2);
    QVERIFY2(probe.worst() < 50, qPrintable(QString::number(probe.worst())));
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT md5(b) FROM long WHERE id = 3")),
             QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex()));

    // Out again, from a fresh look: the whole value is fetched for it.
    QVERIFY(open("long"));
    look(2, "b");
    QVERIFY(cell(2, "b").data(RowsModel::ShortenedRole).toBool());
    m_prompts.path = m_folder.filePath(QStringLiteral("to.bin"));
    part<QPushButton>("inspectorSave")->click();
    const auto written = [this] {
        QFile file(m_prompts.path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QTRY_COMPARE_WITH_TIMEOUT(written().size(), bytes.size(), 20'000);
    QVERIFY(written() == bytes);
    QVERIFY(m_prompts.errors.isEmpty());

    m_prompts.path = m_folder.filePath(QStringLiteral("no folder/to.bin"));
    part<QPushButton>("inspectorSave")->click();
    QTRY_COMPARE(m_prompts.errors.size(), 1);
}

void TestInspectorFiles::textFromAFile()
{
    QVERIFY(open("birds"));
    const auto load = [this](const QByteArray &content) {
        m_prompts.path = m_folder.filePath(QStringLiteral("value.txt"));
        QFile file(m_prompts.path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        file.close();
        part<QPushButton>("inspectorLoad")->click();
    };
    look(0, "note");
    load("\xEF\xBB\xBFgr\xC3\xBC\xC3\x9F\r\ndich");
    QTRY_COMPARE(value(0, "note"), CellValue(QStringLiteral("grüß\r\ndich")));
    load("gr\xFC\xDF");
    QTRY_COMPARE(m_prompts.errors.size(), 1);
    load(QByteArray("a\0b", 3));
    QTRY_COMPARE(m_prompts.errors.size(), 2);
    look(0, "raw");
    load("{\"a\": 1,\n\"b\"}");
    QTRY_COMPARE(m_prompts.errors.size(), 3);
    QVERIFY(m_prompts.errors.last().message.contains(QStringLiteral("Line 2, column 4")));
    look(0, "name");
    load("longer than twenty characters");
    QTRY_COMPARE(m_prompts.errors.size(), 4);
    QCOMPARE(m_model->changes().counts().changed, 1);
    QCOMPARE(value(0, "name"), CellValue(QStringLiteral("Grackle")));
}

void TestInspectorFiles::longValueIsReadOnDemand()
{
    QVERIFY(open("long"));
    look(0, "t"); // 3.2 MB, not compressible
    QVERIFY(text()->isReadOnly());
    loadWhole();
    QTRY_VERIFY(!cell(0, "t").data(RowsModel::ShortenedRole).toBool());
    QTRY_COMPARE(text()->exact().size(), TextPage::shownOfLong);
    QVERIFY(text()->isReadOnly());
    m_prompts.path = m_folder.filePath(QStringLiteral("long.txt"));
    part<QPushButton>("inspectorSave")->click();
    QTRY_COMPARE(QFileInfo(m_prompts.path).size(), 3'200'000);
    QVERIFY(m_model->changes().isEmpty());
    // What is left before it has come does not come over the next cell.
    look(2, "t");
    QCOMPARE(text()->exact(), QStringLiteral("short"));
}

void TestInspectorFiles::fiftyMegabytesDoNotBlock()
{
    QVERIFY(open("long"));
    StallProbe probe;
    look(1, "t");
    loadWhole();
    QTRY_VERIFY_WITH_TIMEOUT(!cell(1, "t").data(RowsModel::ShortenedRole).toBool(), 30'000);
    QTRY_COMPARE(text()->exact().size(), TextPage::shownOfLong);
    QTest::qWait(100);
    const qint64 shown = probe.worst();
    probe.restart();
    for (int i = 0; i < 5; ++i) {
        look(2, "t");
        QTest::qWait(20);
        look(1, "t");
        QTest::qWait(20);
    }
    text()->verticalScrollBar()->setValue(text()->verticalScrollBar()->maximum());
    QTest::qWait(50);
    qInfo("50 MB: at first %lld ms, again %lld ms", shown, probe.worst());
    QVERIFY2(shown < 50, qPrintable(QString::number(shown)));
    QVERIFY2(probe.worst() < 50, qPrintable(QString::number(probe.worst())));
}

void TestInspectorFiles::fiveMegabytesOfBytesDoNotBlock()
{
    m_fixture.psql(QStringLiteral("UPDATE long SET b = decode(repeat('00ff10e4', 1250000), 'hex') WHERE id = 2"));
    QVERIFY(open("long"));
    StallProbe probe;
    look(1, "b");
    auto *hex = part<HexView>("hexView");
    loadWhole();
    QTRY_COMPARE(hex->bytes().size(), 5'000'000);
    hex->verticalScrollBar()->setValue(hex->verticalScrollBar()->maximum());
    QTest::qWait(50);
    QVERIFY2(probe.worst() < 50, qPrintable(QString::number(probe.worst())));
    QVERIFY2(hex->line(hex->lineCount() - 1).contains(QStringLiteral("e4")),
             qPrintable(hex->line(hex->lineCount() - 1)));
}

QTEST_MAIN(TestInspectorFiles)
#include "tst_inspectorfiles.moc"

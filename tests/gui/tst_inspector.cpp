// The inspector: values looked at, edited, taken to files and back, through the real panel on a real server.

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/table/editors/exacttextedit.h"
#include "gui/table/inspector/arraytext.h"
#include "gui/table/inspector/factlist.h"
#include "gui/table/inspector/hexview.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "gui/table/inspector/jsontext.h"
#include "gui/table/inspector/jsontreemodel.h"
#include "gui/table/inspector/picturepage.h"
#include "gui/table/inspector/textpage.h"
#include "gui/table/inspector/valuefacts.h"
#include "gui/table/inspector/valuefiles.h"
#include "gui/table/inspector/valueview.h"
#include "gui/table/links/linkchooser.h"
#include "gui/theme/theme.h"
#include "models/rowsfixture.h"
#include "scriptedprompts.h"
#include "stallprobe.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QClipboard>
#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const jsonText = "{\"b\" : 1,   \"a\":[1, 2.50, {\"deep\": \"it's \\u00fc\"}], \"a\":null, "
                             "\"big\": 12345678901234567890123.10}";

QByteArray picturePng()
{
    QImage image(640, 480, QImage::Format_ARGB32);
    image.fill(QColor(0x25, 0x63, 0xeb));
    QPainter painter(&image);
    painter.setBrush(QColor(0xff, 0xc8, 0x57));
    painter.drawEllipse(QRect(200, 120, 240, 240));
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

RowColumn typed(unsigned oid, char category, bool isNumeric = false)
{
    RowColumn column;
    column.baseOid = oid;
    column.category = category;
    column.isNumeric = isNumeric;
    return column;
}

} // namespace

class TestInspector : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void jsonProblems_data();
    void jsonProblems();
    void jsonAsTheServerTakesIt();
    void prettyKeepsEveryToken();
    void jsonTree();
    void deepJson();
    void arrays_data();
    void arrays();
    void readings();
    void pictureFormats();

    void factsOfACell();
    void textIsEditedAndStaged();
    void leavingStages();
    void whatCannotBeStagedWaits();
    void invalidJsonIsRefusedWithItsPlace();
    void jsonIsStagedAsWritten();
    void treeShowsAndCopies();
    void nullAndRevert();
    void readOnlySaysWhy();
    void pictureIsShown();
    void bytesToAFileAndBack();
    void textFromAFile();
    void arrayAsAList();
    void longValueIsReadOnDemand();
    void fiftyMegabytesDoNotBlock();
    void fiveMegabytesOfBytesDoNotBlock();
    void linksAreFollowed();
    void sameCellElsewhereKeepsTheDraft();
    void shots();

private:
    bool open(const char *table);
    void look(int row, const char *column) { m_panel->setCurrent(cell(row, column)); }
    QModelIndex cell(int row, const char *column) const
    {
        return m_model->index(row, m_model->columnOf(QString::fromLatin1(column)));
    }
    template <class T>
    T *part(const char *name) const
    {
        return m_panel->findChild<T *>(QString::fromLatin1(name));
    }
    ExactTextEdit *text() const { return part<ExactTextEdit>("inspectorText"); }
    Notice *notice() const { return part<Notice>("inspectorNotice"); }
    QString fact(const char *name) const
    {
        for (const auto &[what, how] : part<FactList>("inspectorFacts")->facts()) {
            if (what == QLatin1String(name)) {
                return how;
            }
        }
        return {};
    }
    void replace(const QString &with) const
    {
        text()->selectAll();
        text()->insertPlainText(with);
    }
    CellValue value(int row, const char *column) const
    {
        return m_model->value(row, m_model->columnOf(QString::fromLatin1(column)));
    }
    void loadWhole() const
    {
        auto *load = notice()->findChild<QPushButton *>(QStringLiteral("inspectorLoadWhole"));
        QVERIFY(load && load->isVisible());
        QVERIFY2(load->text().contains(QStringLiteral("MB")), qPrintable(load->text()));
        load->click();
    }
    bool apply();

    RowsFixture m_fixture;
    ScriptedPrompts m_prompts;
    Services m_services;
    QTemporaryDir m_folder;
    std::unique_ptr<RowsModel> m_model;
    std::unique_ptr<InspectorPanel> m_panel;
};

void TestInspector::initTestCase()
{
    QVERIFY(m_fixture.start());
    Theme::apply(*qobject_cast<QApplication *>(QCoreApplication::instance()), Theme::Mode::Light);
    m_services.jobs = &m_fixture.jobs;
    m_services.prompts = &m_prompts;
    m_services.sessions = &m_fixture.sessions;
    m_services.activity = &m_fixture.activity;
    m_fixture.psql(
        QStringLiteral("SET ROLE my_database_user;"
                       "CREATE TABLE birds (id integer PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'bird', data "
                       "jsonb, raw json,"
                       "  picture bytea, tags text[], note text, seen timestamptz, weight numeric CHECK (weight > 0),"
                       "  twice integer GENERATED ALWAYS AS (id * 2) STORED, parent integer REFERENCES birds);"
                       "COMMENT ON COLUMN birds.name IS 'What people <b>call</b> it';"
                       "CREATE TABLE nests (id integer PRIMARY KEY, bird integer REFERENCES birds);"
                       "CREATE TABLE eggs (id integer PRIMARY KEY, bird integer REFERENCES birds);"
                       "INSERT INTO birds (id, name, raw, tags, note, seen, weight, parent) VALUES"
                       "  (1, 'Grackle', %1, ARRAY['a,b', '', NULL, 'two words'], E'one\\r\\ntwo', '2026-07-02 "
                       "03:04:05.123456+00',"
                       "   1234567.50, NULL),"
                       "  (2, 'Dove', NULL, NULL, NULL, 'infinity', 12, 1), (3, 'Wren', '[]', '{}', '', NULL, NULL, 2);"
                       "UPDATE birds SET data = raw::jsonb;"
                       "UPDATE birds SET picture = '\\x%2' WHERE id = 1; UPDATE birds SET picture = '\\x' WHERE id = 3;"
                       "CREATE TABLE long (id integer PRIMARY KEY, t text, b bytea);"
                       "INSERT INTO long VALUES (1, (SELECT string_agg(md5(n::text), '') FROM generate_series(1, "
                       "100000) n), NULL),"
                       "  (2, repeat('0123456789', 5000000), NULL), (3, 'short', NULL)")
            .arg(quoteLiteral(QString::fromLatin1(jsonText)), QString::fromLatin1(picturePng().toHex())));
}

void TestInspector::init()
{
    m_model = std::make_unique<RowsModel>(&m_fixture.sessions, &m_fixture.activity);
    m_panel = std::make_unique<InspectorPanel>(m_services);
    m_panel->setModel(m_model.get());
    m_panel->resize(380, 760);
    m_panel->show();
    m_prompts.errors.clear();
}

void TestInspector::cleanup()
{
    m_panel.reset();
    m_model.reset();
}

bool TestInspector::open(const char *table)
{
    m_model->open(m_fixture.direct, m_fixture.database, m_fixture.relation(QString::fromLatin1(table)));
    return QTest::qWaitFor([this] {
        return m_model->state() == RowsModel::State::Ready && m_model->description() && m_model->rowCount() >= 3;
    });
}

bool TestInspector::apply()
{
    bool isDone = false;
    bool isApplied = false;
    m_model->apply(this, [&](const Result<ApplyOutcome> &outcome) {
        isDone = true;
        isApplied = outcome && outcome->state == ApplyOutcome::State::Applied;
    });
    return QTest::qWaitFor([&] { return isDone; }, 30'000) && isApplied;
}

void TestInspector::jsonProblems_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    const auto row = [](const char *text, int line, int column) {
        QTest::newRow(text) << QString::fromUtf8(text) << line << column;
    };
    row("", 1, 1);
    row("{\"a\": 1,}", 1, 9);
    row("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3);
    row("[1, 2", 1, 6);
    row("[1, 2,]", 1, 7);
    row("{a: 1}", 1, 2);
    row("{'a': 1}", 1, 2);
    row("[01]", 1, 2);
    row("[1.]", 1, 4);
    row("[+1]", 1, 2);
    row("[.5]", 1, 2);
    row("[1e]", 1, 4);
    row("\"a\nb\"", 1, 3);
    row("\"🐦\\x\"", 1, 3);
    row("\"open", 1, 1);
    row("{\"a\" 1}", 1, 6);
    row("{\"a\": }", 1, 7);
    row("true false", 1, 6);
    row("[nul]", 1, 2);
    row("[1}", 1, 3);
    row("\"\\u12\"", 1, 2);
    row("NaN", 1, 1);
    row("{}}", 1, 3);
}

void TestInspector::jsonProblems()
{
    QFETCH(QString, text);
    const auto problem = jsonProblem(text, false);
    QVERIFY(problem);
    QFETCH(int, line);
    QFETCH(int, column);
    QCOMPARE(problem->line, line);
    QCOMPARE(problem->column, column);
    QVERIFY(!problem->message.isEmpty());
}

/// What we take the server takes, and the other way round.
void TestInspector::jsonAsTheServerTakesIt()
{
    QRandomGenerator random(5);
    const QStringList pieces{"{",           "}",           "[",
                             "]",           ",",           ":",
                             "\"a\"",       "\"\\u00e4\"", "\"\\ud83d\\udc26\"",
                             "\"\\ud83d\"", "\"\\u0000\"", "1",
                             "-0.5e+10",    "01",          "true",
                             "null",        "nul",         " ",
                             "\n",          "\"\\n\"",     "\"x",
                             "1.",          "\"\\/\"",     "{\"k\":",
                             "[1,"};
    QStringList texts{QString::fromLatin1(jsonText),
                      "",
                      " ",
                      "[]",
                      "{}",
                      "0",
                      "\"\"",
                      "\u00a0[]",
                      "[1 ]",
                      "\"\u2028\"",
                      "\"\x7f\"",
                      "{\"a\":1,\"a\":2}",
                      "1e400",
                      "-",
                      "--1",
                      "[[[]]]",
                      "\"\\u00zz\"",
                      "\"\\uD800x\""};
    for (int i = 0; i < 1500; ++i) {
        QString text;
        for (int n = 1 + random.bounded(5); n > 0; --n) {
            text += pieces[random.bounded(int(pieces.size()))];
        }
        texts += text;
    }
    m_fixture.psql(QStringLiteral(
        "CREATE OR REPLACE FUNCTION takes(t text, ty text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN"
        "  EXECUTE 'SELECT $1::' || ty USING t; RETURN 't'; EXCEPTION WHEN others THEN RETURN 'f'; END $$"));
    QStringList literals;
    for (const QString &text : std::as_const(texts)) {
        literals += QStringLiteral("(%1)").arg(quoteLiteral(text));
    }
    const QStringList verdicts =
        m_fixture
            .psql(QStringLiteral("SELECT takes(v.t, 'json') || takes(v.t, 'jsonb') FROM (VALUES %1) v (t)")
                      .arg(literals.join(u',')))
            .split(u'\n');
    QCOMPARE(verdicts.size(), texts.size());
    int good = 0;
    for (qsizetype i = 0; i < texts.size(); ++i) {
        const QString ours =
            QString(jsonProblem(texts[i], false) ? u'f' : u't') + (jsonProblem(texts[i], true) ? u'f' : u't');
        QVERIFY2(ours == verdicts[i],
                 qPrintable(QStringLiteral("%1: ours %2, the server's %3").arg(texts[i], ours, verdicts[i])));
        good += verdicts[i].startsWith(u't') ? 1 : 0;
    }
    QVERIFY(good > 100);
}

void TestInspector::prettyKeepsEveryToken()
{
    const QString pretty = prettyJson(QString::fromLatin1(jsonText));
    QVERIFY(!jsonProblem(pretty, true));
    QCOMPARE(prettyJson(pretty), pretty);
    QCOMPARE(pretty,
             QStringLiteral("{\n  \"b\": 1,\n  \"a\": [\n    1,\n    2.50,\n    {\n      \"deep\": \"it's "
                            "\\u00fc\"\n    }\n  ],\n  \"a\": null,\n  \"big\": 12345678901234567890123.10\n}"));
    QCOMPARE(prettyJson(QStringLiteral("{\"e\":{},\"l\":[ ]}")), QStringLiteral("{\n  \"e\": {},\n  \"l\": []\n}"));
}

void TestInspector::jsonTree()
{
    auto tree = parseJson(QString::fromLatin1(jsonText), 1000);
    QVERIFY(tree);
    QVERIFY(tree->isWhole);
    JsonTreeModel model;
    const QAbstractItemModelTester tester(&model);
    model.setTree(std::move(*tree));
    const QModelIndex root = model.index(0, 0);
    QCOMPARE(model.rowCount(root), 4);
    const auto shown = [&model](const QModelIndex &parent, int row, int column) {
        return model.index(row, column, parent).data().toString();
    };
    QCOMPARE(shown(root, 1, 0), QStringLiteral("a"));
    QCOMPARE(shown(root, 2, 0), QStringLiteral("a")); // twice the same key: both are there
    QCOMPARE(shown(root, 3, 1), QStringLiteral("12345678901234567890123.10"));
    const QModelIndex array = model.index(1, 0, root);
    QCOMPARE(shown(array, 1, 1), QStringLiteral("2.50"));
    const QModelIndex deep = model.index(0, 0, model.index(2, 0, array));
    const QString path = model.path(deep, QStringLiteral("data"));
    QCOMPARE(path, QStringLiteral("\"data\"->'a'->2->>'deep'"));
    // Of two keys jsonb keeps the last; the path of the first array needs a text without the second.
    QCOMPARE(m_fixture.psql(
                 QStringLiteral("SELECT %1 FROM (SELECT '{\"a\":[1,2,{\"deep\":\"x\"}]}'::jsonb AS data) s").arg(path)),
             QStringLiteral("x"));
    QCOMPARE(model.path(root, QStringLiteral("Da\"ta")), QStringLiteral("\"Da\"\"ta\""));
    const auto few = parseJson(QStringLiteral("[1,2,3,4,[5,6],7]"), 4);
    QVERIFY(few && !few->isWhole);
    QCOMPARE(few->nodes.size(), size_t(4));
    QVERIFY(!parseJson(QStringLiteral("[1,"), 10));
}

void TestInspector::deepJson()
{
    const QString deep = QString(200'000, u'[') + QString(200'000, u']');
    QVERIFY(!jsonProblem(deep, true));
    QVERIFY(parseJson(deep, 1000));
    QVERIFY(jsonProblem(deep + u']', true));
}

void TestInspector::arrays_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *text, const QStringList &expected) {
        QTest::newRow(text) << QString::fromUtf8(text) << expected;
    };
    row("{}", {});
    row("{1,2}", {"[1]=1", "[2]=2"});
    row("{{1,2},{3,NULL}}", {"[1][1]=1", "[1][2]=2", "[2][1]=3", "[2][2]:NULL"});
    row("[0:1]={7,8}", {"[0]=7", "[1]=8"});
    row("[-1:0][5:5]={{a},{b}}", {"[-1][5]=a", "[0][5]=b"});
    row("{\"a,b\",\"\",NULL,\"NULL\",\"\\\"q\\\"\",\"{x}\",\"l\n2\"}",
        {"[1]=a,b", "[2]=", "[3]:NULL", "[4]=NULL", "[5]=\"q\"", "[6]={x}", "[7]=l\n2"});
    row("{two words, x}", {"[1]=two words", "[2]= x"});
    for (const char *wrong : {"", "{", "{1", "{1,}", "{,1}", "1", "{1}}", "{\"a}", "[0:1]{1,2}", "{1}x", "{{1},2"}) {
        row(wrong, {"wrong"});
    }
}

void TestInspector::arrays()
{
    QFETCH(QString, text);
    QFETCH(QStringList, expected);
    const auto elements = arrayElements(text, 100);
    QStringList found;
    if (!elements) {
        found = QStringList{QStringLiteral("wrong")};
    } else {
        for (const ArrayElement &element : *elements) {
            found += element.place + (element.value ? u'=' + *element.value : QStringLiteral(":NULL"));
        }
    }
    QCOMPARE(found, expected);
}

void TestInspector::readings()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCOMPARE(groupedNumber(QStringLiteral("-1234567890123456789012.50")),
             QStringLiteral("-1,234,567,890,123,456,789,012.50"));
    QCOMPARE(groupedNumber(QStringLiteral("1234")), QString());
    QCOMPARE(groupedNumber(QStringLiteral("NaN")), QString());
    QCOMPARE(groupedNumber(QStringLiteral("1e10")), QString());
    constexpr unsigned timestamptz = 1184;
    constexpr unsigned date = 1082;
    const QByteArray zone = qgetenv("TZ");
    qputenv("TZ", "Asia/Kolkata");
    const QString reading = valueReading(typed(timestamptz, 'D'), QStringLiteral("2026-07-02 20:04:05.123456+00"));
    if (zone.isNull()) {
        qunsetenv("TZ");
    } else {
        qputenv("TZ", zone);
    }
    QVERIFY2(reading.startsWith(QStringLiteral("2026-07-03 01:34:05.123456")), qPrintable(reading));
    QCOMPARE(valueReading(typed(timestamptz, 'D'), QStringLiteral("infinity")), QString());
    QCOMPARE(valueReading(typed(date, 'D'), QStringLiteral("2026-11-24")),
             QStringLiteral("Tuesday, November 24, 2026"));
    QCOMPARE(valueReading(typed(date, 'D'), QStringLiteral("0044-03-15 BC")), QString());
    QCOMPARE(textSize(QStringLiteral("a🐦ä\n")), QStringLiteral("4 characters · 8 bytes · 2 lines"));
    QCOMPARE(QStringLiteral("a🐦ä\n").toUtf8().size(), 8);
}

void TestInspector::pictureFormats()
{
    QCOMPARE(pictureFormat(picturePng()), QStringLiteral("PNG"));
    QCOMPARE(pictureFormat("GIF89a.."), QStringLiteral("GIF"));
    QCOMPARE(pictureFormat(QByteArray("\xFF\xD8\xFF\xE0", 4)), QStringLiteral("JPEG"));
    QCOMPARE(pictureFormat(QByteArray("RIFF\0\0\0\0WEBPVP8 ", 16)), QStringLiteral("WebP"));
    QCOMPARE(pictureFormat("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' width='9' height='4'/>"),
             QStringLiteral("SVG"));
    QCOMPARE(pictureFormat("BM is how this text begins, yet it is none"), QString());
    QCOMPARE(pictureFormat(QByteArray()), QString());
    for (const char *format : {"BMP", "JPEG", "PNG"}) {
        QImage image(30, 20, QImage::Format_RGB32);
        image.fill(Qt::red);
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        QVERIFY(image.save(&buffer, format));
        const Picture picture = readPicture(bytes, {10, 10});
        QCOMPARE(picture.format, QLatin1String(format));
        QVERIFY2(picture.problem.isEmpty(), qPrintable(picture.problem));
        QCOMPARE(picture.size, QSize(30, 20));
        QVERIFY(picture.image.width() <= 10);
    }
    const Picture svg = readPicture("<svg xmlns='http://www.w3.org/2000/svg' width='90' height='40'><rect width='90' "
                                    "height='40' fill='red'/></svg>",
                                    {45, 45});
    QCOMPARE(svg.size, QSize(90, 40));
    QCOMPARE(svg.image.size(), QSize(45, 20));
    QCOMPARE(svg.image.pixelColor(20, 10), QColor(Qt::red));
    QVERIFY(!readPicture(picturePng().left(200), {10, 10}).problem.isEmpty());
    // A picture that says of itself to be huge is not decoded.
    QByteArray huge = picturePng();
    huge.replace(16, 8, QByteArray::fromHex("0000ffff0000ffff"));
    QVERIFY(!readPicture(huge, {10, 10}).problem.isEmpty());
}

void TestInspector::factsOfACell()
{
    QVERIFY(open("birds"));
    look(0, "name");
    QCOMPARE(part<QLabel>("inspectorType")->text(), QStringLiteral("character varying(20)"));
    QCOMPARE(fact("Comment"), QStringLiteral("What people <b>call</b> it"));
    QVERIFY(fact("Default").contains(QStringLiteral("'bird'")));
    QVERIFY2(fact("Rules").startsWith(QStringLiteral("not null, at most 20 character")), qPrintable(fact("Rules")));
    QCOMPARE(fact("Size"), QStringLiteral("7 characters"));
    look(0, "weight");
    QVERIFY2(fact("Rules").contains(QStringLiteral("CHECK")), qPrintable(fact("Rules")));
    QCOMPARE(fact("Reads"), QLocale().toString(1234567) + QLocale().decimalPoint() + QStringLiteral("50"));
    look(0, "id");
    QVERIFY(fact("Rules").contains(QStringLiteral("part of the key")));
    look(0, "note");
    QCOMPARE(text()->exact(), QStringLiteral("one\r\ntwo"));
    QVERIFY(m_model->setData(cell(0, "note"), QStringLiteral("new")));
    QCOMPARE(text()->exact(), QStringLiteral("new"));
    QCOMPARE(fact("Before"), QStringLiteral("one\r\ntwo"));
    m_panel->setCurrent({});
    QVERIFY(!text()->isVisible());
}

void TestInspector::textIsEditedAndStaged()
{
    QVERIFY(open("birds"));
    look(0, "note");
    QVERIFY(!part<QPushButton>("inspectorStage")->isEnabled());
    text()->moveCursor(QTextCursor::End);
    QTest::keyClicks(text(), QStringLiteral("!"));
    QVERIFY(m_panel->hasDraft());
    QVERIFY(m_model->changes().isEmpty());
    QVERIFY(part<QPushButton>("inspectorStage")->isEnabled());
    QTest::keyClick(text(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!m_panel->hasDraft());
    QCOMPARE(value(0, "note"), CellValue(QStringLiteral("one\r\ntwo!"))); // the other line end is as it was
    QCOMPARE(m_model->changes().counts().changed, 1);
    // Back to what it was: nothing is staged any more.
    replace(QStringLiteral("x"));
    m_panel->revert();
    QCOMPARE(text()->exact(), QStringLiteral("one\r\ntwo!"));
    m_panel->revert();
    QCOMPARE(text()->exact(), QStringLiteral("one\r\ntwo"));
    QVERIFY(m_model->changes().isEmpty());
}

void TestInspector::leavingStages()
{
    QVERIFY(open("birds"));
    look(1, "name");
    replace(QStringLiteral("Mourning Dove"));
    look(2, "name");
    QCOMPARE(value(1, "name"), CellValue(QStringLiteral("Mourning Dove")));
    QCOMPARE(text()->exact(), QStringLiteral("Wren"));
    // What was typed and taken back is no edit.
    QTest::keyClicks(text(), QStringLiteral("x"));
    QTest::keyClick(text(), Qt::Key_Backspace);
    look(0, "name");
    QCOMPARE(m_model->changes().counts().changed, 1);
}

void TestInspector::whatCannotBeStagedWaits()
{
    QVERIFY(open("birds"));
    look(1, "name");
    const QString tooLong(21, u'x');
    replace(tooLong);
    QVERIFY(notice()->isVisible());
    QVERIFY(!part<QPushButton>("inspectorStage")->isEnabled());
    QVERIFY(!m_panel->stage());
    look(2, "name");
    QVERIFY(m_model->changes().isEmpty());
    QCOMPARE(text()->exact(), QStringLiteral("Wren"));
    QVERIFY(!notice()->isVisible());
    look(1, "name");
    QCOMPARE(text()->exact(), tooLong);
    QVERIFY(m_panel->hasDraft());
    QVERIFY(notice()->isVisible());
    m_panel->revert();
    QCOMPARE(text()->exact(), QStringLiteral("Dove"));
    look(1, "weight");
    replace(QString());
    QVERIFY(!m_panel->stage()); // nothing is no number
    m_panel->revert();
}

void TestInspector::invalidJsonIsRefusedWithItsPlace()
{
    QVERIFY(open("birds"));
    look(0, "raw");
    QCOMPARE(text()->exact(), QString::fromLatin1(jsonText));
    replace(QStringLiteral("{\n  \"a\": 1,\n  \"b\": 2,\n}"));
    QVERIFY(!m_panel->stage());
    QVERIFY(m_model->changes().isEmpty());
    QVERIFY2(notice()->text().startsWith(QStringLiteral("Line 4, column 1:")), qPrintable(notice()->text()));
    auto *show = notice()->findChild<QPushButton *>(QStringLiteral("inspectorGoToProblem"));
    QVERIFY(show);
    show->click();
    QCOMPARE(text()->textCursor().blockNumber(), 3);
    replace(QStringLiteral("[\"\\u0000\"]"));
    QVERIFY(m_panel->stage()); // json takes it
    look(0, "data");
    replace(QStringLiteral("[\"\\u0000\"]"));
    QVERIFY(!m_panel->stage()); // jsonb does not
    m_panel->revert();
}

void TestInspector::jsonIsStagedAsWritten()
{
    QVERIFY(open("birds"));
    look(2, "raw");
    const QString written = QStringLiteral("{ \"n\": 12345678901234567890.1230, \"a\":1,\t\"a\":2 }");
    replace(written);
    QVERIFY(m_panel->stage());
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT raw FROM birds WHERE id = 3")), written);
    // "Format" changes the blanks only, and only when asked.
    part<QToolButton>("inspectorFormat")->click();
    QVERIFY(m_panel->hasDraft());
    QVERIFY(m_panel->stage());
    QCOMPARE(value(2, "raw"), CellValue(prettyJson(written)));
    m_model->discardChanges();
    m_fixture.psql(QStringLiteral("UPDATE birds SET raw = '[]' WHERE id = 3"));
}

void TestInspector::treeShowsAndCopies()
{
    QVERIFY(open("birds"));
    look(0, "raw");
    part<QPushButton>("inspectorViewTree")->click();
    auto *tree = part<QTreeView>("inspectorTree");
    QVERIFY(tree && tree->isVisible());
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    const QModelIndex root = tree->model()->index(0, 0);
    QCOMPARE(tree->model()->rowCount(root), 4);
    tree->setCurrentIndex(tree->model()->index(3, 0, root));
    QCOMPARE(part<QLineEdit>("inspectorPath")->text(), QStringLiteral("\"raw\"->>'big'"));
    part<QPushButton>("inspectorCopyPath")->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("\"raw\"->>'big'"));
    // The tree stays in front for the next JSON value, and shows what is edited, too.
    look(2, "raw");
    QVERIFY(part<QTreeView>("inspectorTree")->isVisible());
    QTRY_COMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 0);
    look(0, "note");
    QVERIFY(text()->isVisible());
    look(1, "raw"); // NULL
    QTRY_COMPARE(tree->model()->rowCount(), 0);
    part<QPushButton>("inspectorViewText")->click();
}

void TestInspector::nullAndRevert()
{
    QVERIFY(open("birds"));
    look(0, "note");
    QTest::keyClick(text(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(value(0, "note"), CellValue());
    QCOMPARE(text()->placeholderText(), QStringLiteral("NULL"));
    QVERIFY(text()->font().italic());
    QCOMPARE(m_model->changes().counts().changed, 1);
    QTest::keyClicks(text(), QStringLiteral("a"));
    QTest::keyClick(text(), Qt::Key_Backspace);
    QVERIFY(m_panel->stage());
    QCOMPARE(value(0, "note"), CellValue(QString::fromLatin1("")));
    QCOMPARE(text()->placeholderText(), QStringLiteral("empty"));
    part<QPushButton>("inspectorRevert")->click();
    QCOMPARE(value(0, "note"), CellValue(QStringLiteral("one\r\ntwo")));
    look(0, "name");
    QVERIFY(!part<QPushButton>("inspectorNull")->isEnabled());
    QTest::keyClick(text(), Qt::Key_0, Qt::ControlModifier);
    QVERIFY(m_model->changes().isEmpty());
    QVERIFY(notice()->text().contains(QStringLiteral("NOT NULL")));
}

void TestInspector::readOnlySaysWhy()
{
    QVERIFY(open("birds"));
    look(0, "twice");
    QVERIFY(text()->isReadOnly());
    QVERIFY(notice()->isVisible());
    QCOMPARE(notice()->text(), m_model->readOnlyReason(m_model->columnOf(QStringLiteral("twice"))));
    QVERIFY(!part<QPushButton>("inspectorStage")->isVisible());
    QTest::keyClick(text(), Qt::Key_0, Qt::ControlModifier);
    QVERIFY(m_model->changes().isEmpty());
    look(0, "name");
    QVERIFY(!text()->isReadOnly());
}

void TestInspector::pictureIsShown()
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

void TestInspector::bytesToAFileAndBack()
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

void TestInspector::textFromAFile()
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

void TestInspector::arrayAsAList()
{
    QVERIFY(open("birds"));
    look(0, "tags");
    part<QPushButton>("inspectorViewList")->click();
    auto *list = part<QTableView>("inspectorList");
    QVERIFY(list && list->isVisible());
    QCOMPARE(list->model()->rowCount(), 4);
    QCOMPARE(list->model()->index(0, 1).data().toString(), QStringLiteral("a,b"));
    QCOMPARE(list->model()->index(2, 1).data().toString(), QStringLiteral("NULL"));
    QCOMPARE(list->model()->index(3, 0).data().toString(), QStringLiteral("[4]"));
    look(1, "tags");
    QCOMPARE(list->model()->rowCount(), 0);
    look(2, "tags");
    QCOMPARE(list->model()->rowCount(), 0);
    part<QPushButton>("inspectorViewText")->click();
}

void TestInspector::longValueIsReadOnDemand()
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

void TestInspector::fiftyMegabytesDoNotBlock()
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

void TestInspector::fiveMegabytesOfBytesDoNotBlock()
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

void TestInspector::linksAreFollowed()
{
    QVERIFY(open("birds"));
    QSignalSpy spy(m_panel.get(), &InspectorPanel::linkActivated);
    look(1, "parent");
    auto *link = part<QPushButton>("inspectorLink");
    QVERIFY(link && link->isVisible());
    link->click();
    QCOMPARE(spy.size(), 1);
    const auto target = spy.takeFirst().first().value<TableLink>();
    QCOMPARE(target.table.name, QStringLiteral("birds"));
    QCOMPARE(target.filter.conditions.first().values, QStringList{QStringLiteral("1")});
    // Three foreign keys refer to a bird: a menu.
    part<QPushButton>("inspectorReferring")->click();
    QMenu *menu = m_panel->findChild<QMenu *>(QStringLiteral("inspectorReferringMenu"));
    QTRY_VERIFY((menu = m_panel->findChild<QMenu *>(QStringLiteral("inspectorReferringMenu"))) && menu->isVisible());
    QCOMPARE(menu->actions().size(), 3);
    menu->actions().first()->trigger();
    QCOMPARE(spy.size(), 1);
    menu->close();
    look(0, "parent"); // NULL
    QVERIFY(!m_panel->findChild<QPushButton *>(QStringLiteral("inspectorLink")));
    auto *choose = part<QPushButton>("inspectorChoose");
    QVERIFY(choose->isVisible());
    choose->click();
    auto *chooser = m_panel->window()->findChild<LinkChooser *>();
    QVERIFY(chooser);
    chooser->reject();
}

void TestInspector::sameCellElsewhereKeepsTheDraft()
{
    QVERIFY(open("birds"));
    look(1, "name");
    replace(QStringLiteral("half"));
    m_panel->setCurrent(cell(1, "name")); // the grid says again where it is
    QVERIFY(m_panel->hasDraft());
    QCOMPARE(text()->exact(), QStringLiteral("half"));
    m_model->setSort({{QStringLiteral("id"), true}}); // from the first row anew: the cell is gone for now
    QTRY_VERIFY(m_model->state() == RowsModel::State::Ready && value(0, "id") == CellValue(QStringLiteral("3")));
    QVERIFY(!m_panel->hasDraft());
    look(1, "name"); // and found again
    QCOMPARE(text()->exact(), QStringLiteral("half"));
    QVERIFY(m_panel->stage());
    QCOMPARE(value(1, "name"), CellValue(QStringLiteral("half")));
}

/// Pictures to look at, where asked for.
void TestInspector::shots()
{
    const QString folder = qEnvironmentVariable("ROOST_SHOTS");
    if (folder.isEmpty()) {
        QSKIP("ROOST_SHOTS names no folder");
    }
    QVERIFY(open("birds"));
    m_model->setData(cell(0, "name"), QStringLiteral("Boat-tailed"));
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        Theme::instance().setMode(mode);
        const QString prefix = mode == Theme::Mode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        const auto save = [&](const char *name) {
            QTest::qWait(150);
            QVERIFY(m_panel->grab().save(
                QStringLiteral("%1/%2-inspector-%3.png").arg(folder, prefix, QLatin1String(name))));
        };
        look(0, "name");
        save("text");
        look(0, "raw");
        part<QPushButton>("inspectorViewText")->click();
        save("json");
        part<QPushButton>("inspectorViewTree")->click();
        save("tree");
        part<QPushButton>("inspectorViewText")->click();
        replace(QStringLiteral("{\n  \"a\": 1,\n}"));
        save("json-wrong");
        m_panel->revert();
        look(0, "picture");
        QTest::qWait(200);
        part<QPushButton>("inspectorViewPicture")->click();
        save("picture");
        part<QPushButton>("inspectorViewHex")->click();
        save("hex");
        part<QPushButton>("inspectorViewPicture")->click();
        look(1, "note");
        save("null");
        look(0, "tags");
        part<QPushButton>("inspectorViewList")->click();
        save("list");
        part<QPushButton>("inspectorViewText")->click();
        look(0, "twice");
        save("readonly");
        look(1, "parent");
        save("link");
        LinkChooser *chooser = LinkChooser::open(m_panel.get(), m_model.get(), cell(1, "parent"));
        QTest::qWait(300);
        QVERIFY(chooser->grab().save(QStringLiteral("%1/%2-chooser.png").arg(folder, prefix)));
        chooser->reject();
    }
    Theme::instance().setMode(Theme::Mode::Light);
}

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"

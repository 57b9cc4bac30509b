// How the inspector reads values: JSON, arrays, numbers, dates, pictures.

#include "gui/table/inspector/arraytext.h"
#include "gui/table/inspector/jsontext.h"
#include "gui/table/inspector/jsontreemodel.h"
#include "gui/table/inspector/picture.h"
#include "gui/table/inspector/valuefacts.h"
#include "inspectorfixture.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>

using namespace Roost;
using namespace Roost::Testing;

namespace {

RowColumn typed(unsigned oid, char category, bool isNumeric = false)
{
    RowColumn column;
    column.baseOid = oid;
    column.category = category;
    column.isNumeric = isNumeric;
    return column;
}

} // namespace

class TestInspectorValues : public InspectorFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { start(); }
    void init() { begin(); }
    void cleanup() { end(); }
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
};

void TestInspectorValues::jsonProblems_data()
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

void TestInspectorValues::jsonProblems()
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

void TestInspectorValues::jsonAsTheServerTakesIt()
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

void TestInspectorValues::prettyKeepsEveryToken()
{
    const QString pretty = prettyJson(QString::fromLatin1(jsonText));
    QVERIFY(!jsonProblem(pretty, true));
    QCOMPARE(prettyJson(pretty), pretty);
    QCOMPARE(pretty,
             QStringLiteral("{\n  \"b\": 1,\n  \"a\": [\n    1,\n    2.50,\n    {\n      \"deep\": \"it's "
                            "\\u00fc\"\n    }\n  ],\n  \"a\": null,\n  \"big\": 12345678901234567890123.10\n}"));
    QCOMPARE(prettyJson(QStringLiteral("{\"e\":{},\"l\":[ ]}")), QStringLiteral("{\n  \"e\": {},\n  \"l\": []\n}"));
}

void TestInspectorValues::jsonTree()
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

void TestInspectorValues::deepJson()
{
    const QString deep = QString(200'000, u'[') + QString(200'000, u']');
    QVERIFY(!jsonProblem(deep, true));
    QVERIFY(parseJson(deep, 1000));
    QVERIFY(jsonProblem(deep + u']', true));
}

void TestInspectorValues::arrays_data()
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

void TestInspectorValues::arrays()
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

void TestInspectorValues::readings()
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

void TestInspectorValues::pictureFormats()
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

QTEST_MAIN(TestInspectorValues)
#include "tst_inspectorvalues.moc"

// What a spreadsheet's clipboard holds, as values; sums to the last digit.
#include "gui/table/pasterows.h"
#include "gui/table/selectionfacts.h"

#include <QLocale>
#include <QTest>

using namespace Roost;

namespace {

/// Cells as texts: NULL as <null>, quoted ones in angle brackets.
QString shown(const PastedCells &cells)
{
    QStringList lines;
    for (const PastedCells::Row &row : cells.rows()) {
        QStringList texts;
        for (const PastedCells::Cell &cell : row) {
            texts += cell.isNull ? QStringLiteral("<null>") : cell.isQuoted ? u'<' + cell.text + u'>' : cell.text;
        }
        lines += texts.join(u'|');
    }
    return lines.join(u'/');
}

RowColumn column(const char *name, char category)
{
    RowColumn column;
    column.name = QString::fromLatin1(name);
    column.category = category;
    return column;
}

} // namespace

class TestPasteRows : public QObject
{
    Q_OBJECT

private slots:
    void reads_data();
    void reads();
    void readsInPieces();
    void headers();
    void values();
    void copiedCellsComeBack_data();
    void copiedCellsComeBack();
    void sums_data();
    void sums();
    void sumsRefuse();
};

void TestPasteRows::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("one") << "a"
                         << "a";
    QTest::newRow("cells") << "a\tb\tc"
                           << "a|b|c";
    QTest::newRow("lines") << "a\tb\nc\td"
                           << "a|b/c|d";
    QTest::newRow("last line ends") << "a\tb\nc\td\n"
                                    << "a|b/c|d";
    QTest::newRow("windows") << "a\tb\r\nc\td\r\n"
                             << "a|b/c|d";
    QTest::newRow("old mac") << "a\rb"
                             << "a/b";
    QTest::newRow("empty cells") << "\ta\t\t\nb"
                                 << "|a||/b";
    QTest::newRow("ends with a tab") << "a\t"
                                     << "a|";
    QTest::newRow("empty line between") << "a\n\nb"
                                        << "a//b";
    QTest::newRow("quoted tab") << "\"a\tb\"\tc"
                                << "<a\tb>|c";
    QTest::newRow("quoted line end") << "\"a\nb\"\tc\nd"
                                     << "<a\nb>|c/d";
    QTest::newRow("doubled quotes") << "\"say \"\"hi\"\"\"\tc"
                                    << "<say \"hi\">|c";
    QTest::newRow("empty quoted") << "\"\"\tb"
                                  << "<>|b";
    QTest::newRow("quotes within") << "say \"hi\"\tb"
                                   << "say \"hi\"|b";
    QTest::newRow("quotes at the beginning only") << "\"hi\" she said\tb"
                                                  << "\"hi\" she said|b";
    QTest::newRow("quote never closed") << "\"hi\tb\nc"
                                        << "\"hi|b/c";
    QTest::newRow("null mark") << "\\N\tb\t\"\\N\""
                               << "<null>|b|<\\N>";
    QTest::newRow("unicode") << QString::fromUtf8("Öl\t🐦\n") << QString::fromUtf8("Öl|🐦");
}

void TestPasteRows::reads()
{
    QFETCH(QString, text);
    QFETCH(QString, wanted);
    PastedCells cells(text);
    while (!cells.read(1000)) {
    }
    QCOMPARE(shown(cells), wanted);
}

void TestPasteRows::readsInPieces()
{
    QString text;
    for (int i = 0; i < 5000; ++i) {
        text += QStringLiteral("%1\t\"a\nb\"\t\\N\n").arg(i);
    }
    PastedCells cells(text);
    int pieces = 1;
    while (!cells.read(0)) {
        ++pieces;
    }
    QVERIFY(pieces > 100);
    QCOMPARE(cells.rows().size(), 5000);
    QCOMPARE(cells.widest(), 3);
    QCOMPARE(cells.rows().last().first().text, QStringLiteral("4999"));
}

void TestPasteRows::headers()
{
    const QList<RowColumn> columns{column("id", 'N'), column("name", 'S'), column("note", 'S')};
    const auto hasHeader = [&columns](const char *text) {
        PastedCells cells(QString::fromLatin1(text));
        return cells.read(1000) && cells.hasHeader(columns);
    };
    QVERIFY(hasHeader("id\tname\n1\ta"));
    QVERIFY(hasHeader("name\tid"));
    QVERIFY(!hasHeader("id\tid\n1\t2"));
    QVERIFY(!hasHeader("id\tweight\n1\t2"));
    QVERIFY(!hasHeader("1\ta"));
    PastedCells cells(QStringLiteral("note\tid\nx\t1"));
    QVERIFY(cells.read(1000));
    QCOMPARE(cells.takeHeader(), QStringList({QStringLiteral("note"), QStringLiteral("id")}));
    QCOMPARE(shown(cells), QStringLiteral("x|1"));
}

void TestPasteRows::values()
{
    const RowColumn number = column("n", 'N');
    const RowColumn text = column("t", 'S');
    const RowColumn date = column("d", 'D');
    const RowColumn uuid = column("u", 'U');
    QCOMPARE(pastedValue({QString(), false, false}, text), CellValue(QString(QLatin1String(""))));
    QCOMPARE(pastedValue({QString(), false, false}, number), CellValue());
    QCOMPARE(pastedValue({QString(), false, true}, number), CellValue());
    QCOMPARE(pastedValue({QString(), false, false}, date), CellValue());
    QCOMPARE(pastedValue({QString(), false, false}, uuid), CellValue());
    QCOMPARE(pastedValue({QStringLiteral("\\N"), true, false}, text), CellValue());
    QCOMPARE(pastedValue({QStringLiteral("NULL"), false, false}, text), CellValue(QStringLiteral("NULL")));
    QCOMPARE(pastedValue({QStringLiteral(" 3 "), false, false}, number), CellValue(QStringLiteral(" 3 ")));
}

void TestPasteRows::copiedCellsComeBack_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "plain", "tab\there", "line\nend", "cr\rhere", "\"quoted\"", "half \" quote", "\\N",
                             "\\", " blanks ", "\"", "\"\"", "\n", "\t", "a\r\nb"}) {
        QTest::newRow(qPrintable(QString::fromLatin1(text).toHtmlEscaped())) << QString::fromLatin1(text);
    }
}

void TestPasteRows::copiedCellsComeBack()
{
    QFETCH(QString, text);
    const QString line = copiedCell(text, true) + u'\t' + copiedCell({}, true) + u'\t' + copiedCell(text, true);
    PastedCells cells(line + u'\n' + line);
    QVERIFY(cells.read(1000));
    QCOMPARE(cells.rows().size(), 2);
    for (const PastedCells::Row &row : cells.rows()) {
        QCOMPARE(row.size(), 3);
        const RowColumn column = ::column("t", 'S');
        QCOMPARE(pastedValue(row[0], column), CellValue(text));
        QCOMPARE(pastedValue(row[1], column), CellValue());
        QCOMPARE(pastedValue(row[2], column), CellValue(text));
    }
}

void TestPasteRows::sums_data()
{
    QTest::addColumn<QStringList>("numbers");
    QTest::addColumn<QString>("sum");
    QTest::newRow("one") << QStringList{"3"} << "3";
    QTest::newRow("few") << QStringList{"1", "2", "3"} << "6";
    QTest::newRow("tenths") << QStringList{"0.1", "0.2"} << "0.3";
    QTest::newRow("scale is kept") << QStringList{"1.50", "2.5"} << "4.00";
    QTest::newRow("negative") << QStringList{"1", "-3.25"} << "-2.25";
    QTest::newRow("to nothing") << QStringList{"-0.5", "0.5"} << "0.0";
    QTest::newRow("small negative") << QStringList{"-0.000000000001"} << "-0.000000000001";
    QTest::newRow("carry") << QStringList{"999999999", "1"} << "1,000,000,000";
    QTest::newRow("carry of decimals") << QStringList{"0.999999999", "0.000000001"} << "1.000000000";
    QTest::newRow("large") << QStringList{"123456789012345678901234567890", "1"}
                           << "123,456,789,012,345,678,901,234,567,891";
    QTest::newRow("borrow") << QStringList{"1000000000000000000", "-0.000000000000000001"}
                            << "999,999,999,999,999,999.999999999999999999";
    QTest::newRow("large negative") << QStringList{"-1000000000000000000", "0.5"} << "-999,999,999,999,999,999.5";
}

void TestPasteRows::sums()
{
    QFETCH(QStringList, numbers);
    QFETCH(QString, sum);
    ExactSum added;
    for (const QString &number : numbers) {
        QVERIFY(added.add(number));
    }
    QCOMPARE(added.text(), sum);
}

void TestPasteRows::sumsRefuse()
{
    ExactSum sum;
    for (const char *text : {"NaN", "Infinity", "-", "", "1e20", "1,000", ".5", "1.2.3", "--1"}) {
        QVERIFY2(!sum.add(QString::fromLatin1(text)), text);
    }
    QVERIFY(sum.add(u"5"));
    QCOMPARE(sum.text(), QStringLiteral("5"));
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestPasteRows test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_pasterows.moc"

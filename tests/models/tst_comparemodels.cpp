// What a comparison looks like as lists: the differences with their headings, the rows of a table side by side.

#include "models/differencesmodel.h"
#include "models/rowdifferencesmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Roost;

class TestCompareModels : public QObject
{
    Q_OBJECT

private slots:
    void headings();
    void rowsSideBySide();
    void withoutKey();
    void aMillionCellsAreCheap();

private:
    using Weight = ManifestDifference::Weight;
    using Kind = RowDifference::Kind;
    static QStringList lineOf(const RowDifferencesModel &model, int row)
    {
        QStringList words;
        for (int column = 0; column < model.columnCount(); ++column) {
            words += model.index(row, column).data().toString();
        }
        return words;
    }
    static std::shared_ptr<ComparedTable> birds()
    {
        auto table = std::make_shared<ComparedTable>();
        table->name = QStringLiteral("public.birds");
        table->columns = {QStringLiteral("id"), QStringLiteral("name"), QStringLiteral("note")};
        table->keyColumns = 1;
        table->added = table->removed = table->changed = 1;
        const QString x = QStringLiteral("x");
        table->rows = {{Kind::Changed,
                        {QStringLiteral("7"), QStringLiteral("two\nlines"), std::nullopt},
                        {QStringLiteral("7"), QStringLiteral("one"), std::nullopt},
                        {false, true, false}},
                       {Kind::Added, {}, {QStringLiteral("8"), x, QString()}, {}},
                       {Kind::Removed, {QStringLiteral("9"), x, std::nullopt}, {}, {}}};
        return table;
    }
};

void TestCompareModels::headings()
{
    auto comparison = std::make_shared<ContentComparison>();
    comparison->tables = {*birds()};
    comparison->databases.differences = {
        {Weight::Data, QStringLiteral("table public.birds"), QStringLiteral("has as many rows"), {}, {}},
        {Weight::Data, QStringLiteral("sequence public.s"), QStringLiteral("stands at 2 instead of at 1"), {}, {}},
        {Weight::Structure,
         QStringLiteral("index public.i"),
         QStringLiteral("is missing"),
         QStringLiteral("CREATE"),
         {}},
        {Weight::Note, QStringLiteral("server version"), QStringLiteral("16.1 instead of 15.1"), {}, {}}};
    DifferencesModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.firstRow(), -1);
    model.show(comparison);
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        const bool isHeading = index.data(DifferencesModel::IsHeadingRole).toBool();
        lines += (isHeading ? QStringLiteral("# ") : QString()) + index.data(Qt::AccessibleTextRole).toString();
        QCOMPARE(index.flags().testFlag(Qt::ItemIsSelectable), !isHeading);
        QCOMPARE(model.differenceAt(row) == nullptr, isHeading);
    }
    QCOMPARE(lines, QStringList({"# Tables", "birds +1 −1 ~1", "# Sequences and large objects",
                                 "sequence public.s stands at 2 instead of at 1", "# Structure",
                                 "index public.i missing", "# To be known", "server version 16.1 instead of 15.1"}));
    QCOMPARE(model.firstRow(), 1);
    QVERIFY(model.tableAt(1) && model.tableAt(1)->name == QStringLiteral("public.birds"));
    QVERIFY(!model.tableAt(3));
    model.show(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestCompareModels::rowsSideBySide()
{
    RowDifferencesModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSides(QStringLiteral("shop.dump"), QStringLiteral("shop"));
    model.show(birds());
    QStringList heads;
    for (int column = 0; column < model.columnCount(); ++column) {
        heads += model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    }
    QCOMPARE(heads, QStringList({"Row", "id", "Column", "shop.dump", "shop"}));
    QCOMPARE(model.rowCount(), 5); // one value changed; two of the added row, two of the removed one
    QCOMPARE(lineOf(model, 0), QStringList({"~ changed", "7", "name", "two ⏎ lines", "one"}));
    QCOMPARE(lineOf(model, 1), QStringList({"+ added", "8", "name", "", "x"}));
    QCOMPARE(lineOf(model, 2), QStringList({"", "", "note", "", ""}));
    QCOMPARE(lineOf(model, 4), QStringList({"", "", "note", "NULL", ""}));
    QVERIFY(model.index(0, 3).data(RowDifferencesModel::IsChangedRole).toBool());
    QVERIFY(!model.index(1, 3).data(RowDifferencesModel::IsChangedRole).toBool()); // not there
    QVERIFY(model.index(1, 4).data(RowDifferencesModel::IsChangedRole).toBool());
    QVERIFY(model.index(4, 3).data(RowDifferencesModel::IsNullRole).toBool());
    QVERIFY(!model.index(2, 4).data(RowDifferencesModel::IsNullRole).toBool()); // the empty text
    QCOMPARE(model.index(0, 3).data(RowDifferencesModel::WholeTextRole).toString(), QString("two\nlines"));
    QCOMPARE(model.index(1, 3).data(Qt::AccessibleTextRole).toString(), QString("no such row"));
    model.setShowsEqual(true);
    QCOMPARE(model.rowCount(), 6);
    QCOMPARE(lineOf(model, 1), QStringList({"", "", "note", "NULL", "NULL"}));
    QVERIFY(!model.index(1, 3).data(RowDifferencesModel::IsChangedRole).toBool());
    model.setFilter(Kind::Removed);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(lineOf(model, 0).first(), QString("− removed"));
    model.setFilter(std::nullopt);
    QCOMPARE(model.rowCount(), 6);
    model.show(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestCompareModels::withoutKey()
{
    auto table = birds();
    table->keyColumns = 0;
    table->rows = {{Kind::Added, {}, {QStringLiteral("8"), QStringLiteral("x"), QString()}, {}}};
    RowDifferencesModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.show(table);
    QCOMPARE(model.columnCount(), 4);
    QCOMPARE(lineOf(model, 0), QStringList({"+ added", "id", "", "8"}));
    // Nothing but its key: the row is shown all the same.
    table->keyColumns = 1;
    table->columns = {QStringLiteral("id")};
    table->rows = {{Kind::Added, {}, {QStringLiteral("8")}, {}}};
    model.show(table);
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(lineOf(model, 0), QStringList({"+ added", "8", "", "", ""}));
}

void TestCompareModels::aMillionCellsAreCheap()
{
    auto table = birds();
    const QList<CellValue> values(1000, QStringLiteral("x"));
    table->columns = QStringList(1000, QStringLiteral("c"));
    table->rows.clear();
    for (int i = 0; i < 1000; ++i) {
        table->rows += {Kind::Added, {}, values, {}};
    }
    RowDifferencesModel model;
    QElapsedTimer timer;
    timer.start();
    model.show(table);
    QCOMPARE(model.rowCount(), 999'000);
    QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestCompareModels)

#include "tst_comparemodels.moc"

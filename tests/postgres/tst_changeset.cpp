// Staged edits: nothing that was typed gets lost, whatever is undone, redone, deleted and restored in between.

#include "naivechangeset.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace Roost;
using Testing::NaiveChangeSet;

namespace {

using Kind = RowChange::Kind;

class Dice
{
public:
    explicit Dice(unsigned seed)
        : m_engine(seed)
    {
    }
    int below(int end) { return int(m_engine() % unsigned(end)); }
    CellValue value()
    {
        const int number = below(4);
        return number == 0 ? CellValue() : CellValue(number == 1 ? QString() : QString::number(number));
    }
    /// What a row holds, as somebody might read it.
    CellValues row()
    {
        return {{QStringLiteral("a"), value()}, {QStringLiteral("b"), value()}, {QStringLiteral("id"), value()}};
    }
    RowKey key() { return {QStringLiteral("x"), QString::number(below(4))}; }
    QString column()
    {
        return QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("id")}.at(below(3));
    }

private:
    std::mt19937 m_engine;
};

const RowKey one = {QStringLiteral("1")};
const QString name = QStringLiteral("name");

} // namespace

class TestChangeSet : public QObject
{
    Q_OBJECT

private slots:
    void theOldValueTakesTheEditBack();
    void whatAnEditStartedFromStays();
    void aShortenedValueIsNeverTheOldOne();
    void keyColumnsAreEditedUnderTheOldKey();
    void editsSurviveADeletion();
    void numbersOfNewRowsAreNeverUsedTwice();
    void stepsNest();
    void aStepThatDoesNothingKeepsWhatCanBeRedone();
    void undoGoesOnAcrossRebase();
    void aCopyIsAValue();
    void agreesWithTheNaiveModel_data();
    void agreesWithTheNaiveModel();
    void aLargePasteIsFast();

private:
    static void doOne(ChangeSet &changes, NaiveChangeSet &naive, Dice &dice);
    static bool agree(const ChangeSet &changes, const NaiveChangeSet &naive);
};

void TestChangeSet::theOldValueTakesTheEditBack()
{
    ChangeSet changes;
    changes.setCell(one, name, QStringLiteral("old"), QStringLiteral("new"));
    QCOMPARE(changes.counts().changed, 1);
    changes.setCell(one, name, QStringLiteral("old"), QStringLiteral("old"));
    QVERIFY(changes.isEmpty());
    QVERIFY(!changes.find(one));
    // NULL and the empty text are two values.
    changes.setCell(one, name, std::nullopt, QString());
    QVERIFY(changes.find(one));
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QString()));
    changes.setCell(one, name, std::nullopt, std::nullopt);
    QVERIFY(changes.isEmpty());
    changes.undo();
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QString()));
}

void TestChangeSet::whatAnEditStartedFromStays()
{
    ChangeSet changes;
    changes.setCell(one, name, QStringLiteral("old"), QStringLiteral("mine"));
    // Somebody else wrote "theirs", the page was read again, and the cell is edited once more: it stays a conflict.
    changes.setCell(one, name, QStringLiteral("theirs"), QStringLiteral("mine too"));
    QCOMPARE(changes.find(one)->before.value(name), CellValue(QStringLiteral("old")));
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QStringLiteral("mine too")));
}

void TestChangeSet::aShortenedValueIsNeverTheOldOne()
{
    ChangeSet changes;
    changes.setCell(one, name, QStringLiteral("begin"), QStringLiteral("begin"), true);
    QVERIFY(changes.find(one));
    QCOMPARE(changes.find(one)->shortened, QSet<QString>{name});
    changes.revertCell(one, name);
    QVERIFY(changes.isEmpty());
    changes.removeRow(one, {{name, QStringLiteral("begin")}}, {name});
    QCOMPARE(changes.find(one)->shortened, QSet<QString>{name});
    changes.rebase(one, {{name, QStringLiteral("beginning and end")}});
    QVERIFY(changes.find(one)->shortened.isEmpty());
}

void TestChangeSet::keyColumnsAreEditedUnderTheOldKey()
{
    ChangeSet changes;
    const QString id = QStringLiteral("id");
    changes.setCell(one, id, QStringLiteral("1"), QStringLiteral("7"));
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("b"));
    QCOMPARE(changes.changes().size(), 1);
    const RowChange change = changes.changes().constFirst();
    QCOMPARE(change.key, one);
    QCOMPARE(change.before.value(id), CellValue(QStringLiteral("1")));
    QCOMPARE(change.values.value(id), CellValue(QStringLiteral("7")));
    changes.undo();
    changes.undo();
    QVERIFY(changes.isEmpty());
}

void TestChangeSet::editsSurviveADeletion()
{
    ChangeSet changes;
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("b"));
    const QList<RowChange> edited = changes.changes();
    changes.removeRow(one, {{name, QStringLiteral("a")}});
    QCOMPARE(changes.counts().removed, 1);
    QCOMPARE(changes.counts().changed, 0);
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("c")); // a row that goes does not change
    changes.revertCell(one, name);
    changes.restoreRow(one);
    QCOMPARE(changes.changes(), edited);
    changes.undo();
    QCOMPARE(changes.find(one)->kind, Kind::Delete);
    changes.undo();
    QCOMPARE(changes.changes(), edited);
    changes.redo();
    changes.redo();
    QCOMPARE(changes.changes(), edited);
    changes.removeRow(one, {});
    changes.revertRow(one);
    QVERIFY(changes.isEmpty());
}

void TestChangeSet::numbersOfNewRowsAreNeverUsedTwice()
{
    ChangeSet changes;
    const int first = changes.addRow({{name, QStringLiteral("a")}});
    changes.undo();
    const int second = changes.addRow();
    QVERIFY(first != second);
    changes.clear();
    const int third = changes.addRow();
    QVERIFY(third != first && third != second);
    changes.setNewCell(third, name, std::nullopt);
    QVERIFY(changes.findNew(third)->values.contains(name));
    changes.setDefault(third, name);
    QVERIFY(!changes.findNew(third)->values.contains(name));
    changes.removeNewRow(third);
    QVERIFY(changes.isEmpty());
    changes.undo();
    QCOMPARE(changes.newRows(), QList<int>{third});
    changes.setNewCell(12345, name, std::nullopt); // a row that is not there
    QCOMPARE(changes.counts().total(), 1);
}

void TestChangeSet::stepsNest()
{
    ChangeSet changes;
    changes.beginStep(QStringLiteral("Paste"));
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("b"));
    changes.beginStep(QStringLiteral("Inner"));
    changes.addRow();
    changes.endStep();
    QVERIFY(!changes.canUndo()); // the step is open
    changes.undo();
    QCOMPARE(changes.counts().total(), 2);
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("c"));
    changes.endStep();
    QCOMPARE(changes.undoTitle(), QStringLiteral("Paste"));
    changes.undo();
    QVERIFY(changes.isEmpty());
    QVERIFY(!changes.canUndo());
    QCOMPARE(changes.redoTitle(), QStringLiteral("Paste"));
    changes.redo();
    QCOMPARE(changes.counts().total(), 2);
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QStringLiteral("c")));
    changes.endStep(); // one too many
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("d"));
    QCOMPARE(changes.undoTitle(), QStringLiteral("Change name"));
}

void TestChangeSet::aStepThatDoesNothingKeepsWhatCanBeRedone()
{
    ChangeSet changes;
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("b"));
    changes.undo();
    changes.beginStep(QStringLiteral("Nothing"));
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("x"));
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("a"));
    changes.endStep();
    QVERIFY(!changes.canUndo());
    QVERIFY(changes.canRedo());
    changes.redo();
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QStringLiteral("b")));
}

void TestChangeSet::undoGoesOnAcrossRebase()
{
    ChangeSet changes;
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("b"));
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("c"));
    changes.rebase(one, {{name, QStringLiteral("theirs")}});
    QCOMPARE(changes.find(one)->before.value(name), CellValue(QStringLiteral("theirs")));
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QStringLiteral("c")));
    changes.undo();
    QCOMPARE(changes.find(one)->before.value(name), CellValue(QStringLiteral("theirs")));
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QStringLiteral("b")));
    changes.undo();
    QVERIFY(changes.isEmpty());
    changes.redo();
    // They wrote just what was typed first: that step does nothing now, and is not one any more.
    changes.rebase(one, {{name, QStringLiteral("b")}});
    QVERIFY(changes.isEmpty());
    QVERIFY(!changes.canUndo());
    changes.redo();
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QStringLiteral("c")));
    QVERIFY(!changes.canRedo());
}

void TestChangeSet::aCopyIsAValue()
{
    ChangeSet changes;
    changes.setCell(one, name, QStringLiteral("a"), QStringLiteral("b"));
    ChangeSet copy = changes;
    copy.setCell(one, name, QStringLiteral("a"), QStringLiteral("c"));
    copy.addRow();
    QCOMPARE(changes.find(one)->values.value(name), CellValue(QStringLiteral("b")));
    QCOMPARE(changes.counts().total(), 1);
    copy.undo();
    copy.undo();
    QCOMPARE(copy.changes(), changes.changes());
}

/// The same edit of both.
void TestChangeSet::doOne(ChangeSet &changes, NaiveChangeSet &naive, Dice &dice)
{
    const RowKey key = dice.key();
    const QString column = dice.column();
    const QList<int> added = changes.newRows();
    const int newRow = added.isEmpty() ? 999 : added.at(dice.below(int(added.size())));
    const auto found = naive.now.added.find(newRow);
    const CellValue before = dice.value();
    const CellValue value = dice.value();
    const CellValues row = dice.row();
    switch (dice.below(11)) {
    case 0:
        naive.now.added[changes.addRow(row)] = row;
        break;
    case 1:
        changes.setNewCell(newRow, column, value);
        if (found != naive.now.added.end()) {
            found->second[column] = value;
        }
        break;
    case 2:
        changes.setDefault(newRow, column);
        if (found != naive.now.added.end()) {
            found->second.remove(column);
        }
        break;
    case 3:
        changes.removeNewRow(newRow);
        naive.now.added.erase(newRow);
        break;
    case 4:
        changes.removeRow(key, row);
        naive.removeRow(key, row);
        break;
    case 5:
        changes.restoreRow(key);
        naive.restoreRow(key);
        break;
    case 6:
        changes.revertCell(key, column);
        naive.revertCell(key, column);
        break;
    case 7:
        changes.revertRow(key);
        naive.now.rows.erase(key);
        break;
    default:
        changes.setCell(key, column, before, value);
        naive.setCell(key, column, before, value);
        break;
    }
}

bool TestChangeSet::agree(const ChangeSet &changes, const NaiveChangeSet &naive)
{
    const QList<RowChange> expected = naive.changes();
    ChangeSet::Counts counts;
    for (const RowChange &change : expected) {
        const RowChange *found =
            change.kind == Kind::Insert ? changes.findNew(change.newRow) : changes.find(change.key);
        if (!found || !(*found == change)) {
            return false;
        }
        ++(change.kind == Kind::Insert ? counts.added : change.kind == Kind::Delete ? counts.removed : counts.changed);
    }
    return changes.changes() == expected && changes.counts().changed == counts.changed &&
           changes.counts().added == counts.added && changes.counts().removed == counts.removed &&
           changes.isEmpty() == expected.isEmpty() && changes.canUndo() == !naive.past.empty() &&
           changes.canRedo() == !naive.future.empty() && changes.newRows().size() == qsizetype(naive.now.added.size());
}

void TestChangeSet::agreesWithTheNaiveModel_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 60; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void TestChangeSet::agreesWithTheNaiveModel()
{
    QFETCH(unsigned, seed);
    Dice dice(seed);
    ChangeSet changes;
    NaiveChangeSet naive;
    for (int i = 0; i < 300; ++i) {
        const int what = dice.below(10);
        if (what < 5) {
            naive.step([&] { doOne(changes, naive, dice); });
        } else if (what == 5) {
            naive.step([&] {
                changes.beginStep(QStringLiteral("Several"));
                for (int edits = dice.below(6); edits > 0; --edits) {
                    doOne(changes, naive, dice);
                }
                changes.endStep();
            });
        } else if (what == 6) {
            const RowKey key = dice.key();
            const CellValues stands = dice.row();
            changes.rebase(key, stands);
            naive.rebase(key, stands);
        } else {
            const bool isBack = dice.below(2) == 0;
            for (int times = 1 + dice.below(4); times > 0; --times) {
                isBack ? changes.undo() : changes.redo();
                isBack ? naive.undo() : naive.redo();
            }
        }
        QVERIFY2(agree(changes, naive), qPrintable(QStringLiteral("after edit %1").arg(i)));
    }
    // All the way back and forth again.
    while (changes.canUndo()) {
        changes.undo();
        naive.undo();
        QVERIFY(agree(changes, naive));
    }
    QVERIFY(changes.isEmpty());
    while (changes.canRedo()) {
        changes.redo();
        naive.redo();
        QVERIFY(agree(changes, naive));
    }
}

void TestChangeSet::aLargePasteIsFast()
{
    const auto paste = [](int rows, int columns) {
        ChangeSet changes;
        QElapsedTimer timer;
        timer.start();
        changes.beginStep(QStringLiteral("Paste"));
        for (int row = 0; row < rows; ++row) {
            const RowKey key = {QString::number(row)};
            for (int column = 0; column < columns; ++column) {
                changes.setCell(key, QStringLiteral("c%1").arg(column), QStringLiteral("a"), QString::number(column));
            }
        }
        changes.endStep();
        changes.undo();
        changes.redo();
        return changes.changes().size() == rows && changes.counts().changed == rows ? timer.nsecsElapsed() / 1000 : -1;
    };
    paste(10, 10);
    const qint64 small = paste(200, 10);
    const qint64 tall = paste(20000, 10);
    const qint64 wide = paste(2, 1600);
    qInfo("200 x 10: %lld us, 20,000 x 10: %lld us, 2 x 1,600: %lld us", static_cast<long long>(small),
          static_cast<long long>(tall), static_cast<long long>(wide));
    QVERIFY(small > 0 && tall > 0 && wide > 0);
    // A hundred times the rows may take a few hundred times as long, not ten thousand times.
    QVERIFY2(tall < 600 * small, "quadratic in rows");
    QVERIFY2(wide < 30 * small, "quadratic in columns");
}

QTEST_GUILESS_MAIN(TestChangeSet)
#include "tst_changeset.moc"

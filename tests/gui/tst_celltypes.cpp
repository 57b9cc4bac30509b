// Every type is edited through its real editor, in the real grid, on a real server.

#include "cellfixture.h"

#include <QScopeGuard>

using namespace Roost;
using namespace Roost::Testing;

class TestCellTypes : public CellFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { start(); }
    void cleanup() { end(); }
    void lookingChangesNothing_data();
    void lookingChangesNothing();
    void everyTypeIsEdited_data();
    void everyTypeIsEdited();
};

void TestCellTypes::lookingChangesNothing_data()
{
    QTest::addColumn<int>("number");
    for (int i = 0; i < int(std::size(values)); ++i) {
        QTest::newRow(values[i].name) << i;
    }
    static_assert(std::size(values) >= 60);
}

void TestCellTypes::lookingChangesNothing()
{
    QFETCH(int, number);
    QVERIFY(open(QString::fromUtf8(values[number].type), QString::fromUtf8(values[number].expression)));
    if (cell().data(RowsModel::ShortenedRole).toBool()) {
        QVERIFY(!CellEditors::create(m_grid->viewport(), m_model.get(), cell()));
        QVERIFY(inspect());
        QVERIFY(!m_panel->hasDraft());
        m_panel->setCurrent({});
        QVERIFY(m_model->changes().isEmpty());
        return;
    }
    for (const int key : {int(Qt::Key_Escape), int(Qt::Key_Return), int(Qt::Key_Tab), int(Qt::Key_Enter)}) {
        m_grid->setCurrentIndex(cell());
        CellEditor *editor = edit();
        QVERIFY(editor);
        QVERIFY(!editor->isChanged());
        QVERIFY2(editor->problem().isEmpty(), qPrintable(editor->problem()));
        const QPointer<CellEditor> guard(editor);
        const Qt::KeyboardModifiers modifiers = key == Qt::Key_Enter ? Qt::ControlModifier : Qt::NoModifier;
        if (key == Qt::Key_Return && editor->value() && editor->value()->contains(u'\n')) {
            QTest::keyClick(focus(), Qt::Key_Escape); // there, Enter is a line
        } else {
            QTest::keyClick(focus(), Qt::Key(key), modifiers);
        }
        QTRY_VERIFY(!guard);
        QVERIFY2(m_model->changes().isEmpty(), qPrintable(QStringLiteral("key %1").arg(key)));
    }
    // And when the focus goes elsewhere.
    m_grid->setCurrentIndex(cell());
    const QPointer<CellEditor> editor(edit());
    QVERIFY(editor);
    m_grid->setFocus();
    QTRY_VERIFY(!editor);
    QVERIFY(m_model->changes().isEmpty());
}

void TestCellTypes::everyTypeIsEdited_data()
{
    lookingChangesNothing_data();
}

void TestCellTypes::everyTypeIsEdited()
{
    QFETCH(int, number);
    const Value &value = values[number];
    const QString name = QString::fromUtf8(value.type);
    QVERIFY(open(name, QString::fromUtf8(value.expression)));
    m_fixture.psql(QStringLiteral("CREATE TABLE IF NOT EXISTS wanted (n int, place text); DROP TABLE wanted;"
                                  "CREATE TABLE wanted AS SELECT (%1)::%2 AS other, v AS original FROM cells")
                       .arg(otherValue(value.type), name));
    const auto drop = qScopeGuard([this] { m_fixture.psql(QStringLiteral("DROP TABLE wanted")); });
    const QString isOther =
        QStringLiteral("SELECT v::text IS NOT DISTINCT FROM other::text AND (v IS NULL) = (other IS "
                       "NULL) FROM cells, wanted");
    const QString isOriginal = QStringLiteral("SELECT v::text IS NOT DISTINCT FROM original::text AND (v IS NULL) = "
                                              "(original IS NULL) FROM cells, wanted");
    // The server's own text of the other value, as a user would see and write it.
    const QString text = psqlValue(m_fixture, QStringLiteral("SELECT other FROM wanted"));
    QCOMPARE(m_fixture.psql(isOther), QStringLiteral("f"));
    QCOMPARE(m_fixture.psql(isOriginal), QStringLiteral("t"));

    const bool isLong = cell().data(RowsModel::ShortenedRole).toBool();
    CellEditor *editor = isLong ? nullptr : edit();
    QVERIFY(isLong ? inspect() : editor != nullptr);
    const CellValue original = shown();
    type(editor, choiceText(name, text));
    QVERIFY2(!editor || editor->problem().isEmpty(), qPrintable(editor ? editor->problem() : QString()));
    leave(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(shown(), CellValue(text));
    QCOMPARE(m_model->changes().counts().changed, 1);
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(isOther), QStringLiteral("t"));
    QCOMPARE(m_fixture.psql(isOriginal), QStringLiteral("f"));
    QCOMPARE(shown(), CellValue(text)); // it is written as the server writes it

    // Back.
    m_grid->setCurrentIndex(cell());
    editor = isLong ? nullptr : edit();
    QVERIFY(isLong ? inspect() : editor != nullptr);
    if (original) {
        type(editor, choiceText(name, *original));
    } else {
        QTest::keyClick(focus(), Qt::Key_0, Qt::ControlModifier);
    }
    leave(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(shown() == original);
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(isOriginal), QStringLiteral("t"));
}

QTEST_MAIN(TestCellTypes)
#include "tst_celltypes.moc"

// What the editors of cells do with keys, NULL, wrong values, strange texts and links.

#include "cellfixture.h"
#include "gui/table/editors/datecelleditor.h"
#include "gui/table/links/linkchooser.h"
#include "gui/theme/theme.h"
#include "stallprobe.h"

#include <QCalendarWidget>
#include <QLabel>
#include <QLineEdit>
#include <QScopeGuard>
#include <QTableView>
#include <QToolButton>

using namespace Roost;
using namespace Roost::Testing;

class TestCellEditors : public CellFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { start(); }
    void cleanup() { end(); }
    void nullIsNotTheEmptyText();
    void typingIntoNullStartsFromEmpty();
    void numberKeepsItsDigits();
    void choicesOfBooleanAndEnum();
    void problemIsShownAndKeepsTheEditor();
    void enterInATextWithLines();
    void growsDownwards();
    void partsThatAreNotTouchedStay();
    void dayOfADate();
    void calendarSetsTheDayOnly();
    void linkIsChosenFromTheEditor();
    void readOnlyCellHasNoEditor();
    void megabyteOnOneLineDoesNotBlock();
    void shots();
};

void TestCellEditors::nullIsNotTheEmptyText()
{
    QVERIFY(open(QStringLiteral("text"), QStringLiteral("'x'")));
    CellEditor *editor = edit();
    QVERIFY(editor);
    QTest::keyClick(focus(), Qt::Key_Backspace); // all of it was selected
    QCOMPARE(editor->value(), CellValue(QString::fromLatin1("")));
    auto *text = qobject_cast<QPlainTextEdit *>(focus());
    QVERIFY(text);
    QCOMPARE(text->placeholderText(), QStringLiteral("empty"));
    QTest::keyClick(focus(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(editor->value(), CellValue());
    QCOMPARE(text->placeholderText(), QStringLiteral("NULL"));
    QVERIFY(text->font().italic());
    QTest::keyClick(focus(), Qt::Key_X);
    QVERIFY(!text->font().italic());
    QTest::keyClick(focus(), Qt::Key_Backspace);
    QCOMPARE(editor->value(), CellValue(QString::fromLatin1("")));
    leave();
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT v = '' FROM cells")), QStringLiteral("t"));

    m_grid->setCurrentIndex(cell());
    QVERIFY(edit());
    QTest::keyClick(focus(), Qt::Key_0, Qt::ControlModifier);
    leave();
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT v IS NULL FROM cells")), QStringLiteral("t"));
}

void TestCellEditors::typingIntoNullStartsFromEmpty()
{
    QVERIFY(open(QStringLiteral("integer"), QStringLiteral("NULL")));
    QTest::keyClick(m_grid.get(), Qt::Key_4); // the grid opens the editor with it
    QTest::keyClick(focus(), Qt::Key_2);
    leave();
    QCOMPARE(shown(), CellValue(QStringLiteral("42")));
}

void TestCellEditors::numberKeepsItsDigits()
{
    QVERIFY(open(QStringLiteral("numeric"), QStringLiteral("1.50")));
    CellEditor *editor = edit();
    QVERIFY(editor);
    auto *line = qobject_cast<QLineEdit *>(focus());
    QVERIFY(line);
    QVERIFY(line->alignment().testFlag(Qt::AlignRight));
    QCOMPARE(line->text(), QStringLiteral("1.50"));
    const QString digits = QStringLiteral("00001234567890123456789012345678901234567890.012300");
    type(editor, digits);
    QCOMPARE(editor->value(), CellValue(digits));
    leave();
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT v FROM cells")),
             QStringLiteral("1234567890123456789012345678901234567890.012300"));
}

void TestCellEditors::choicesOfBooleanAndEnum()
{
    QVERIFY(open(QStringLiteral("mood"), QStringLiteral("'sad'")));
    CellEditor *editor = edit();
    QVERIFY(editor);
    const auto texts = [](const QComboBox *box) {
        QStringList found;
        for (int i = 0; i < box->count(); ++i) {
            found += box->itemText(i);
        }
        return found;
    };
    auto *box = qobject_cast<QComboBox *>(focus());
    QVERIFY(box);
    QCOMPARE(texts(box), (QStringList{"sad", "so so, \"fine\"", "happy", "NULL"}));
    QVERIFY(box->itemData(3, Qt::FontRole).value<QFont>().italic());
    QTest::keyClick(box, Qt::Key_H);
    QCOMPARE(editor->value(), CellValue(QStringLiteral("happy")));
    QTest::keyClick(box, Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(editor->value(), CellValue());
    QTest::keyClick(box, Qt::Key_Escape);
    QVERIFY(m_model->changes().isEmpty());
    end();

    QVERIFY(open(QStringLiteral("boolean"), QStringLiteral("true"), QStringLiteral("NOT NULL")));
    QVERIFY(edit());
    box = qobject_cast<QComboBox *>(focus());
    QVERIFY(box);
    QCOMPARE(texts(box), (QStringList{"true", "false"}));
    QTest::keyClick(box, Qt::Key_0, Qt::ControlModifier);
    QTest::keyClick(box, Qt::Key_F);
    leave();
    QCOMPARE(shown(), CellValue(QStringLiteral("f")));
}

void TestCellEditors::problemIsShownAndKeepsTheEditor()
{
    QVERIFY(open(QStringLiteral("varchar(3)"), QStringLiteral("'abc'"), QStringLiteral("NOT NULL")));
    const QPointer<CellEditor> editor(edit());
    QVERIFY(editor);
    const auto problem = [this]() -> QString {
        const auto *label = m_grid->findChild<QLabel *>(QStringLiteral("cellProblem"));
        return label && label->isVisible() ? label->text() : QString();
    };
    QVERIFY(problem().isEmpty());
    type(editor, QStringLiteral("abcd"));
    QVERIFY(!problem().isEmpty());
    leave();
    leave(Qt::Key_Return, Qt::ControlModifier);
    QTest::keyClick(focus(), Qt::Key_Tab);
    QCoreApplication::processEvents();
    QVERIFY(editor && editor->isVisible());
    QVERIFY(m_model->changes().isEmpty());
    m_grid->setFocus(); // a click elsewhere: it stays until it is right or taken back
    QCoreApplication::processEvents();
    QVERIFY(editor && editor->isVisible());
    editor->setFocus();
    QTest::keyClick(focus(), Qt::Key_0, Qt::ControlModifier);
    QVERIFY(problem().contains(QStringLiteral("NOT NULL")));
    type(editor, QStringLiteral("xyz"));
    QVERIFY2(problem().isEmpty(), qPrintable(problem()));
    leave();
    QCOMPARE(shown(), CellValue(QStringLiteral("xyz")));
    QTRY_VERIFY(!editor);
    end();

    QVERIFY(open(QStringLiteral("integer"), QStringLiteral("1")));
    QVERIFY(edit());
    QTest::keyClick(focus(), Qt::Key_Backspace);
    QVERIFY(problem().contains(QStringLiteral("Ctrl+0")));
    QTest::keyClick(focus(), Qt::Key_Escape);
    QVERIFY(m_model->changes().isEmpty());
}

void TestCellEditors::enterInATextWithLines()
{
    QVERIFY(open(QStringLiteral("text"), QStringLiteral("'one'")));
    QVERIFY(edit());
    QTest::keyClick(focus(), Qt::Key_End);
    QTest::keyClick(focus(), Qt::Key_Return, Qt::AltModifier);
    QTest::keyClicks(focus(), QStringLiteral("two"));
    QTest::keyClick(focus(), Qt::Key_Return); // it has lines now
    QTest::keyClicks(focus(), QStringLiteral("three"));
    leave(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(shown(), CellValue(QStringLiteral("one\ntwo\nthree")));
}

void TestCellEditors::growsDownwards()
{
    QVERIFY(open(QStringLiteral("text"), QStringLiteral("'one'")));
    CellEditor *editor = edit();
    QVERIFY(editor);
    const QRect one = editor->geometry();
    QCOMPARE(one, m_grid->visualRect(cell()));
    type(editor, QStringLiteral("a\nb\nc\nd\ne"));
    QCOMPARE(editor->geometry().topLeft(), one.topLeft());
    QVERIFY(editor->height() > 4 * editor->fontMetrics().height());
    QVERIFY(m_grid->viewport()->rect().contains(editor->geometry()));
    type(editor, QStringLiteral("short"));
    QCOMPARE(editor->geometry(), one);
}

void TestCellEditors::partsThatAreNotTouchedStay()
{
    const QString strange = QStringLiteral("a\r\nb\rc\nd\u2028e\u2029f\u00a0g\ufdd0h\uffff\ufeff\ufffci\t\x01");
    QVERIFY(open(QStringLiteral("text"), QStringLiteral("'x'")));
    m_model->setData(cell(), strange);
    CellEditor *editor = edit();
    QVERIFY(editor);
    QCOMPARE(editor->value(), CellValue(strange));
    QTest::keyClick(focus(), Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClicks(focus(), QStringLiteral("<"));
    QTest::keyClick(focus(), Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(focus(), QStringLiteral(">"));
    leave(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(shown(), CellValue(u'<' + strange + u'>'));
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT encode(convert_to(v, 'UTF8'), 'hex') FROM cells")),
             QString::fromLatin1((u'<' + strange + u'>').toUtf8().toHex()));
}

void TestCellEditors::dayOfADate()
{
    const QDate day(2026, 11, 24);
    QCOMPARE(DateCellEditor::withDay(QStringLiteral("2026-01-02 03:04:05.123456+00"), day, true),
             QStringLiteral("2026-11-24 03:04:05.123456+00"));
    QCOMPARE(DateCellEditor::withDay(QStringLiteral("2026-01-02"), day, false), QStringLiteral("2026-11-24"));
    QCOMPARE(DateCellEditor::withDay(QStringLiteral("infinity"), day, true), QStringLiteral("2026-11-24 00:00:00"));
    QCOMPARE(DateCellEditor::withDay(QStringLiteral("0044-03-15 BC"), day, false), QStringLiteral("2026-11-24"));
    QCOMPARE(DateCellEditor::withDay(QString(), day, false), QStringLiteral("2026-11-24"));
    QVERIFY(!DateCellEditor::dayOf(QStringLiteral("5874897-12-31")).isValid());
    QVERIFY(!DateCellEditor::dayOf(QStringLiteral("0044-03-15 BC")).isValid());
    QCOMPARE(DateCellEditor::dayOf(QStringLiteral("2026-11-24 01:02:03")), day);
}

void TestCellEditors::calendarSetsTheDayOnly()
{
    QVERIFY(open(QStringLiteral("timestamptz"), QStringLiteral("'2026-07-02 03:04:05.123456+00'")));
    CellEditor *editor = edit();
    QVERIFY(editor);
    QTest::keyClick(focus(), Qt::Key_F4);
    auto *calendar = editor->findChild<QCalendarWidget *>(QStringLiteral("cellCalendarDays"));
    QVERIFY(calendar);
    QCOMPARE(calendar->selectedDate(), QDate(2026, 7, 2));
    calendar->setSelectedDate(QDate(2026, 7, 9));
    emit calendar->activated(QDate(2026, 7, 9));
    QCOMPARE(editor->value(), CellValue(QStringLiteral("2026-07-09 03:04:05.123456+00")));
    QVERIFY(editor->isVisible());
    QTRY_VERIFY(editor->isAncestorOf(QApplication::focusWidget()));
    leave();
    QCOMPARE(shown(), CellValue(QStringLiteral("2026-07-09 03:04:05.123456+00")));
}

void TestCellEditors::linkIsChosenFromTheEditor()
{
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE kinds (id integer PRIMARY KEY, name text);"
                                  "INSERT INTO kinds SELECT n, 'kind ' || n FROM generate_series(1, 30) n"));
    QVERIFY(open(QStringLiteral("integer"), QStringLiteral("7"), QStringLiteral("REFERENCES kinds")));
    const auto drop = qScopeGuard([this] {
        end();
        m_fixture.psql(QStringLiteral("DROP TABLE kinds"));
    });
    LinkChooser::provide(m_model.get(), m_services);
    QPointer<CellEditor> editor(edit());
    QVERIFY(editor);
    QVERIFY(editor->findChild<QToolButton *>(QStringLiteral("cellChooseLink")));
    QTest::keyClick(focus(), Qt::Key_2); // the beginning of what is looked for
    QTest::keyClick(focus(), Qt::Key_F4);
    QTRY_VERIFY(!editor);
    QVERIFY(m_model->changes().isEmpty()); // what was typed was not the value
    QPointer<LinkChooser> chooser(m_grid->findChild<LinkChooser *>());
    QVERIFY(chooser);
    auto *table = chooser->findChild<QTableView *>(QStringLiteral("rowsTable"));
    QTRY_COMPARE(table->model()->rowCount(), 13); // 7, then 2, 12 and 20 to 29
    QTest::keyClick(chooser->findChild<QLineEdit *>(QStringLiteral("searchEdit")), Qt::Key_Return);
    QTRY_VERIFY(!chooser);
    QCOMPARE(shown(), CellValue(QStringLiteral("2")));

    // The button does the same; Esc leaves all as it was.
    m_grid->setCurrentIndex(cell());
    editor = edit();
    QVERIFY(editor);
    editor->findChild<QToolButton *>(QStringLiteral("cellChooseLink"))->click();
    chooser = m_grid->findChild<LinkChooser *>();
    QVERIFY(chooser);
    QTest::keyClick(chooser, Qt::Key_Escape);
    QTRY_VERIFY(!chooser);
    QCOMPARE(shown(), CellValue(QStringLiteral("2")));
    QCOMPARE(m_model->changes().counts().changed, 1);
}

void TestCellEditors::readOnlyCellHasNoEditor()
{
    QVERIFY(
        open(QStringLiteral("integer"), QStringLiteral("DEFAULT"), QStringLiteral("GENERATED ALWAYS AS (7) STORED")));
    QVERIFY(!m_model->readOnlyReason(1).isEmpty());
    QVERIFY(!CellEditors::create(m_grid->viewport(), m_model.get(), cell()));
}

void TestCellEditors::megabyteOnOneLineDoesNotBlock()
{
    QVERIFY(open(QStringLiteral("text"), QStringLiteral("repeat('Turdus merula ', 60000)")));
    StallProbe probe;
    QVERIFY(inspect());
    QTest::keyClick(focus(), Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(focus(), QStringLiteral("!"));
    QTest::qWait(50);
    QTest::keyClick(focus(), Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClicks(focus(), QStringLiteral("?"));
    QTest::qWait(50);
    leave(Qt::Key_Return, Qt::ControlModifier);
    qInfo("1 MB on one line: %lld ms", probe.worst());
    QVERIFY2(probe.worst() < 50, qPrintable(QString::number(probe.worst())));
    QCOMPARE(shown()->size(), 840'002);
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT v = '?' || repeat('Turdus merula ', 60000) || '!' FROM cells")),
             QStringLiteral("t"));
}

void TestCellEditors::shots()
{
    const QTemporaryDir thrownAway; // they are looked at only when somebody names a folder
    const QString folder = qEnvironmentVariable("ROOST_SHOTS", thrownAway.path());
    m_fixture.psql(QStringLiteral(
        "SET ROLE my_database_user; CREATE TABLE kinds (id integer PRIMARY KEY, name text);"
        "INSERT INTO kinds VALUES (1, 'a');"
        "CREATE TABLE cells (id integer PRIMARY KEY, v text, n numeric(4,1), d timestamptz, m mood, kind integer "
        "REFERENCES kinds, short varchar(5));"
        "INSERT INTO cells VALUES (1, E'one\\ntwo\\nthree', 12.5, now(), 'sad', 1, 'abc'), (2, NULL, 7, NULL, NULL, "
        "NULL, ''), (3, 'x', 1, now(), 'happy', 1, 'x'), (4, 'x', 1, now(), 'happy', 1, 'x')"));
    Theme::apply(*qobject_cast<QApplication *>(QCoreApplication::instance()), Theme::Mode::Light);
    m_model = std::make_unique<RowsModel>(&m_fixture.sessions, &m_fixture.activity);
    m_services.sessions = &m_fixture.sessions;
    m_services.activity = &m_fixture.activity;
    LinkChooser::provide(m_model.get(), m_services);
    m_grid = std::make_unique<GridView>();
    m_grid->resize(900, 260);
    m_grid->setModel(m_model.get());
    m_grid->show();
    m_grid->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_grid.get()));
    m_grid->setFocus();
    m_model->open(m_fixture.direct, m_fixture.database, m_fixture.relation(QStringLiteral("cells")));
    QTRY_VERIFY(m_model->description() && m_model->rowCount() == 4);
    m_grid->fitColumns();
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        Theme::instance().setMode(mode);
        const QString prefix = mode == Theme::Mode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        for (int i = 0; i < 7; ++i) {
            const QModelIndex index = m_model->index(i == 0 ? 1 : 0, i == 0 ? 1 : i);
            m_grid->setCurrentIndex(index);
            m_grid->edit(index);
            if (i == 6) {
                type(m_grid->findChild<CellEditor *>(), QStringLiteral("abcdefgh"));
            }
            QTest::qWait(100);
            QVERIFY(m_grid->grab().save(QStringLiteral("%1/%2-editor-%3.png").arg(folder, prefix).arg(i)));
            leave(Qt::Key_Escape);
        }
    }
    Theme::instance().setMode(Theme::Mode::Light);
}

QTEST_MAIN(TestCellEditors)
#include "tst_celleditors.moc"

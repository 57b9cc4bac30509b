// Every type is edited through its real editor, in the real grid, on a real server.

#include "celltypes.h"
#include "gui/services.h"
#include "gui/table/editors/celleditor.h"
#include "gui/table/editors/celleditors.h"
#include "gui/table/editors/datecelleditor.h"
#include "gui/table/editors/exacttext.h"
#include "gui/table/editors/exacttextedit.h"
#include "gui/table/gridview.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "gui/table/links/linkchooser.h"
#include "gui/theme/theme.h"
#include "models/rowsfixture.h"
#include "stallprobe.h"

#include <QCalendarWidget>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QRandomGenerator>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString valueColumn()
{
    return QStringLiteral("v");
}

/// Pastes without the clipboard.
class PasteEdit : public ExactTextEdit
{
public:
    static void paste(ExactTextEdit *edit, const QMimeData *data)
    {
        edit->moveCursor(QTextCursor::Start);
        (edit->*(&PasteEdit::insertFromMimeData))(data);
    }
};

} // namespace

class TestCellEditors : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void lookingChangesNothing_data();
    void lookingChangesNothing();
    void everyTypeIsEdited_data();
    void everyTypeIsEdited();
    void nullIsNotTheEmptyText();
    void typingIntoNullStartsFromEmpty();
    void numberKeepsItsDigits();
    void choicesOfBooleanAndEnum();
    void problemIsShownAndKeepsTheEditor();
    void enterInATextWithLines();
    void growsDownwards();
    void partsThatAreNotTouchedStay();
    void anythingTypedIntoStrangeTextStaysExact();
    void dayOfADate();
    void calendarSetsTheDayOnly();
    void readOnlyCellHasNoEditor();
    void megabyteOnOneLineDoesNotBlock();
    void shots();

private:
    /// A table with one row whose value is an SQL expression, opened in the grid.
    bool open(const QString &type, const QString &expression, const QString &constraint = {});
    CellEditor *edit();
    QWidget *focus() const { return QApplication::focusWidget(); }
    static void type(CellEditor *editor, const QString &text);
    /// Ends editing with a key; the delegate does it in the next turn of the event loop.
    static void leave(Qt::Key key = Qt::Key_Return, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
        QCoreApplication::processEvents();
    }
    /// The panel, for what is too long for a cell.
    bool inspect();
    bool apply();
    QModelIndex cell() const { return m_model->index(0, m_model->columnOf(valueColumn())); }
    CellValue shown() const { return m_model->value(0, m_model->columnOf(valueColumn())); }

    RowsFixture m_fixture;
    std::unique_ptr<RowsModel> m_model;
    std::unique_ptr<GridView> m_grid;
    JobRunner m_jobs;
    Services m_services;
    std::unique_ptr<InspectorPanel> m_panel;
};

void TestCellEditors::initTestCase()
{
    QVERIFY(m_fixture.start());
    m_fixture.psql(typesSetup());
}

void TestCellEditors::cleanup()
{
    m_panel.reset();
    m_grid.reset();
    m_model.reset();
    m_fixture.psql(QStringLiteral("SET client_min_messages = error; DROP TABLE IF EXISTS cells"));
}

bool TestCellEditors::open(const QString &type, const QString &expression, const QString &constraint)
{
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE cells (id integer PRIMARY KEY, v %1 %3);"
                                  "INSERT INTO cells VALUES (1, %2)")
                       .arg(type, expression, constraint));
    m_model = std::make_unique<RowsModel>(&m_fixture.sessions, &m_fixture.activity);
    m_grid = std::make_unique<GridView>();
    m_grid->resize(700, 400);
    m_grid->setModel(m_model.get());
    m_grid->show();
    m_grid->activateWindow();
    m_model->open(m_fixture.direct, m_fixture.database, m_fixture.relation(QStringLiteral("cells")));
    const bool isHere = QTest::qWaitFor([this] {
        return m_model->state() == RowsModel::State::Ready && m_model->description() && m_model->rowCount() == 1;
    });
    m_grid->setCurrentIndex(cell());
    m_grid->setFocus();
    return isHere && QTest::qWaitForWindowActive(m_grid.get());
}

CellEditor *TestCellEditors::edit()
{
    m_grid->edit(cell());
    const auto editors = m_grid->findChildren<CellEditor *>();
    for (CellEditor *editor : editors) {
        if (!editor->isHidden()) {
            return QTest::qWaitFor([editor] { return editor->isEnabled(); }) ? editor : nullptr;
        }
    }
    return nullptr;
}

bool TestCellEditors::inspect()
{
    if (!m_panel) {
        m_services.jobs = &m_jobs;
        m_services.sessions = &m_fixture.sessions;
        m_services.activity = &m_fixture.activity;
        m_panel = std::make_unique<InspectorPanel>(m_services);
        m_panel->setModel(m_model.get());
        m_panel->show();
        m_panel->activateWindow();
    }
    m_panel->setCurrent(cell());
    auto *text = m_panel->findChild<ExactTextEdit *>();
    if (!QTest::qWaitForWindowActive(m_panel.get()) || !QTest::qWaitFor([text] { return !text->isReadOnly(); })) {
        return false;
    }
    text->setFocus();
    return text->hasFocus();
}

/// In place of what is there; what keys cannot give comes from the clipboard, as for a user.
void TestCellEditors::type(CellEditor *editor, const QString &text)
{
    QWidget *part = QApplication::focusWidget();
    if (text.isEmpty()) {
        QTest::keyClick(part, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(part, Qt::Key_X);
        QTest::keyClick(part, Qt::Key_Backspace);
        return;
    }
    if (auto *box = qobject_cast<QComboBox *>(part)) {
        const int at = box->findText(text);
        while (box->currentIndex() < at) {
            QTest::keyClick(box, Qt::Key_Down);
        }
        while (box->currentIndex() > at) {
            QTest::keyClick(box, Qt::Key_Up);
        }
        return;
    }
    QVERIFY(!editor || editor->isAncestorOf(part));
    QTest::keyClick(part, Qt::Key_A, Qt::ControlModifier);
    QApplication::clipboard()->setText(text);
    QTest::keyClick(part, Qt::Key_V, Qt::ControlModifier);
}

bool TestCellEditors::apply()
{
    bool isDone = false;
    bool isApplied = false;
    m_model->apply(this, [&](const Result<ApplyOutcome> &outcome) {
        isDone = true;
        isApplied = outcome && outcome->state == ApplyOutcome::State::Applied;
        if (!isApplied) {
            qWarning("%s", qPrintable(outcome ? outcome->refusal ? outcome->refusal->error.message
                                                                 : QStringLiteral("a conflict")
                                              : outcome.error().message));
        }
    });
    return QTest::qWaitFor([&] { return isDone; }) && isApplied;
}

void TestCellEditors::lookingChangesNothing_data()
{
    QTest::addColumn<int>("number");
    for (int i = 0; i < int(std::size(values)); ++i) {
        QTest::newRow(values[i].name) << i;
    }
    static_assert(std::size(values) >= 60);
}

/// Opened and left by every key that leaves, whatever the value.
void TestCellEditors::lookingChangesNothing()
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

void TestCellEditors::everyTypeIsEdited_data()
{
    lookingChangesNothing_data();
}

/// From the value to another one of the same type and back, each applied and read by psql.
void TestCellEditors::everyTypeIsEdited()
{
    QFETCH(int, number);
    const Value &type = values[number];
    const QString name = QString::fromUtf8(type.type);
    QVERIFY(open(name, QString::fromUtf8(type.expression)));
    m_fixture.psql(QStringLiteral("CREATE TABLE IF NOT EXISTS wanted (n int, place text); DROP TABLE wanted;"
                                  "CREATE TABLE wanted AS SELECT (%1)::%2 AS other, v AS original FROM cells")
                       .arg(otherValue(type.type), name));
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
    TestCellEditors::type(editor, choiceText(name, text));
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
        TestCellEditors::type(editor, choiceText(name, *original));
    } else {
        QTest::keyClick(focus(), Qt::Key_0, Qt::ControlModifier);
    }
    leave(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(shown() == original);
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(isOriginal), QStringLiteral("t"));
}

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
    cleanup();

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
    cleanup();

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

/// Random edits of strange texts, with the same edits done to a plain string.
void TestCellEditors::anythingTypedIntoStrangeTextStaysExact()
{
    QRandomGenerator random(7);
    const QStringList pieces{QStringLiteral("\r\n"),   QStringLiteral("\r"),     QStringLiteral("\n"),
                             QStringLiteral("\u2029"), QStringLiteral("abc"),    QStringLiteral("🐦"),
                             QStringLiteral("\ufdd1"), QStringLiteral("\u2028"), QString(9000, u'x')};
    for (int round = 0; round < 60; ++round) {
        QString text;
        for (int i = random.bounded(12); i > 0; --i) {
            text += pieces[random.bounded(int(pieces.size()))];
        }
        ExactText exact;
        exact.setText(text);
        QCOMPARE(exact.exact(), text);
        ExactTextEdit edit;
        edit.setExact(text);
        QCOMPARE(edit.document()->toRawText(), exact.shown());
        QCOMPARE(edit.exact(), text);
        for (int step = 0; step < 8; ++step) {
            // A mark that is nowhere else, somewhere: what is around it must not change.
            const QString mark = QStringLiteral("<%1>").arg(step);
            QTextCursor cursor(edit.document());
            cursor.setPosition(random.bounded(edit.document()->characterCount()));
            cursor.insertText(mark);
            QString without = edit.exact();
            QCOMPARE(without.count(mark), 1);
            const qsizetype at = without.indexOf(mark);
            QCOMPARE(without.remove(mark), text);
            text.insert(at, mark);
        }
        // Pasted over a part, by one step that can be taken back.
        const QString pasted = pieces[random.bounded(int(pieces.size()))] + QStringLiteral("<p>");
        QMimeData data;
        data.setText(pasted);
        PasteEdit::paste(&edit, &data);
        QVERIFY(edit.exact().contains(pasted));
        QCOMPARE(edit.exact().remove(pasted).size(), text.size());
        edit.undo();
        QCOMPARE(edit.exact().size(), text.size());
        edit.redo();
        edit.undo();
        QCOMPARE(edit.exact(), text);
    }
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

/// Pictures to look at, where asked for.
void TestCellEditors::shots()
{
    const QString folder = qEnvironmentVariable("ROOST_SHOTS");
    if (folder.isEmpty()) {
        QSKIP("ROOST_SHOTS names no folder");
    }
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

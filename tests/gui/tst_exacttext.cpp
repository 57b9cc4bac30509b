// Text comes out of its editor exactly as it went in, but for what was edited.

#include "gui/table/editors/exacttextedit.h"

#include <QMimeData>
#include <QRandomGenerator>
#include <QTest>

using namespace Roost;

namespace {

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

class TestExactText : public QObject
{
    Q_OBJECT

private slots:
    void anythingTypedIntoStrangeTextStaysExact();
    void newLinesAreLikeTheOthers();
    void placesAreFound();
    void tooMuchIsNotPasted();
};

/// Random edits of strange texts, with the same edits done to a plain string.
void TestExactText::anythingTypedIntoStrangeTextStaysExact()
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

void TestExactText::newLinesAreLikeTheOthers()
{
    ExactTextEdit edit;
    edit.setExact(QStringLiteral("one\r\ntwo"));
    edit.moveCursor(QTextCursor::End);
    QTest::keyClick(&edit, Qt::Key_Return);
    QTest::keyClicks(&edit, QStringLiteral("three"));
    QCOMPARE(edit.exact(), QStringLiteral("one\r\ntwo\r\nthree"));
    edit.setExact(QStringLiteral("one\ntwo"));
    QTest::keyClick(&edit, Qt::Key_Return);
    QCOMPARE(edit.exact(), QStringLiteral("\none\ntwo"));
}

void TestExactText::placesAreFound()
{
    const QString text = QString(9001, u'x') + QStringLiteral("\r\nab!");
    ExactTextEdit edit;
    edit.setExact(text);
    QVERIFY(edit.blockCount() > 3); // a long line is shown in pieces
    edit.goTo(text.indexOf(u'!'));
    QTest::keyClicks(&edit, QStringLiteral("<here>"));
    QCOMPARE(edit.exact(), QString(text).replace(u'!', QStringLiteral("<here>!")));
}

void TestExactText::tooMuchIsNotPasted()
{
    ExactTextEdit edit;
    edit.setExact(QStringLiteral("x"));
    qsizetype refused = 0;
    connect(&edit, &ExactTextEdit::pastedTooMuch, this, [&refused](qsizetype size) { refused = size; });
    QMimeData data;
    data.setText(QString(ExactTextEdit::mostEditable, u'y'));
    PasteEdit::paste(&edit, &data);
    QCOMPARE(refused, ExactTextEdit::mostEditable);
    QCOMPARE(edit.exact(), QStringLiteral("x"));
}

QTEST_MAIN(TestExactText)
#include "tst_exacttext.moc"

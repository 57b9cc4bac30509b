#pragma once

#include "celltypes.h"
#include "gui/services.h"
#include "gui/table/editors/celleditor.h"
#include "gui/table/editors/celleditors.h"
#include "gui/table/editors/datecelleditor.h"
#include "gui/table/editors/exacttextedit.h"
#include "gui/table/gridview.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "models/rowsfixture.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QTest>

namespace Roost::Testing {

/// The grid over a table with one row and one value, on a real server.
class CellFixture : public QObject
{
protected:
    /// Once, before the first test.
    void start()
    {
        QVERIFY(m_fixture.start());
        m_fixture.psql(typesSetup());
        m_services.jobs = &m_jobs;
        m_services.sessions = &m_fixture.sessions;
        m_services.activity = &m_fixture.activity;
    }
    /// After each test.
    void end()
    {
        m_panel.reset();
        m_grid.reset();
        m_model.reset();
        m_fixture.psql(QStringLiteral("SET client_min_messages = error; DROP TABLE IF EXISTS cells"));
    }
    /// A table with one row whose value is an SQL expression, opened in the grid.
    bool open(const QString &type, const QString &expression, const QString &constraint = {})
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
    CellEditor *edit()
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
    QWidget *focus() const { return QApplication::focusWidget(); }
    /// In place of what is there; what keys cannot give comes from the clipboard, as for a user.
    static void type(CellEditor *editor, const QString &text)
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
    /// Ends editing with a key; the delegate does it in the next turn of the event loop.
    static void leave(Qt::Key key = Qt::Key_Return, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
        QCoreApplication::processEvents();
    }
    /// The panel, for what is too long for a cell.
    bool inspect()
    {
        if (!m_panel) {
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
    bool apply()
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
    QModelIndex cell() const { return m_model->index(0, m_model->columnOf(QStringLiteral("v"))); }
    CellValue shown() const { return m_model->value(0, m_model->columnOf(QStringLiteral("v"))); }

    RowsFixture m_fixture;
    std::unique_ptr<RowsModel> m_model;
    std::unique_ptr<GridView> m_grid;
    JobRunner m_jobs;
    Services m_services;
    std::unique_ptr<InspectorPanel> m_panel;
};

} // namespace Roost::Testing

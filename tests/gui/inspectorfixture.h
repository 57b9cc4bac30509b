#pragma once

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/table/editors/exacttextedit.h"
#include "gui/table/inspector/factlist.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "gui/theme/theme.h"
#include "models/rowsfixture.h"
#include "scriptedprompts.h"

#include <QApplication>
#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPushButton>
#include <QTest>

namespace Roost::Testing {

inline constexpr const char *jsonText = "{\"b\" : 1,   \"a\":[1, 2.50, {\"deep\": \"it's \\u00fc\"}], \"a\":null, "
                                        "\"big\": 12345678901234567890123.10}";

inline QByteArray picturePng()
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

/// The panel over tables of a real server.
class InspectorFixture : public QObject
{
protected:
    /// Once, before the first test.
    void start()
    {
        QVERIFY(m_fixture.start());
        Theme::apply(*qobject_cast<QApplication *>(QCoreApplication::instance()), Theme::Mode::Light);
        m_services.jobs = &m_fixture.jobs;
        m_services.prompts = &m_prompts;
        m_services.sessions = &m_fixture.sessions;
        m_services.activity = &m_fixture.activity;
        m_fixture.psql(
            QStringLiteral(
                "SET ROLE my_database_user;"
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
    /// Before each test: nothing is open.
    void begin()
    {
        m_model = std::make_unique<RowsModel>(&m_fixture.sessions, &m_fixture.activity);
        m_panel = std::make_unique<InspectorPanel>(m_services);
        m_panel->setModel(m_model.get());
        m_panel->resize(380, 760);
        m_panel->show();
        m_prompts.errors.clear();
    }
    void end()
    {
        m_panel.reset();
        m_model.reset();
    }
    bool open(const char *table)
    {
        m_model->open(m_fixture.direct, m_fixture.database, m_fixture.relation(QString::fromLatin1(table)));
        return QTest::qWaitFor([this] {
            return m_model->state() == RowsModel::State::Ready && m_model->description() && m_model->rowCount() >= 3;
        });
    }
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
    bool apply()
    {
        bool isDone = false;
        bool isApplied = false;
        m_model->apply(this, [&](const Result<ApplyOutcome> &outcome) {
            isDone = true;
            isApplied = outcome && outcome->state == ApplyOutcome::State::Applied;
        });
        return QTest::qWaitFor([&] { return isDone; }, 30'000) && isApplied;
    }

    RowsFixture m_fixture;
    ScriptedPrompts m_prompts;
    Services m_services;
    std::unique_ptr<RowsModel> m_model;
    std::unique_ptr<InspectorPanel> m_panel;
};

} // namespace Roost::Testing

#include "gui/dialogs/notice.h"
#include "gui/mainwindowtabs.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/table/ddlview.h"
#include "gui/table/functionpage.h"
#include "gui/table/sequencepage.h"
#include "gui/table/sqlview.h"
#include "gui/table/structuretable.h"
#include "gui/table/structureview.h"
#include "gui/theme/theme.h"
#include "gui/widgets/sqlhighlighter.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/structuresample.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QTreeView>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Connection = std::unique_ptr<DatabaseConnection>;

const QString database = QStringLiteral("structure");
const QString publicSchema = QStringLiteral("public");

QStringList column(const QAbstractItemModel *model, int number)
{
    QStringList texts;
    for (int row = 0; row < model->rowCount(); ++row) {
        texts += model->index(row, number).data().toString();
    }
    return texts;
}

QStringList headers(const QAbstractItemModel *model)
{
    QStringList texts;
    for (int number = 0; number < model->columnCount(); ++number) {
        texts += model->headerData(number, Qt::Horizontal).toString();
    }
    return texts;
}

/// What a person looks at: into the folder that ROOST_PICTURES names, light and dark.
void picture(QWidget *widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("ROOST_PICTURES");
    if (folder.isEmpty()) {
        return;
    }
    for (const auto mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
        Theme::instance().setMode(mode);
        QTest::qWait(50);
        const QString kind = mode == Theme::Mode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        QVERIFY(widget->grab().save(QStringLiteral("%1/%2-%3.png").arg(folder, name, kind)));
    }
}

} // namespace

class TestStructure : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sectionsOfATable();
    void onlyWhatHasContent();
    void sectionsAreChosenAndFollowed();
    void linksLeadToTables();
    void rowsAreCopied();
    void partitionsAndPolicies();
    void viewsShowTheirDefinition();
    void lockedSaysSo();
    void wideTableIsQuick();
    void ddlLoadsWhenShown();
    void ddlIsCopiedSavedAndSearched();
    void ddlSaysWhatWentWrong();
    void sqlIsColoured();
    void functionPageShowsTheSource();
    void functionThatIsGone();
    void sequencePageShowsWhereItStands();
    void openFromTheTree();

private:
    TableDescription describe(const QString &name, const QString &schema = publicSchema)
    {
        const auto description = CatalogReader::describe(*m_connection, {schema, name});
        if (!description) {
            qFatal("%s", qPrintable(description.error().message));
        }
        return *description;
    }
    std::unique_ptr<StructureView> shown(const TableDescription &description)
    {
        auto view = std::make_unique<StructureView>();
        view->setAutoFillBackground(true);
        view->resize(1200, 800);
        view->show(description);
        view->show();
        [[maybe_unused]] const bool exposed = QTest::qWaitForWindowExposed(view.get());
        return view;
    }
    Instance instance(WindowFixture &fixture)
    {
        Instance made;
        made.profile = fixture.save(QStringLiteral("home"), m_cluster.superuser(database));
        made.id = made.profile.id;
        made.name = made.profile.name;
        fixture.sessions.setSpec(made.id, m_cluster.superuser(database));
        return made;
    }

    TemporaryCluster m_cluster;
    Connection m_connection; ///< as the superuser
};

void TestStructure::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    QVERIFY(m_cluster.createDatabase(database));
    m_cluster.psql(structureRoles() + structureSample(), database);
    auto connection = DatabaseConnection::open(m_cluster.superuser(database));
    QVERIFY(connection);
    m_connection = std::move(*connection);
}

void TestStructure::sectionsOfATable()
{
    const auto view = shown(describe(QStringLiteral("birds")));
    const auto *sections = view->findChild<QListWidget *>(QStringLiteral("structureSections"));
    QStringList names;
    for (int row = 0; row < sections->count(); ++row) {
        names += sections->item(row)->text();
    }
    QCOMPARE(names, (QStringList{QStringLiteral("Columns"), QStringLiteral("Keys"), QStringLiteral("Indexes"),
                                 QStringLiteral("Check constraints"), QStringLiteral("Foreign keys"),
                                 QStringLiteral("Referenced by"), QStringLiteral("Triggers"), QStringLiteral("Rules"),
                                 QStringLiteral("Extended statistics")}));
    const auto *columns = view->findChild<StructureTable *>(QStringLiteral("structureColumns"));
    QCOMPARE(columns->model()->rowCount(), 12);
    QCOMPARE(column(columns->model(), 0).first(), QStringLiteral("id"));
    const QStringList heads = headers(columns->model());
    QCOMPARE(heads,
             (QStringList{QStringLiteral("Name"), QStringLiteral("Type"), QStringLiteral("Key"),
                          QStringLiteral("May be NULL"), QStringLiteral("Default"), QStringLiteral("Values or base"),
                          QStringLiteral("Comment"), QStringLiteral("Collation"), QStringLiteral("Storage"),
                          QStringLiteral("Compression"), QStringLiteral("Statistics"), QStringLiteral("Options")}));
    const auto cell = [&](const char *head, int row) {
        return columns->model()->index(row, int(heads.indexOf(QString::fromLatin1(head)))).data().toString();
    };
    QCOMPARE(cell("Default", 0), QStringLiteral("generated always as identity"));
    QCOMPARE(cell("Default", 6), QStringLiteral("computed: weight * 2::numeric"));
    QCOMPARE(cell("Values or base", 7), QStringLiteral("sad, so so, it's fine, Glück"));
    QCOMPARE(cell("Storage", 2), QStringLiteral("external"));
    QCOMPARE(cell("Comment", 2), QStringLiteral("as it is called"));
    const auto *indexes = view->findChild<StructureTable *>(QStringLiteral("structureIndexes"));
    QVERIFY(column(indexes->model(), 1).contains(QStringLiteral("clustered, replica identity")));
    QCOMPARE(column(indexes->model(), 3).at(1), QStringLiteral("UNIQUE, btree (\"App Schema\".\"do it\"(id), other)"));
    QVERIFY(indexes->model()->index(1, 3).data(Qt::ToolTipRole).toString().startsWith(u"CREATE UNIQUE INDEX"));
    const auto *triggers = view->findChild<StructureTable *>(QStringLiteral("structureTriggers"));
    QCOMPARE(column(triggers->model(), 3).last(),
             QStringLiteral("AFTER INSERT ON birds FOR EACH STATEMENT EXECUTE FUNCTION touch()"));
    QVERIFY(column(triggers->model(), 3).at(1).startsWith(u"CONSTRAINT, AFTER INSERT"));
    const auto *statistics = view->findChild<StructureTable *>(QStringLiteral("structureStatistics"));
    QVERIFY(column(statistics->model(), 3).first().startsWith(u"(ndistinct"));
    QCOMPARE(column(triggers->model(), 1),
             (QStringList{QStringLiteral(""), QStringLiteral("always"), QStringLiteral("disabled")}));
    QVERIFY(view->findChild<QLabel *>(QStringLiteral("structureSizes"))->text().contains(u"indexes"));
    QVERIFY(view->findChild<QLabel *>(QStringLiteral("structureFacts"))->text().contains(u"published by news"));
    QVERIFY(view->findChild<QLabel *>(QStringLiteral("structureComment"))->text().startsWith(u"All of them"));
    picture(view.get(), QStringLiteral("structure-birds"));
    view->findChild<QListWidget *>(QStringLiteral("structureSections"))->setCurrentRow(4);
    picture(view.get(), QStringLiteral("structure-birds-keys"));
}

void TestStructure::onlyWhatHasContent()
{
    const auto view = shown(describe(QStringLiteral("plain")));
    const auto *sections = view->findChild<QListWidget *>(QStringLiteral("structureSections"));
    QCOMPARE(sections->count(), 1);
    const auto *columns = view->findChild<StructureTable *>(QStringLiteral("structureColumns"));
    QCOMPARE(headers(columns->model()), (QStringList{QStringLiteral("Name"), QStringLiteral("Type"),
                                                     QStringLiteral("May be NULL"), QStringLiteral("Storage")}));
    QVERIFY(!view->findChild<QLabel *>(QStringLiteral("structureComment")));
    // Another description replaces all of it.
    view->show(describe(QStringLiteral("species")));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCOMPARE(view->findChildren<StructureTable *>(QStringLiteral("structureColumns")).size(), 1);
    QCOMPARE(view->findChild<StructureTable *>(QStringLiteral("structureColumns"))->model()->rowCount(), 3);
}

void TestStructure::sectionsAreChosenAndFollowed()
{
    const auto view = shown(describe(QStringLiteral("birds")));
    auto *sections = view->findChild<QListWidget *>(QStringLiteral("structureSections"));
    auto *bar = view->findChild<QScrollArea *>(QStringLiteral("structureScroll"))->verticalScrollBar();
    QTRY_VERIFY(bar->maximum() > 0);
    sections->setFocus();
    QTest::keyClick(sections, Qt::Key_Down);
    QTest::keyClick(sections, Qt::Key_Down); // Indexes
    QVERIFY(bar->value() > 0);
    const int there = bar->value();
    bar->setValue(0);
    QCOMPARE(sections->currentRow(), 0);
    bar->setValue(there + 1);
    QCOMPARE(sections->currentRow(), 2);
    // Read again it stays where it was.
    bar->setValue(there);
    view->show(describe(QStringLiteral("birds")));
    QTRY_COMPARE(bar->value(), there);
}

void TestStructure::linksLeadToTables()
{
    const auto view = shown(describe(QStringLiteral("birds")));
    QSignalSpy requested(view.get(), &StructureView::tableRequested);
    auto *keys = view->findChild<StructureTable *>(QStringLiteral("structureForeignKeys"));
    QCOMPARE(column(keys->model(), 0), (QStringList{QStringLiteral("birds_species_id_fkey"),
                                                    QStringLiteral("later_key"), QStringLiteral("mother of")}));
    QCOMPARE(column(keys->model(), 2), (QStringList{QStringLiteral("species (id)"), QStringLiteral("species (id)"),
                                                    QStringLiteral("birds (id)")}));
    keys->setCurrentIndex(keys->model()->index(2, 0));
    QTest::keyClick(keys, Qt::Key_Return);
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested.takeFirst().first().value<TableId>(), (TableId{publicSchema, QStringLiteral("birds")}));
    const QModelIndex cell = keys->model()->index(0, 2);
    QTest::mouseClick(keys->viewport(), Qt::LeftButton, {}, keys->visualRect(cell).center());
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested.takeFirst().first().value<TableId>(), (TableId{publicSchema, QStringLiteral("species")}));
    QTest::mouseClick(keys->viewport(), Qt::LeftButton, {},
                      keys->visualRect(keys->model()->index(0, 0)).center()); // only chooses the row
    QCOMPARE(requested.size(), 0);
    QCOMPARE(cell.data(Qt::ForegroundRole).value<QColor>(), Theme::instance().colors().accent);

    const auto species = shown(describe(QStringLiteral("species")));
    auto *incoming = species->findChild<StructureTable *>(QStringLiteral("structureReferencedBy"));
    QCOMPARE(column(incoming->model(), 2),
             (QStringList{QStringLiteral("birds (species_id)"), QStringLiteral("birds (other)"),
                          QStringLiteral("parts (species_id)")}));
    QSignalSpy asked(species.get(), &StructureView::tableRequested);
    incoming->setCurrentIndex(incoming->model()->index(2, 0));
    QTest::keyClick(incoming, Qt::Key_Return);
    QCOMPARE(asked.takeFirst().first().value<TableId>(), (TableId{publicSchema, QStringLiteral("parts")}));
}

void TestStructure::rowsAreCopied()
{
    const auto view = shown(describe(QStringLiteral("species")));
    auto *columns = view->findChild<StructureTable *>(QStringLiteral("structureColumns"));
    QApplication::clipboard()->clear();
    view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(view.get()));
    columns->setFocus();
    columns->selectRow(1);
    QTest::keySequence(columns, QKeySequence(QKeySequence::Copy));
    const QStringList lines = QApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines.at(0).section(u'\t', 0, 1), QStringLiteral("Name\tType"));
    QCOMPARE(lines.at(1).section(u'\t', 0, 1), QStringLiteral("name\tcharacter varying(160)"));
    columns->clearSelection();
    QCOMPARE(columns->selectedText().count(u'\n'), 3); // all, with the headings
    QApplication::clipboard()->clear();
    QVERIFY(view->copySelection());
    QVERIFY(!QApplication::clipboard()->text().isEmpty());
}

void TestStructure::partitionsAndPolicies()
{
    const auto parts = shown(describe(QStringLiteral("parts")));
    auto *partitions = parts->findChild<StructureTable *>(QStringLiteral("structurePartitions"));
    QCOMPARE(column(partitions->model(), 0),
             (QStringList{QStringLiteral("parts_new"), QStringLiteral("parts_old"), QStringLiteral("parts_default")}));
    QCOMPARE(column(partitions->model(), 2).last(), QStringLiteral("DEFAULT"));
    QSignalSpy asked(parts.get(), &StructureView::tableRequested);
    partitions->setCurrentIndex(partitions->model()->index(1, 2));
    QTest::keyClick(partitions, Qt::Key_Return);
    QCOMPARE(asked.takeFirst().first().value<TableId>().name, QStringLiteral("parts_old"));
    picture(parts.get(), QStringLiteral("structure-parts"));
    const auto guarded = shown(describe(QStringLiteral("guarded")));
    const auto *policies = guarded->findChild<StructureTable *>(QStringLiteral("structurePolicies"));
    QCOMPARE(column(policies->model(), 0),
             (QStringList{QStringLiteral("adds"), QStringLiteral("own"), QStringLiteral("small")}));
    QVERIFY(guarded->findChild<QLabel *>(QStringLiteral("structureFacts"))->text().contains(u"row security forced"));
}

void TestStructure::viewsShowTheirDefinition()
{
    const auto view = shown(describe(QStringLiteral("heavy")));
    const auto *definition = view->findChild<QPlainTextEdit *>(QStringLiteral("structureDefinition"));
    QVERIFY(definition->isReadOnly());
    QVERIFY(definition->toPlainText().startsWith(u"SELECT b.id"));
    QVERIFY(view->findChild<QLabel *>(QStringLiteral("structureFacts"))->text().contains(u"takes no changes"));
    picture(view.get(), QStringLiteral("structure-view"));
}

void TestStructure::lockedSaysSo()
{
    auto other = DatabaseConnection::open(m_cluster.superuser(database));
    QVERIFY(other);
    QVERIFY((*other)->execute(QStringLiteral("BEGIN")));
    QVERIFY((*other)->execute(QStringLiteral("LOCK TABLE species IN ACCESS EXCLUSIVE MODE")));
    const auto view = shown(describe(QStringLiteral("species")));
    QVERIFY((*other)->execute(QStringLiteral("ROLLBACK")));
    QVERIFY(view->findChild<Notice *>(QStringLiteral("structureNotice")));
    QCOMPARE(view->findChild<StructureTable *>(QStringLiteral("structureColumns"))->model()->rowCount(), 3);
    QVERIFY(!shown(describe(QStringLiteral("species")))->findChild<Notice *>(QStringLiteral("structureNotice")));
}

void TestStructure::wideTableIsQuick()
{
    // As wide as a table can be, and with very many partitions.
    TableDescription wide = describe(QStringLiteral("birds"));
    const QList<ColumnInfo> columns = wide.columns;
    while (wide.columns.size() < 1600) {
        wide.columns += columns;
    }
    for (int i = 0; i < 2000; ++i) {
        wide.partitions += TableDetail{QStringLiteral("part_%1").arg(i), QStringLiteral("FOR VALUES IN (%1)").arg(i)};
    }
    const auto view = shown(describe(QStringLiteral("plain")));
    QElapsedTimer timer;
    timer.start();
    view->show(wide);
    const qint64 took = timer.elapsed();
    QVERIFY2(took < 400, qPrintable(QStringLiteral("%1 ms").arg(took))); // without optimisation
    QCOMPARE(view->findChild<StructureTable *>(QStringLiteral("structurePartitions"))->model()->rowCount(), 2000);
}

void TestStructure::ddlLoadsWhenShown()
{
    WindowFixture fixture;
    DdlView view(fixture.services, QStringLiteral("birds"));
    QSignalSpy asked(&view, &DdlView::reloadRequested);
    QCOMPARE(asked.size(), 0);
    view.show();
    QCOMPARE(asked.size(), 1);
    view.setLoading();
    view.hide();
    view.show();
    QCOMPARE(asked.size(), 1); // it is on its way
    view.show(QStringLiteral("CREATE TABLE a ();"));
    view.hide();
    view.show();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(view.sql(), QStringLiteral("CREATE TABLE a ();"));
    view.hide();
    view.invalidate();
    QCOMPARE(asked.size(), 1); // nobody looks
    view.show();
    QCOMPARE(asked.size(), 2);
    view.invalidate();
    QCOMPARE(asked.size(), 3);
}

void TestStructure::ddlIsCopiedSavedAndSearched()
{
    WindowFixture fixture;
    DdlView view(fixture.services, QStringLiteral("App Schema.birds"));
    view.resize(1000, 700);
    view.show();
    const auto sql = CatalogReader::ddl(*m_connection, {publicSchema, QStringLiteral("birds")});
    QVERIFY(sql);
    view.show(*sql);
    picture(&view, QStringLiteral("ddl"));
    auto *text = view.findChild<QPlainTextEdit *>(QStringLiteral("sqlText"));
    QVERIFY(text->isReadOnly());
    QTest::mouseClick(view.findChild<QPushButton *>(QStringLiteral("copySql")), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), *sql);

    fixture.prompts.path = fixture.home.filePath(QStringLiteral("birds.sql"));
    QTest::mouseClick(view.findChild<QPushButton *>(QStringLiteral("saveSql")), Qt::LeftButton);
    QTRY_VERIFY(QFile::exists(fixture.prompts.path));
    QFile file(fixture.prompts.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), *sql);
    fixture.prompts.path = QStringLiteral("/nowhere/at/all.sql");
    QTest::mouseClick(view.findChild<QPushButton *>(QStringLiteral("saveSql")), Qt::LeftButton);
    QTRY_COMPARE(fixture.prompts.errors.size(), 1);

    text->setFocus();
    QTest::keySequence(text, QKeySequence(QKeySequence::Find));
    auto *field = view.findChild<QLineEdit *>(QStringLiteral("findInSql"));
    QVERIFY(field->isVisible());
    QTest::keyClicks(field, QStringLiteral("index"));
    QCOMPARE(text->textCursor().selectedText().toLower(), QStringLiteral("index"));
    const int first = text->textCursor().position();
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(text->textCursor().position() > first);
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(text->textCursor().position(), first);
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!field->isVisible());
}

void TestStructure::ddlSaysWhatWentWrong()
{
    WindowFixture fixture;
    DdlView view(fixture.services, QStringLiteral("birds"));
    view.show();
    QSignalSpy asked(&view, &DdlView::reloadRequested);
    view.showError({ErrorCode::Conflict, QStringLiteral("Somebody is changing it."), {}, {}});
    auto *retry = view.findChild<QPushButton *>(QStringLiteral("retryDdl"));
    QVERIFY(retry && retry->isVisible());
    QTest::mouseClick(retry, Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    view.show(QStringLiteral("SELECT 1;"));
    QVERIFY(view.findChild<QPlainTextEdit *>(QStringLiteral("sqlText"))->isVisible());
}

void TestStructure::sqlIsColoured()
{
    QPlainTextEdit edit;
    const SqlHighlighter highlighter(edit.document());
    edit.setPlainText(QStringLiteral("create table x (a int DEFAULT 'it''s\n"
                                     "still' /* one /* two\n"
                                     "*/ three */ NOT NULL); -- end select\n"
                                     "\"select\" $f$BEGIN RETURN 42; END$f$"));
    const Colors &colors = Theme::instance().colors();
    const auto colorAt = [&edit](int line, const char *word) {
        const QTextBlock block = edit.document()->findBlockByNumber(line);
        const int at = int(block.text().indexOf(QString::fromLatin1(word)));
        for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
            if (at >= range.start && at < range.start + range.length) {
                return range.format.foreground().color();
            }
        }
        return QColor();
    };
    QCOMPARE(colorAt(0, "create"), colors.accent);
    QCOMPARE(colorAt(0, "x "), QColor());
    QCOMPARE(colorAt(0, "it''s"), colors.lineText(Tone::Good));
    QCOMPARE(colorAt(1, "still"), colors.lineText(Tone::Good));
    QCOMPARE(colorAt(1, "two"), colors.subtle);
    QCOMPARE(colorAt(2, "three"), colors.subtle);
    QCOMPARE(colorAt(2, "NOT"), colors.accent);
    QCOMPARE(colorAt(2, "select"), colors.subtle);
    QCOMPARE(colorAt(3, "select"), QColor()); // a name
    QCOMPARE(colorAt(3, "BEGIN"), colors.accent);
    QCOMPARE(colorAt(3, "$f$"), colors.subtle);
    QCOMPARE(colorAt(3, "END"), colors.accent);
    QCOMPARE(colorAt(3, "42"), colors.lineText(Tone::Warning));
    Theme::instance().setMode(Theme::Mode::Dark);
    QTRY_COMPARE(colorAt(0, "create"), Theme::instance().colors().accent);
    QVERIFY(Theme::instance().isDark());
    for (const QColor &color :
         {Theme::instance().colors().accent, Theme::instance().colors().lineText(Tone::Good),
          Theme::instance().colors().lineText(Tone::Warning), Theme::instance().colors().subtle}) {
        QVERIFY(contrastRatio(color, Theme::instance().colors().base) >= 4.5);
    }
    Theme::instance().setMode(Theme::Mode::Light);
}

void TestStructure::functionPageShowsTheSource()
{
    m_cluster.psql(QStringLiteral("CREATE OR REPLACE FUNCTION greet(who text DEFAULT 'you', VARIADIC n int[] DEFAULT "
                                  "'{}') RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$\nDECLARE\n  i int; -- each\n"
                                  "BEGIN\n  FOREACH i IN ARRAY n LOOP\n    RETURN NEXT 'Hello ' || who || i;\n"
                                  "  END LOOP;\nEND $$; COMMENT ON FUNCTION greet IS 'says hello'"),
                   database);
    const auto functions = CatalogReader::functions(*m_connection);
    QVERIFY(functions);
    FunctionInfo greet;
    for (const FunctionInfo &function : *functions) {
        greet = function.id.name == u"greet" ? function : greet;
    }
    WindowFixture fixture;
    FunctionPage page(fixture.services, instance(fixture), database, greet);
    page.resize(1000, 600);
    page.setAutoFillBackground(true);
    page.show();
    auto *text = page.findChild<QPlainTextEdit *>(QStringLiteral("sqlText"));
    QTRY_VERIFY(text->toPlainText().contains(u"RETURN NEXT"));
    QVERIFY(page.findChild<QLabel *>(QStringLiteral("functionSignature"))->text().startsWith(u"greet(who text"));
    const QString facts = page.findChild<QLabel *>(QStringLiteral("functionFacts"))->text();
    QVERIFY2(facts.contains(u"SETOF text") && facts.contains(u"plpgsql"), qPrintable(facts));
    QCOMPARE(page.findChild<QLabel *>(QStringLiteral("functionComment"))->text(), QStringLiteral("says hello"));
    QVERIFY(fixture.activity.entries().last().command.startsWith(u"\\sf "));
    picture(&page, QStringLiteral("function"));
    // F5 reads it again.
    m_cluster.psql(text->toPlainText().replace(QStringLiteral("Hello"), QStringLiteral("Good bye")), database);
    page.refresh();
    QTRY_VERIFY(text->toPlainText().contains(u"Good bye"));
}

void TestStructure::functionThatIsGone()
{
    WindowFixture fixture;
    FunctionInfo gone;
    gone.oid = 4000000000U;
    gone.id = {publicSchema, QStringLiteral("gone")};
    FunctionPage page(fixture.services, instance(fixture), database, gone);
    page.show();
    QTRY_VERIFY(page.findChild<QPushButton *>(QStringLiteral("retryFunction")));
    QVERIFY(page.findChild<Notice *>(QStringLiteral("functionNotice"))->isVisible());
}

void TestStructure::sequencePageShowsWhereItStands()
{
    m_cluster.psql(QStringLiteral("SELECT setval('species_id_seq', 1204118)"), database);
    WindowFixture fixture;
    RelationInfo relation;
    relation.id = {publicSchema, QStringLiteral("species_id_seq")};
    relation.kind = RelationKind::Sequence;
    SequencePage page(fixture.services, instance(fixture), database, relation);
    page.resize(1000, 600);
    page.setAutoFillBackground(true);
    page.show();
    QTRY_VERIFY(page.findChild<StructureTable *>(QStringLiteral("sequenceFacts")));
    auto *facts = page.findChild<StructureTable *>(QStringLiteral("sequenceFacts"));
    const QStringList values = column(facts->model(), 1);
    QCOMPARE(values.at(0), QLocale().toString(1204118));
    QCOMPARE(values.at(1), QLocale().toString(1204119));
    QCOMPARE(values.last(), QStringLiteral("species.id"));
    QSignalSpy asked(&page, &SequencePage::tableRequested);
    facts->setCurrentIndex(facts->model()->index(facts->model()->rowCount() - 1, 0));
    QTest::keyClick(facts, Qt::Key_Return);
    QCOMPARE(asked.takeFirst().first().value<TableId>().name, QStringLiteral("species"));
    picture(&page, QStringLiteral("sequence"));
    page.findChild<QPushButton *>(QStringLiteral("ddlSegment"))->click();
    auto *ddl = page.findChild<DdlView *>();
    QTRY_VERIFY(ddl->sql().contains(u"OWNED BY public.species.id"));
    m_cluster.psql(QStringLiteral("SELECT setval('species_id_seq', 2147483647)"), database);
    page.refresh();
    QTRY_COMPARE(column(page.findChild<StructureTable *>(QStringLiteral("sequenceFacts"))->model(), 1).at(1),
                 QStringLiteral("none: it is at its end"));
}

void TestStructure::openFromTheTree()
{
    WindowFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.superuser(database));
    fixture.open();
    NavigatorPanel *panel = fixture.window->navigator();
    auto *tree = panel->findChild<QTreeView *>(QStringLiteral("navigatorTree"));
    const auto find = [tree](const QString &text) {
        const QModelIndexList found = tree->model()->match(tree->model()->index(0, 0), Qt::DisplayRole, text, 1,
                                                           Qt::MatchStartsWith | Qt::MatchRecursive);
        return found.value(0);
    };
    const auto expand = [&](const QString &text) {
        QTRY_VERIFY(find(text).isValid());
        tree->expand(find(text));
    };
    QTRY_VERIFY(find(QStringLiteral("home")).isValid());
    fixture.window->openInstance(profile.id);
    expand(QStringLiteral("home"));
    expand(database);
    expand(QStringLiteral("public"));
    QTRY_VERIFY(find(QStringLiteral("species_id_seq")).isValid());
    // A sequence, and from it its table.
    tree->setCurrentIndex(find(QStringLiteral("species_id_seq")));
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Return);
    QTRY_VERIFY(fixture.part<StructureTable>("sequenceFacts"));
    auto *facts = fixture.part<StructureTable>("sequenceFacts");
    facts->setCurrentIndex(facts->model()->index(facts->model()->rowCount() - 1, 0));
    QTest::keyClick(facts, Qt::Key_Return);
    QTRY_VERIFY(fixture.part<QWidget>("tablePage"));
    QCOMPARE(fixture.window->tabs()->titleOf(fixture.window->tabs()->current()), QStringLiteral("species"));
    // Functions, from their own node of the schema public.
    const QModelIndex schema = find(QStringLiteral("public"));
    const QModelIndex folder = tree->model()->index(tree->model()->rowCount(schema) - 1, 0, schema);
    QCOMPARE(folder.data().toString(), QStringLiteral("Functions"));
    tree->setCurrentIndex(folder);
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Return); // opens and shuts it
    QTRY_VERIFY(find(QStringLiteral("touch()")).isValid());
    picture(fixture.window.get(), QStringLiteral("tree"));
    tree->setCurrentIndex(find(QStringLiteral("touch()")));
    QTest::keyClick(tree, Qt::Key_Return);
    QTRY_VERIFY(fixture.part<FunctionPage>("functionPage"));
    auto *page = fixture.part<FunctionPage>("functionPage");
    QTRY_VERIFY(page->findChild<QPlainTextEdit *>(QStringLiteral("sqlText"))->toPlainText().contains(u"RETURN NEW"));
    picture(fixture.window.get(), QStringLiteral("tree-function"));
    // Asked for again it is the same tab.
    const qsizetype tabs = fixture.window->tabs()->all().size();
    QTest::keyClick(tree, Qt::Key_Return);
    QCOMPARE(fixture.window->tabs()->all().size(), tabs);
}

QTEST_MAIN(TestStructure)
#include "tst_structure.moc"

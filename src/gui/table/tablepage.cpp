#include "gui/table/tablepage.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/table/ddlview.h"
#include "gui/table/gridview.h"
#include "gui/table/structureview.h"
#include "gui/table/tablepagerows.h"
#include "gui/table/tablepagewhere.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/inset.h"
#include "models/activitylog.h"
#include "models/rowsmodel.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>

namespace Roost {

TablePage::TablePage(Services &services, const Instance &instance, const QString &database,
                     const RelationInfo &relation, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_instance(instance)
    , m_database(database)
    , m_relation(relation)
    , m_rows(new RowsModel(services.sessions, services.activity, this))
    , m_where(new WhereBox(QStringLiteral("%1/%2/%3").arg(instance.id, database, relation.id.quoted())))
    , m_whereProblem(roleLabel({}, "danger"))
    , m_chips(new QWidget)
    , m_notice(new Notice)
    , m_sortNotice(new Notice)
    , m_structure(new StructureView)
    , m_ddl(new DdlView(services, relation.id.name))
    , m_stack(new QStackedWidget)
    , m_segments(new QButtonGroup(this))
{
    setObjectName(QStringLiteral("tablePage"));
    setAcceptDrops(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildBar(column);
    buildViews(column);
    connect(m_pane, &RowsPane::openRequested, this, &TablePage::openRequested);
    connect(m_pane, &RowsPane::verbsChanged, this, &TablePage::verbsChanged);
    connect(m_pane, &RowsPane::statusChanged, this, &TablePage::statusChanged);
    connect(m_structure, &StructureView::tableRequested, this, &TablePage::showRelation);
    connect(m_ddl, &DdlView::reloadRequested, this, &TablePage::loadDdl);
    setFocusProxy(grid());
    m_rows->open(instance, database, relation);
}

TablePage::~TablePage()
{
    blockSignals(true); // nobody is to be told of what goes with it
    m_rows->stop();
    delete m_pane; // before the rows that it shows
}

GridView *TablePage::grid() const
{
    return m_pane->grid();
}

QWidget *TablePage::segment(const QString &text, const char *name, const QString &hint, int id)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    button->setProperty("kind", QStringLiteral("segment"));
    button->setCheckable(true);
    button->setToolTip(hint);
    m_segments->addButton(button, id);
    return button;
}

QWidget *TablePage::verbButton(TableVerb verb, const char *name, const char *icon, const QString &hint)
{
    auto *button = new QToolButton;
    button->setObjectName(QLatin1String(name));
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolTip(hint);
    button->setAccessibleName(hint.section(QStringLiteral(" ("), 0, 0));
    const bool isSwitch = verb == TableVerb::FilterRow || verb == TableVerb::Inspector;
    button->setCheckable(isSwitch);
    connect(button, &QToolButton::clicked, this, [this, verb] { run(verb); });
    connect(this, &TablePage::verbsChanged, button, [this, button, verb, isSwitch] {
        button->setEnabled(can(verb));
        if (isSwitch) {
            button->setChecked(isOn(verb));
        }
    });
    m_dataTools += button;
    return button;
}

void TablePage::buildBar(QVBoxLayout *column)
{
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Spacing::card - 4, Spacing::unit, Spacing::card - 4, Spacing::unit);
    bar->setSpacing(2);
    bar->addWidget(segment(tr("Data"), "dataSegment", tr("The rows"), DataView));
    bar->addWidget(segment(tr("Structure"), "structureSegment", tr("Columns, indexes and constraints: what \\d shows"),
                           Structure));
    bar->addWidget(segment(tr("DDL"), "ddlSegment", tr("The statements that would make it again"), Ddl));
    m_segments->button(DataView)->setChecked(true);
    connect(m_segments, &QButtonGroup::idClicked, this, &TablePage::choose);
    bar->addSpacing(Spacing::card);
    bar->addWidget(m_where, 1);
    m_dataTools += m_where;
    bar->addSpacing(Spacing::unit);
    bar->addWidget(verbButton(TableVerb::InsertRow, "insertRow", "list-add", tr("Insert a row (Ins)")));
    bar->addWidget(verbButton(TableVerb::DeleteRows, "deleteRows", "edit-delete", tr("Delete rows (Ctrl+Del)")));
    bar->addSpacing(Spacing::unit);
    bar->addWidget(verbButton(TableVerb::Export, "exportRows", "document-export", tr("Export these rows")));
    bar->addWidget(verbButton(TableVerb::Import, "importRows", "document-import", tr("Import a file")));
    bar->addSpacing(Spacing::unit);
    bar->addWidget(
        verbButton(TableVerb::FilterRow, "toggleFilterRow", "view-filter", tr("Filter by column (Ctrl+Shift+F)")));
    bar->addWidget(verbButton(TableVerb::Inspector, "toggleInspector", "documentinfo", tr("Inspector (Ctrl+I)")));
    auto *refreshButton = new QToolButton;
    refreshButton->setObjectName(QStringLiteral("refreshTable"));
    refreshButton->setIcon(Theme::icon(QStringLiteral("view-refresh")));
    refreshButton->setToolTip(tr("Read again (F5)"));
    refreshButton->setAccessibleName(tr("Read again"));
    connect(refreshButton, &QToolButton::clicked, this, &TablePage::refresh);
    bar->addWidget(refreshButton);
    column->addLayout(bar);
}

void TablePage::buildViews(QVBoxLayout *column)
{
    const auto inset = [column](QWidget *widget, const char *name) {
        widget->setObjectName(QLatin1String(name));
        column->addWidget(new Inset(widget, {Spacing::card - 4, 0, Spacing::card - 4, Spacing::unit}));
    };
    m_whereProblem->setWordWrap(true);
    m_whereProblem->setTextFormat(Qt::PlainText);
    inset(m_whereProblem, "whereProblem");
    m_chips->setObjectName(QStringLiteral("filterChips"));
    column->addWidget(m_chips);
    inset(m_notice, "tableNotice");
    inset(m_sortNotice, "sortNotice");
    column->addWidget(hairline());
    GridView *grid = RowsPane::makeGrid(m_rows);
    const TableParts parts{m_services, m_instance, m_database, m_relation, m_rows, grid, m_notice, this};
    m_pane = new RowsPane(parts, {m_where, m_whereProblem, m_chips, m_sortNotice});
    m_stack->addWidget(m_pane);
    m_stack->addWidget(m_structure);
    m_stack->addWidget(m_ddl);
    column->addWidget(m_stack, 1);
}

bool TablePage::isData() const
{
    return m_stack->currentIndex() == DataView;
}

void TablePage::choose(int view)
{
    m_stack->setCurrentIndex(view);
    m_segments->button(view)->setChecked(true);
    for (QWidget *tool : std::as_const(m_dataTools)) {
        tool->setEnabled(isData());
    }
    m_chips->setEnabled(isData());
    if (view == Structure && !m_structureAsked) {
        loadStructure();
    }
    emit verbsChanged();
    emit statusChanged();
}

void TablePage::showStructure()
{
    choose(Structure);
}

void TablePage::showLink(const TableLink &link)
{
    choose(DataView);
    m_pane->showLink(link);
}

void TablePage::showRelation(const TableId &table)
{
    emit openRequested({table, {}, table.name});
}

void TablePage::refresh()
{
    m_notice->clear();
    m_pane->refresh();
    m_structureAsked = false;
    m_ddl->invalidate();
    if (m_stack->currentIndex() == Structure) {
        loadStructure();
    }
}

QString TablePage::statusText() const
{
    return m_pane->statusText();
}

bool TablePage::hasUnsaved() const
{
    return !m_rows->changes().isEmpty() || m_pane->hasOpenEdit();
}

void TablePage::mayLeave(std::function<void(bool)> done)
{
    m_pane->mayLeave(std::move(done));
}

void TablePage::setActions(const TableActions *actions)
{
    m_pane->setActions(actions);
    actions->attach(this, grid());
}

bool TablePage::can(TableVerb verb) const
{
    switch (verb) {
    case TableVerb::Apply:
    case TableVerb::ShowSql:
    case TableVerb::Discard:
    case TableVerb::Export:
    case TableVerb::Import:
        return m_pane->can(verb);
    case TableVerb::Copy:
        return true; // of the structure and the DDL, too
    default:
        return isData() && m_pane->can(verb);
    }
}

bool TablePage::isOn(TableVerb verb) const
{
    return m_pane->isOn(verb);
}

void TablePage::run(TableVerb verb)
{
    switch (verb) {
    case TableVerb::Where:
        m_where->setFocus(Qt::ShortcutFocusReason);
        m_where->selectAll();
        break;
    case TableVerb::Export:
        exportRows();
        break;
    case TableVerb::Import:
        importFile({});
        break;
    case TableVerb::Copy:
        if (m_stack->currentIndex() == Ddl) {
            m_ddl->copySelection();
        } else if (m_stack->currentIndex() == Structure) {
            m_structure->copySelection();
        } else {
            m_pane->run(verb);
        }
        break;
    default:
        m_pane->run(verb);
    }
    emit verbsChanged();
}

void TablePage::loadStructure()
{
    m_structureAsked = true;
    m_structure->setLoading();
    const int generation = ++m_structureGeneration;
    m_services.sessions->read<TableDescription>(
        m_instance, m_database, this,
        [table = m_relation.id](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::describe(connection, table, stop);
        },
        [this, generation](const Result<TableDescription> &description) {
            if (generation == m_structureGeneration) {
                structureArrived(description);
            }
        });
}

void TablePage::structureArrived(const Result<TableDescription> &description)
{
    if (!description) {
        m_structureAsked = false;
        m_notice->sayError(tr("The structure could not be read."), description.error());
        connect(m_notice->addButton(QStringLiteral("retryStructure"), tr("Try again")), &QPushButton::clicked, this,
                &TablePage::loadStructure);
        return;
    }
    m_notice->clear();
    m_structure->show(*description);
    m_services.activity->add(tr("Structure of %1").arg(m_relation.id.name),
                             QStringLiteral("\\d+ %1").arg(m_relation.id.quoted()),
                             CatalogReader::sql(CatalogReader::Statement::Describe));
}

void TablePage::loadDdl()
{
    m_ddl->setLoading();
    const int generation = ++m_ddlGeneration;
    m_services.sessions->read<QString>(
        m_instance, m_database, this,
        [table = m_relation.id](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::ddl(connection, table, stop);
        },
        [this, generation](const Result<QString> &sql) {
            if (generation != m_ddlGeneration) {
                return;
            }
            sql ? m_ddl->show(*sql) : m_ddl->showError(sql.error());
        });
    m_services.activity->add(tr("DDL of %1").arg(m_relation.id.name),
                             QStringLiteral("pg_dump --schema-only --table '%1'").arg(m_relation.id.quoted()), {});
}

} // namespace Roost

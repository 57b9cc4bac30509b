#include "gui/table/tablepage.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/table/gridview.h"
#include "gui/table/structureview.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/emptystate.h"
#include "models/activitylog.h"
#include "models/plaintext.h"
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
    , m_view(new GridView)
    , m_structure(new StructureView)
    , m_stack(new QStackedWidget)
    , m_data(new QStackedWidget)
    , m_empty(
          new EmptyState(QStringLiteral("table"),
                         relation.kind == RelationKind::Table ? tr("This table is empty.") : tr("There are no rows."),
                         tr("Rows that an app or a seed script adds show up after a refresh (F5).")))
    , m_notice(new Notice)
    , m_segments(new QButtonGroup(this))
    , m_count(subtleLabel(tr("Loading…")))
    , m_countExactly(new QPushButton(tr("Count exactly")))
    , m_refresh(new QToolButton)
{
    setObjectName(QStringLiteral("tablePage"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    buildBar();
    buildViews();
    connect(m_rows, &RowsModel::stateChanged, this, &TablePage::rowsChanged);
    connect(m_rows, &RowsModel::countChanged, this, &TablePage::updateCount);
    connect(m_rows, &RowsModel::countFailed, this,
            [this](const Error &error) { m_notice->sayError(tr("The rows could not be counted."), error); });
    m_rows->open(instance, database, relation);
}

TablePage::~TablePage()
{
    m_rows->stop();
}

void TablePage::buildBar()
{
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Spacing::card - 4, Spacing::unit, Spacing::card - 4, Spacing::unit);
    bar->setSpacing(2);
    const auto segment = [&](const QString &text, const QString &name, const QString &hint, int id) {
        auto *button = new QPushButton(text);
        button->setObjectName(name);
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        button->setToolTip(hint);
        m_segments->addButton(button, id);
        bar->addWidget(button);
    };
    segment(tr("Data"), QStringLiteral("dataSegment"), tr("The rows"), DataView);
    segment(tr("Structure"), QStringLiteral("structureSegment"), tr("Columns, indexes and constraints: what \\d shows"),
            Structure);
    m_segments->button(DataView)->setChecked(true);
    connect(m_segments, &QButtonGroup::idClicked, this, &TablePage::choose);

    const QString place = m_relation.id.schema == QStringLiteral("public")
                              ? m_database
                              : tr("%1, schema %2").arg(m_database, m_relation.id.schema);
    bar->addSpacing(Spacing::card);
    bar->addWidget(subtleLabel(tr("%1 in %2").arg(relationKindName(m_relation.kind), place)));
    bar->addStretch();
    m_count->setObjectName(QStringLiteral("rowCount"));
    bar->addWidget(m_count);
    m_countExactly->setObjectName(QStringLiteral("countExactly"));
    m_countExactly->setProperty("kind", QStringLiteral("link"));
    m_countExactly->setToolTip(tr("Reads the whole table once; the estimate is the server's own"));
    m_countExactly->hide();
    connect(m_countExactly, &QPushButton::clicked, this,
            [this] { m_rows->isCounting() ? m_rows->cancelCount() : m_rows->countExactly(); });
    bar->addSpacing(Spacing::unit);
    bar->addWidget(m_countExactly);
    m_refresh->setObjectName(QStringLiteral("refreshTable"));
    m_refresh->setIcon(Theme::icon(QStringLiteral("view-refresh")));
    m_refresh->setToolTip(tr("Read again (F5)"));
    m_refresh->setAccessibleName(tr("Read again"));
    connect(m_refresh, &QToolButton::clicked, this, &TablePage::refresh);
    bar->addSpacing(Spacing::unit);
    bar->addWidget(m_refresh);
    static_cast<QVBoxLayout *>(layout())->addLayout(bar);
}

void TablePage::buildViews()
{
    auto *loading = new QLabel(tr("Loading…"));
    loading->setAlignment(Qt::AlignCenter);
    loading->setProperty("role", QStringLiteral("subtle"));
    m_view->setModel(m_rows);
    m_data->addWidget(loading);
    m_data->addWidget(m_view);
    m_empty->setObjectName(QStringLiteral("emptyTable"));
    m_data->addWidget(m_empty);
    m_stack->addWidget(m_data);
    m_stack->addWidget(m_structure);

    auto *noticeRow = new QVBoxLayout;
    noticeRow->setContentsMargins(Spacing::card - 4, 0, Spacing::card - 4, 0);
    m_notice->setObjectName(QStringLiteral("tableNotice"));
    noticeRow->addWidget(m_notice);
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->addLayout(noticeRow);
    column->addWidget(hairline());
    column->addWidget(m_stack, 1);
}

void TablePage::choose(int view)
{
    m_stack->setCurrentIndex(view);
    if (view == Structure && !m_structureAsked) {
        loadStructure();
    }
    emit statusChanged();
}

void TablePage::showStructure()
{
    m_segments->button(Structure)->click();
}

void TablePage::refresh()
{
    m_notice->clear();
    m_rows->refresh();
    m_structureAsked = false;
    if (m_stack->currentIndex() == Structure) {
        loadStructure();
    }
}

void TablePage::rowsChanged()
{
    switch (m_rows->state()) {
    case RowsModel::State::Empty:
    case RowsModel::State::Loading:
        if (m_rows->columnCount() == 0) {
            m_data->setCurrentIndex(0);
        }
        break;
    case RowsModel::State::Ready:
        m_notice->clear();
        m_data->setCurrentIndex(m_rows->rowCount() == 0 ? 2 : 1);
        if (!m_columnsFitted && m_rows->rowCount() > 0) {
            m_columnsFitted = true;
            m_view->fitColumns();
        }
        break;
    case RowsModel::State::Failed:
        if (m_rows->columnCount() == 0) {
            m_data->setCurrentIndex(1);
        }
        m_notice->sayError(tr("The rows could not be read."), m_rows->error());
        connect(m_notice->addButton(QStringLiteral("retryRows"), tr("Try again")), &QPushButton::clicked, this,
                &TablePage::refresh);
        break;
    }
    m_refresh->setEnabled(m_rows->state() != RowsModel::State::Loading);
    updateCount();
}

QString TablePage::statusText() const
{
    const RowsModel::Count count = m_rows->count();
    if (count.rows < 0) {
        return {};
    }
    const QString text = count.rows == 1 ? tr("1 row") : tr("%1 rows").arg(countText(count.rows));
    return count.isExact ? text : QStringLiteral("~ ") + text;
}

void TablePage::updateCount()
{
    if (m_rows->state() == RowsModel::State::Loading) {
        m_count->setText(tr("Loading…"));
    } else if (m_rows->isCounting()) {
        m_count->setText(tr("Counting…"));
    } else {
        m_count->setText(statusText());
    }
    m_countExactly->setText(m_rows->isCounting() ? tr("Stop counting") : tr("Count exactly"));
    m_countExactly->setVisible(m_rows->state() == RowsModel::State::Ready && !m_rows->count().isExact);
    emit statusChanged();
}

void TablePage::loadStructure()
{
    m_structureAsked = true;
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

void TablePage::copySelection(bool withHeaders)
{
    m_view->copySelection(withHeaders);
}

} // namespace Roost

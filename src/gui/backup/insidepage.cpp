#include "gui/backup/insidepage.h"

#include "gui/actions.h"
#include "gui/backup/archiverowsview.h"
#include "gui/backup/archivetree.h"
#include "gui/backup/insidehead.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/shownjob.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "gui/table/sqlview.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/inset.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "operations/archivedefinition.h"
#include "operations/backup.h"

#include <QFileInfo>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int rowsTab = 0;
constexpr int definitionTab = 1;

} // namespace

InsidePage::InsidePage(Services &services, const QString &file, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_file(file)
    , m_head(new InsideHead(file))
    , m_notice(new Notice)
    , m_tree(new ArchiveTree)
    , m_tabs(new QTabWidget)
    , m_rows(new ArchiveRowsView(services))
    , m_definition(new SqlView(services, QFileInfo(file).completeBaseName()))
{
    setObjectName(QStringLiteral("insidePage"));
    m_notice->setObjectName(QStringLiteral("insideNotice"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(new Inset(m_notice, {Spacing::page, 0, Spacing::page, Spacing::card}));
    layout->addWidget(makeBody(), 1);
    layout->addStretch(); // takes the room while the body is hidden
    setFocusProxy(m_tree);
    connectParts();
    refresh();
}

InsidePage::~InsidePage()
{
    for (const QPointer<Job> &job : {m_contentsJob, m_proofJob, m_definitionJob}) {
        if (job) {
            job->cancel();
        }
    }
}

QWidget *InsidePage::makeBody()
{
    m_tabs->setObjectName(QStringLiteral("insideTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->addTab(m_rows, tr("&Rows"));
    m_tabs->addTab(m_definition, tr("&Definition"));
    m_definition->setObjectName(QStringLiteral("insideDefinition"));
    m_definition->editor()->setAccessibleName(tr("The SQL that makes it"));
    auto *split = new QSplitter(Qt::Horizontal);
    split->setObjectName(QStringLiteral("insideSplitter"));
    split->setHandleWidth(1);
    split->addWidget(m_tree);
    split->addWidget(m_tabs);
    split->setStretchFactor(1, 1);
    split->setSizes({260, 800});
    split->setCollapsible(0, false);
    split->setCollapsible(1, false);
    m_body = new QWidget;
    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(hairline());
    column->addWidget(split, 1);
    return m_body;
}

void InsidePage::connectParts()
{
    connect(m_head, &InsideHead::verifyWanted, this, [this] { Actions::verifyBackup(m_services, window(), m_file); });
    connect(m_head, &InsideHead::restoreWanted, this, [this] { emit restoreWanted(m_file); });
    connect(m_head, &InsideHead::revealWanted, this, [this] { revealAction(m_file).run(this); });
    connect(m_tree, &ArchiveTree::chosen, this, &InsidePage::choose);
    connect(m_tree, &ArchiveTree::opened, this, [this] { m_tabs->currentWidget()->setFocus(); });
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        loadDefinition();
        emit statusChanged();
    });
    connect(m_rows, &ArchiveRowsView::statusChanged, this, &Page::statusChanged);
    auto *find = new QShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F), this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, m_tree, &ArchiveTree::focusFilter);
}

QString InsidePage::statusText() const
{
    return m_tabs->currentIndex() == rowsTab && m_thing.hasRows ? m_rows->statusText() : QString();
}

void InsidePage::refresh()
{
    readContents();
    readProof();
}

void InsidePage::readContents()
{
    if (m_contentsJob) {
        m_contentsJob->cancel();
    }
    m_body->hide();
    m_notice->clear();
    m_rows->clear();
    m_contentsJob = m_services.jobs->runQuietly<Inside>(
        [file = m_file](JobContext &context) -> Result<Inside> {
            auto contents = readArchiveContents(file, context);
            if (!contents) {
                return failure(contents.error());
            }
            const auto manifest = manifestOf(file); // for its counts; whether it fits, the proof says
            QList<ArchivedGroup> groups = groupsOf(*contents, manifest ? &*manifest : nullptr);
            return Inside{std::move(*contents), std::move(groups)};
        },
        this,
        [this](const Result<Inside> &inside) {
            if (inside) {
                showContents(*inside);
            } else if (!inside.error().isCancelled()) {
                m_head->showUnreadable();
                m_notice->sayError(tr("This file cannot be looked into."), inside.error());
                connect(m_notice->addButton(QStringLiteral("insideRetry"), tr("Try again")), &QPushButton::clicked,
                        this, &InsidePage::refresh);
            }
        });
}

void InsidePage::showContents(const Inside &inside)
{
    const ArchiveContents &contents = inside.contents;
    m_head->showContents(contents);
    m_services.activity->add(tr("Inside %1").arg(QFileInfo(m_file).fileName()),
                             QStringLiteral("pg_restore --list %1").arg(TerminalLine::quoted(m_file)));
    if (!contents.database.isEmpty() && contents.takenAt.isValid()) {
        const QString day = QLocale().toString(contents.takenAt.toLocalTime().date(), QLocale::ShortFormat);
        emit titleKnown(tr("%1, %2", "a database and the day of its backup").arg(contents.database, day));
    }
    m_body->show();
    m_tree->show(inside.groups);
}

void InsidePage::readProof()
{
    if (m_proofJob) {
        m_proofJob->cancel();
    }
    m_head->setChecking();
    m_proofJob = m_services.jobs->runQuietly<BackupProof>(
        [file = m_file](JobContext &context) { return readBackupProof(file, context); }, this,
        [this](const Result<BackupProof> &proof) {
            if (proof) {
                showProof(*proof);
            } else if (!proof.error().isCancelled()) {
                m_head->showProofTrouble(proof.error().message);
            }
        });
}

void InsidePage::showProof(const BackupProof &proof)
{
    m_head->showProof(proof);
}

void InsidePage::choose(const ArchivedThing &thing)
{
    if (m_definitionJob) {
        m_definitionJob->cancel();
    }
    m_thing = thing;
    m_hasDefinition = false;
    m_tabs->setTabVisible(rowsTab, thing.hasRows);
    m_definition->setText({});
    if (thing.hasRows) {
        m_rows->open(m_file, thing.table, thing.rows);
    } else {
        m_rows->clear();
        m_tabs->setCurrentIndex(definitionTab);
    }
    loadDefinition();
    emit statusChanged();
}

void InsidePage::loadDefinition()
{
    if (m_hasDefinition || m_tabs->currentIndex() != definitionTab) {
        return;
    }
    m_hasDefinition = true;
    if (m_thing.entries.isEmpty()) {
        m_definition->setRemark(tr("The backup has only its rows"));
        return;
    }
    m_definition->setRemark(tr("Reading…"));
    m_definitionJob = m_services.jobs->runQuietly<QString>(
        [file = m_file, entries = m_thing.entries](JobContext &context) {
            return readArchivedDefinition(file, entries, context);
        },
        this,
        [this, entries = m_thing.entries](const Result<QString> &sql) {
            if (entries != m_thing.entries) {
                return;
            }
            if (sql) {
                m_definition->setRemark(tr("What the backup would run"));
                m_definition->setText(*sql);
            } else if (!sql.error().isCancelled()) {
                m_definition->setRemark(sql.error().message);
            }
        });
}

} // namespace Roost

#include "gui/backups/backupspage.h"

#include "gui/backups/backupdetail.h"
#include "gui/backups/backupslist.h"
#include "gui/backups/backupverbs.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/emptystate.h"
#include "jobs/jobrunner.h"
#include "models/backupsmodel.h"
#include "models/plaintext.h"
#include "storage/paths.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>

namespace Roost {

BackupsPage::BackupsPage(Services &services, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_model(new BackupsModel(this))
    , m_verbs(new BackupVerbs(services, this))
    , m_list(new BackupsList(m_model))
    , m_detail(new BackupDetail(m_verbs))
    , m_filter(new QLineEdit)
    , m_notice(new Notice)
    , m_stack(new QStackedWidget)
    , m_empty(
          new EmptyState(QStringLiteral("archive-insert"), tr("No backups yet"),
                         tr("Choose a database at the left and press “Back up…” (Ctrl+Shift+B). Every backup is read "
                            "back, gets a proof of what the database held, and is listed here.")))
{
    setObjectName(QStringLiteral("backupsPage"));
    build();
    setFocusProxy(m_list);
    m_list->addActions(m_verbs->all());
    connect(m_list, &BackupsList::currentBackupChanged, this, &BackupsPage::choose);
    connect(m_list, &QTableView::activated, m_verbs->inside, &QAction::trigger);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &letters) {
        m_list->setFilter(letters);
        emit statusChanged();
    });
    connect(m_verbs, &BackupVerbs::renameWanted, m_detail, &BackupDetail::focusName);
    connect(m_verbs, &BackupVerbs::changed, this, [this](qint64 number) {
        m_wanted = number;
        refresh();
    });
    connect(services.jobs, &JobRunner::added, this, &BackupsPage::watch);
    for (Job *job : services.jobs->jobs()) {
        watch(job);
    }
}

QLayout *BackupsPage::buildBar()
{
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Spacing::page, Spacing::page - 6, Spacing::page, Spacing::card);
    bar->setSpacing(Spacing::unit);
    m_filter->setObjectName(QStringLiteral("backupsFilter"));
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setAccessibleName(tr("Show only backups that hold these letters"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(220);
    auto *import = new QPushButton(tr("&Import…"));
    import->setObjectName(QStringLiteral("importBackupButton"));
    import->setToolTip(tr("Take in a dump that was made elsewhere"));
    connect(import, &QPushButton::clicked, m_verbs, &BackupVerbs::importFile);
    bar->addWidget(titleLabel(tr("Backups")));
    bar->addStretch();
    bar->addWidget(m_filter, 1);
    bar->addWidget(import);
    return bar;
}

void BackupsPage::build()
{
    m_notice->setObjectName(QStringLiteral("backupsNotice"));
    auto *importFirst = m_empty->addButton(QStringLiteral("importFirstBackup"), tr("Import a dump…"), false);
    connect(importFirst, &QPushButton::clicked, m_verbs, &BackupVerbs::importFile);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *detailPage = new QWidget;
    detailPage->setProperty("page", true);
    auto *detailColumn = new QVBoxLayout(detailPage);
    detailColumn->setContentsMargins(0, 0, 0, 0);
    detailColumn->addWidget(m_detail);
    scroll->setWidget(detailPage);
    scroll->setMinimumWidth(330);
    auto *splitter = new QSplitter;
    splitter->setObjectName(QStringLiteral("backupsSplitter"));
    splitter->addWidget(m_list);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 1);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({700, 380});
    m_stack->addWidget(m_empty);
    m_stack->addWidget(splitter);
    m_stack->setCurrentIndex(1);
    auto *noticeRow = new QVBoxLayout;
    noticeRow->setContentsMargins(Spacing::page, 0, Spacing::page, 0);
    noticeRow->addWidget(m_notice);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(buildBar());
    column->addLayout(noticeRow);
    column->addWidget(hairline());
    column->addWidget(m_stack, 1);
}

void BackupsPage::watch(Job *job)
{
    connect(job, &Job::ended, this, &BackupsPage::refresh);
}

void BackupsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
}

void BackupsPage::refresh()
{
    if (m_isReading) {
        m_isStale = true;
        return;
    }
    m_isReading = true;
    m_services.jobs->runQuietly<QList<ListedBackup>>(
        [catalog = *m_services.backups](JobContext &) { return listBackups(catalog, Paths::backups()); }, this,
        [this](const Result<QList<ListedBackup>> &backups) { take(backups); });
}

void BackupsPage::take(const Result<QList<ListedBackup>> &backups)
{
    m_isReading = false;
    if (m_isStale) {
        m_isStale = false;
        refresh();
    }
    if (!backups) {
        m_notice->sayError(tr("The list of backups could not be read"), backups.error());
        return;
    }
    m_notice->clear();
    const ListedBackup *chosen = m_list->current();
    const qint64 wanted = m_wanted > 0 ? m_wanted : chosen ? chosen->record.number : 0;
    m_wanted = 0;
    const bool isFirst = m_model->rowCount() == 0;
    m_model->setBackups(*backups);
    m_stack->setCurrentIndex(backups->isEmpty() ? 0 : 1);
    if (isFirst) {
        m_list->fit();
    }
    m_list->choose(wanted);
    choose();
    emit statusChanged();
}

void BackupsPage::choose()
{
    const ListedBackup *backup = m_list->current();
    m_verbs->setBackup(backup);
    m_detail->show(backup);
}

QString BackupsPage::statusText() const
{
    qint64 bytes = 0;
    for (const ListedBackup &backup : m_model->backups()) {
        bytes += backup.isThere ? backup.record.sizeBytes : 0;
    }
    return m_model->rowCount() == 0 ? QString()
                                    : tr("%n backup(s), %1", nullptr, m_list->shownCount()).arg(sizeText(bytes));
}

} // namespace Roost

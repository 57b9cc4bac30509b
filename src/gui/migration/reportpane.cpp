#include "gui/migration/reportpane.h"

#include "gui/dialogs/notice.h"
#include "gui/migration/migrationdocuments.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "jobs/jobrunner.h"
#include "operations/migrationreport.h"

#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace Roost {

ReportPane::ReportPane(Services &services, QWidget *parent)
    : MigrationPane({}, parent)
    , m_services(services)
    , m_notice(new Notice)
    , m_view(new QTextBrowser)
{
    setObjectName(QStringLiteral("migrationReport"));
    m_notice->setObjectName(QStringLiteral("reportNotice"));
    m_view->setWordWrapMode(QTextOption::WordWrap); // no word of a table is cut in two
    m_view->setObjectName(QStringLiteral("reportView"));
    m_view->setAccessibleName(tr("Report of the move"));
    m_view->setOpenLinks(false); // it is read, not browsed
    m_view->setTabChangesFocus(true);
    constexpr int lowest = 320;
    m_view->setMinimumHeight(lowest);
    body()->addWidget(m_notice);
    body()->addWidget(m_view, 1);
    fillWithBody();
    connect(addButton("reportSave", tr("&Save as…")), &QPushButton::clicked, this,
            [this] { saveDocument(m_services, this, document(), m_notice); });
    connect(addButton("reportPrint", tr("&Print…")), &QPushButton::clicked, this,
            [this] { printDocument(m_services, this, document(), m_notice); });
    connect(addButton("reportBackups", tr("Show &backups")), &QPushButton::clicked, this, &ReportPane::backupsWanted);
    connect(addButton("reportInstance", tr("Open the &instance"), true), &QPushButton::clicked, this,
            &ReportPane::instanceWanted);
    QPushButton *done = addButton("reportDone", tr("&Done"), true, "primary");
    connect(done, &QPushButton::clicked, this, &ReportPane::doneWanted);
    setFocusProxy(done);
}

MigrationDocument ReportPane::document() const
{
    const QString &name = m_state.plan.source.name;
    return {tr("Report of moving %1").arg(name), QStringLiteral("move-") + name,
            [state = m_state] { return reportAsMarkdown(state); }, [state = m_state] { return reportAsHtml(state); }};
}

void ReportPane::show(const MigrationState &state)
{
    m_state = state;
    setHeading(tr("%1 has moved, with everything in it").arg(state.plan.source.name));
    m_services.jobs->runQuietly<QString>([state](JobContext &) -> Result<QString> { return reportAsHtml(state); }, this,
                                         [this](const Result<QString> &html) {
                                             if (html) {
                                                 m_view->setHtml(*html);
                                             }
                                         });
}

} // namespace Roost

#include "gui/actions.h"
#include "gui/dialogs/shownjob.h"
#include "gui/inout/exportdialog.h"
#include "models/activitylog.h"
#include "models/plaintext.h"
#include "postgres/databaseconnection.h"
#include "storage/settings.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ExportJobs)
};

QString exportSummary(const ExportReport &report)
{
    return Text::tr("%n row(s), %1", nullptr, int(report.rows)).arg(sizeText(report.bytes));
}

void startExport(Services &services, QWidget *parent, const DatabaseRef &database, const ExportRequest &request)
{
    ShownJob<ExportReport> shown;
    shown.title = Text::tr("Export %1").arg(request.query.table.name);
    shown.work = [request, spec = database.spec](JobContext &context) -> Result<ExportReport> {
        const auto connection = DatabaseConnection::open(spec, context.stopToken());
        if (!connection) {
            return failure(connection.error());
        }
        return exportTable(**connection, request, context);
    };
    shown.summary = exportSummary;
    shown.succeeded = [](const ExportReport &report) {
        JobOutcome outcome{exportSummary(report) + u'\n' + report.file, {}, {revealAction(report.file)}};
        if (report.hasFormulas) {
            outcome.notes +=
                Text::tr("Some values begin with = + - or @, which spreadsheets take for formulas. Open the "
                         "file only if you trust who entered them, or export to Excel.");
        }
        return outcome;
    };
    if (services.settings) {
        services.settings->setLastFolder(QStringLiteral("export"), QFileInfo(request.file).absolutePath());
    }
    startShown(services, parent, shown);
}

} // namespace

void Actions::exportRows(Services &services, QWidget *parent, const DatabaseRef &database, const TableQuery &query,
                         qint64 expectedRows)
{
    auto *dialog = new ExportDialog(services, database, query, expectedRows, parent);
    QObject::connect(dialog, &QDialog::accepted, dialog, [&services, dialog, database] {
        startExport(services, dialog->parentWidget(), database, dialog->request());
    });
    dialog->open();
}

} // namespace Roost

#include "gui/actions.h"
#include "gui/dialogs/jobprogressdialog.h"
#include "gui/dialogs/shownjob.h"
#include "gui/inout/importdialog.h"
#include "models/plaintext.h"
#include "postgres/databaseconnection.h"
#include "storage/settings.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <limits>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ImportJobs)
};

QString importSummary(const ImportReport &report)
{
    return Text::tr("%Ln row(s) imported: %1 new, %2 updated, %3 skipped", nullptr,
                    int(qMin<qint64>(report.rowsRead, std::numeric_limits<int>::max())))
        .arg(countText(report.inserted), countText(report.updated), countText(report.skipped));
}

Result<ImportReport> runImport(const ConnectionSpec &spec, const ImportRequest &request, JobContext &context)
{
    const auto connection = DatabaseConnection::open(spec, context.stopToken());
    return connection ? importTable(**connection, request, context) : failure(connection.error());
}

/// What becomes of the dialog when that of its job is closed: it comes back if there is something to mend.
void followUp(ImportDialog *dialog, Job *job)
{
    const bool isOver = !job || !job->isEnded() || job->state() == Job::State::Succeeded;
    if (isOver) {
        dialog->close();
    } else {
        dialog->showAgain(job->state() == Job::State::Cancelled ? Error::cancelled() : job->error());
    }
}

void startImport(Services &services, ImportDialog *dialog, const DatabaseRef &database,
                 const std::function<void()> &done)
{
    const ImportRequest request = dialog->request();
    ShownJob<ImportReport> shown;
    shown.title = Text::tr("Import into %1").arg(request.table.name);
    shown.work = [request, spec = database.spec](JobContext &context) { return runImport(spec, request, context); };
    shown.summary = importSummary;
    shown.succeeded = [done](const ImportReport &report) {
        JobOutcome outcome{importSummary(report), {}, {}};
        if (!report.sequencesSet.isEmpty()) {
            outcome.text +=
                u'\n' +
                Text::tr("Set behind the highest value: %1").arg(report.sequencesSet.join(QStringLiteral(", ")));
        }
        if (done) {
            done();
        }
        return outcome;
    };
    if (services.settings) {
        services.settings->setLastFolder(QStringLiteral("import"), QFileInfo(request.file).absolutePath());
    }
    dialog->hide();
    QWidget *parent = dialog->parentWidget();
    const QPointer<Job> job = startShown(services, parent, shown);
    const auto dialogs = parent ? parent->findChildren<JobProgressDialog *>() : QList<JobProgressDialog *>();
    if (dialogs.isEmpty()) {
        dialog->close();
        return;
    }
    QObject::connect(dialogs.last(), &QDialog::finished, dialog, [dialog, job] { followUp(dialog, job); });
}

} // namespace

void Actions::importRows(Services &services, QWidget *parent, const DatabaseRef &database, const TableId &table,
                         const QString &file, std::function<void()> done)
{
    auto *dialog = new ImportDialog(services, database, table, file, parent);
    QObject::connect(dialog, &ImportDialog::importRequested, dialog,
                     [&services, dialog, database, done] { startImport(services, dialog, database, done); });
    dialog->open();
    if (file.isEmpty()) {
        dialog->chooseFile();
    }
}

} // namespace Roost

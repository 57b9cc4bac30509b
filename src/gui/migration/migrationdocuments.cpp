#include "gui/migration/migrationdocuments.h"

#include "gui/dialogs/notice.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPointer>
#include <QPrintDialog>
#include <QPrinter>
#include <QSaveFile>
#include <QTextDocument>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationDocuments)
};

Result<bool> write(const QString &file, const QString &text)
{
    QSaveFile to(file);
    if (!to.open(QIODevice::WriteOnly) || to.write(text.toUtf8()) < 0 || !to.commit()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("%1 could not be written. Choose another folder.").arg(QDir::toNativeSeparators(file)),
                       to.errorString());
    }
    return true;
}

void saveTo(Services &services, const QString &file, const MigrationDocument &document, Notice *notice)
{
    const bool isHtml = file.endsWith(u".html", Qt::CaseInsensitive) || file.endsWith(u".htm", Qt::CaseInsensitive);
    services.jobs->runQuietly<bool>(
        [file, make = isHtml ? document.html : document.markdown](JobContext &) { return write(file, make()); }, notice,
        [file, notice](const Result<bool> &written) {
            if (!written) {
                notice->sayError(Text::tr("It was not saved"), written.error());
            } else {
                notice->say(Tone::Good, Text::tr("Saved as %1").arg(QFileInfo(file).fileName()),
                            QDir::toNativeSeparators(file));
            }
        });
}

} // namespace

void saveDocument(Services &services, QWidget *parent, const MigrationDocument &document, Notice *notice)
{
    services.prompts->saveFile(
        parent, document.title, QDir::home().filePath(document.fileName + QStringLiteral(".md")),
        Text::tr("Markdown (*.md);;HTML (*.html)"),
        [&services, document, notice](const QString &file) { saveTo(services, file, document, notice); });
}

void printDocument(Services &services, QWidget *parent, const MigrationDocument &document, Notice *notice)
{
    auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setDocName(document.title);
    auto *dialog = new QPrintDialog(printer.get(), parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("printDialog"));
    QObject::connect(
        dialog, qOverload<QPrinter *>(&QPrintDialog::accepted), notice, [&services, printer, document, notice] {
            services.jobs->runQuietly<bool>(
                [printer, html = document.html](JobContext &) -> Result<bool> {
                    QTextDocument text;
                    text.setHtml(html());
                    text.print(printer.get());
                    return true;
                },
                notice, [notice](const Result<bool> &) { notice->say(Tone::Good, Text::tr("Sent to the printer")); });
        });
    dialog->open();
}

} // namespace Roost

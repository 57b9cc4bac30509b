#include "gui/prompts.h"

#include "gui/dialogs/errordialog.h"
#include "gui/dialogs/questiondialog.h"

#include <QFileDialog>
#include <QFileInfo>

namespace Roost {

namespace {

/// A file dialog that does not block; the platform's own where there is one.
QFileDialog *openDialog(QWidget *parent, const QString &title, const QString &folder, const QString &filter,
                        Prompts::Chosen chosen)
{
    auto *dialog = new QFileDialog(parent, title, folder, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    // Connected to the dialog itself, which is gone with its parent: so nothing is called then.
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog, [chosen = std::move(chosen)](const QString &path) {
        if (!path.isEmpty()) {
            chosen(path);
        }
    });
    return dialog;
}

} // namespace

Prompts::Prompts(QObject *parent)
    : QObject(parent)
{
}

void Prompts::ask(QWidget *parent, const Question &question, Answer answer)
{
    auto *dialog = new QuestionDialog(question, parent);
    connect(dialog, &QDialog::finished, dialog,
            [answer = std::move(answer)](int result) { answer(result == QDialog::Accepted); });
    dialog->open();
}

void Prompts::choose(QWidget *parent, const Question &question, Chose chose)
{
    auto *dialog = new QuestionDialog(question, parent);
    connect(dialog, &QDialog::finished, dialog, [chose = std::move(chose)](int result) {
        chose(result == QDialog::Accepted            ? Choice::Accept
              : result == QuestionDialog::OtherChosen ? Choice::Other
                                                      : Choice::Cancel);
    });
    dialog->open();
}

void Prompts::openFile(QWidget *parent, const QString &title, const QString &folder, const QString &filter,
                       Chosen chosen)
{
    QFileDialog *dialog = openDialog(parent, title, folder, filter, std::move(chosen));
    dialog->setAcceptMode(QFileDialog::AcceptOpen);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->open();
}

void Prompts::saveFile(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter,
                       Chosen chosen)
{
    const QFileInfo file(suggestion);
    QFileDialog *dialog = openDialog(parent, title, file.absolutePath(), filter, std::move(chosen));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    // Nothing is ever overwritten, so the question whether it may be would promise what does not happen.
    dialog->setOption(QFileDialog::DontConfirmOverwrite);
    dialog->selectFile(file.fileName());
    dialog->open();
}

void Prompts::chooseFolder(QWidget *parent, const QString &title, const QString &folder, Chosen chosen)
{
    QFileDialog *dialog = openDialog(parent, title, folder, {}, std::move(chosen));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->open();
}

void Prompts::showError(QWidget *parent, const QString &title, const Error &error)
{
    if (error.isCancelled()) {
        return;
    }
    (new ErrorDialog(title, error, parent))->open();
}

} // namespace Roost

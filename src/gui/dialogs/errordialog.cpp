#include "gui/dialogs/errordialog.h"

#include "gui/dialogs/detailview.h"

#include "ui_errordialog.h"

#include <QClipboard>
#include <QGuiApplication>

namespace Roost {

ErrorDialog::ErrorDialog(const QString &title, const Error &error, QWidget *parent)
    : Dialog(parent)
    , m_ui(std::make_unique<Ui::ErrorDialog>())
{
    m_ui->setupUi(this);
    setWindowTitle(title);
    m_ui->headingLabel->setText(title);
    m_ui->messageLabel->setText(error.message.isEmpty() ? tr("No reason was given.") : error.message);
    QString raw = error.detail;
    if (!error.sqlState.isEmpty()) {
        raw += (raw.isEmpty() ? QString() : QStringLiteral("\n")) +
               tr("SQLSTATE %1").arg(QString::fromLatin1(error.sqlState));
    }
    auto *detail = new DetailView(this);
    detail->setText(raw);
    detail->setVisibleLines(7);
    detail->hideCopyButton();
    m_ui->detailFold->setTitle(tr("&Details"));
    m_ui->detailFold->setContent(detail);
    m_ui->detailFold->setVisible(!raw.isEmpty());
    const QString all = title + QStringLiteral("\n") + error.message + QStringLiteral("\n") + raw;
    connect(m_ui->copyButton, &QPushButton::clicked, this, [all] { QGuiApplication::clipboard()->setText(all); });
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::reject);
    m_ui->closeButton->setFocus();
}

ErrorDialog::~ErrorDialog() = default;

} // namespace Roost

#include "gui/about/aboutdialog.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/fold.h"

#include "ui_aboutdialog.h"

#include <QApplication>
#include <QSysInfo>

namespace Roost {

namespace {

constexpr int iconSize = 64;

} // namespace

AboutDialog::AboutDialog(QWidget *parent)
    : Dialog(parent)
    , m_ui(std::make_unique<Ui::AboutDialog>())
{
    m_ui->setupUi(this);
    QIcon icon = QApplication::windowIcon();
    m_ui->iconLabel->setPixmap(icon.pixmap(QSize(iconSize, iconSize), devicePixelRatioF()));
    m_ui->iconLabel->setVisible(!icon.isNull());
    m_ui->versionLabel->setText(tr("Version %1").arg(QStringLiteral(ROOST_VERSION)));
    m_ui->textLabel->setText(tr("A desktop manager for PostgreSQL on Render: look after your databases, back them up, "
                                "bring them back, and run the API that lives on them."));
    m_ui->licenceLabel->setText(
        tr("Free software under the GNU General Public License, version 3 or later. It comes with "
           "no warranty."));
    auto *parts = new DetailView(this);
    parts->setText(QStringLiteral("Roost %1\nQt %2\n%3, %4")
                       .arg(QStringLiteral(ROOST_VERSION), QString::fromLatin1(qVersion()),
                            QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture()));
    m_ui->partsFold->setTitle(tr("&Versions"));
    m_ui->partsFold->setContent(parts);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    m_ui->closeButton->setFocus();
}

AboutDialog::~AboutDialog() = default;

} // namespace Roost

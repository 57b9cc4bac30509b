#include "gui/dialogs/questiondialog.h"

#include "gui/dialogs/detailview.h"
#include "gui/theme/theme.h"

#include "ui_questiondialog.h"

namespace Roost {

QuestionDialog::QuestionDialog(const Prompts::Question &question, QWidget *parent)
    : Dialog(parent)
    , m_ui(std::make_unique<Ui::QuestionDialog>())
{
    m_ui->setupUi(this);
    setWindowTitle(question.title);
    m_ui->headingLabel->setText(question.title);
    m_ui->textLabel->setText(question.text);
    m_ui->acceptButton->setText(question.accept);
    m_ui->otherButton->setText(question.other);
    m_ui->otherButton->setVisible(!question.other.isEmpty());
    connect(m_ui->otherButton, &QPushButton::clicked, this, [this] { done(OtherChosen); });
    auto *detail = new DetailView(this);
    detail->setText(question.detail);
    m_ui->detailFold->setTitle(tr("Details"));
    m_ui->detailFold->setContent(detail);
    m_ui->detailFold->setVisible(!question.detail.isEmpty());
    m_ui->typedName->setVisible(!question.mustType.isEmpty());
    if (!question.mustType.isEmpty()) {
        m_ui->typedName->setExpected(question.mustType, tr("to go on"));
        m_ui->acceptButton->setEnabled(false);
        connect(m_ui->typedName, &TypedName::changed, m_ui->acceptButton, &QWidget::setEnabled);
    }
    if (question.isDestructive) {
        m_ui->acceptButton->setProperty("kind", QStringLiteral("danger"));
        m_ui->cancelButton->setDefault(true);
        m_ui->cancelButton->setFocus();
    } else {
        m_ui->acceptButton->setDefault(true);
        m_ui->acceptButton->setFocus();
    }
    if (!question.mustType.isEmpty()) {
        m_ui->typedName->setFocus();
    }
    connect(m_ui->acceptButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &QDialog::reject);
}

QuestionDialog::~QuestionDialog() = default;

} // namespace Roost

#include "gui/backup/verifydialog.h"

#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/elidedlabel.h"
#include "models/instancelist.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace Roost {

QList<VerifyDialog::DepthText> VerifyDialog::depths()
{
    return {{VerifyDepth::File, "verifyFileRadio", tr("The &file"),
             tr("Size, checksum and table of contents: whether it is still, byte for byte, what was made and proven "
                "then. Takes seconds, and needs no server.")},
            {VerifyDepth::Content, "verifyContentRadio", tr("Its &content"),
             tr("Restores it into a scratch database, compares every table, sequence and object with what the source "
                "held, and drops the scratch again. Nothing else is touched.")},
            {VerifyDepth::Live, "verifyLiveRadio", tr("The database as it is &now"),
             tr("What has changed since, row by row: “birds +3 rows, 1 changed”. The database is only read.")}};
}

VerifyDialog::VerifyDialog(Services &services, const QString &file, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_place(new QComboBox)
    , m_verify(new QPushButton(tr("&Verify")))
{
    setObjectName(QStringLiteral("verifyDialog"));
    setWindowTitle(tr("Verify a backup"));
    setMinimumWidth(560);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card + 4);
    column->setSpacing(Spacing::card - 4);
    column->addWidget(headingLabel(tr("How deep shall Roost look?")));
    auto *name = new ElidedLabel(QFileInfo(file).fileName());
    name->setProperty("role", QStringLiteral("subtle"));
    name->setToolTip(file);
    column->addWidget(name);
    for (const DepthText &depth : depths()) {
        addDepth(depth, column);
    }
    addPlaces(column);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    cancel->setAutoDefault(false);
    m_verify->setObjectName(QStringLiteral("verifyButton"));
    m_verify->setProperty("kind", QStringLiteral("primary"));
    m_verify->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_verify);
    column->addSpacing(Spacing::unit);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_verify, &QPushButton::clicked, this, &QDialog::accept);
    updateButtons();
}

void VerifyDialog::addDepth(const DepthText &depth, QVBoxLayout *column)
{
    auto *radio = new QRadioButton(depth.title);
    radio->setObjectName(QString::fromLatin1(depth.objectName));
    radio->setAccessibleDescription(depth.text);
    radio->setChecked(depth.depth == VerifyDepth::Content);
    connect(radio, &QRadioButton::toggled, this, &VerifyDialog::updateButtons);
    m_radios.append({depth.depth, radio});
    auto *text = paragraph(depth.text);
    text->setProperty("role", QStringLiteral("subtle"));
    text->setIndent(0);
    text->setContentsMargins(Spacing::page - 4, 0, 0, 0);
    auto *both = new QVBoxLayout;
    both->setSpacing(2);
    both->addWidget(radio);
    both->addWidget(text);
    column->addLayout(both);
}

void VerifyDialog::addPlaces(QVBoxLayout *column)
{
    m_place->setObjectName(QStringLiteral("verifyPlace"));
    m_place->addItem(tr("the practice server on this computer (started if need be)"), Instance::practiceId());
    if (m_services.instances) {
        for (const InstanceList::Entry &entry : m_services.instances->entries()) {
            if (!entry.instance.isPractice) {
                m_place->addItem(entry.instance.name, entry.instance.id);
            }
        }
    }
    auto *label = new QLabel(tr("&Scratch database on"));
    label->setBuddy(m_place);
    m_placeRow = new QWidget;
    auto *row = new QHBoxLayout(m_placeRow);
    row->setContentsMargins(Spacing::page - 4, 0, 0, 0);
    row->addWidget(label);
    row->addWidget(m_place, 1);
    column->addWidget(m_placeRow);
}

VerifyChoice VerifyDialog::choice() const
{
    VerifyChoice choice;
    for (const auto &[depth, radio] : m_radios) {
        if (radio->isChecked()) {
            choice.depth = depth;
        }
    }
    choice.instanceId = m_place->currentData().toString();
    return choice;
}

void VerifyDialog::updateButtons()
{
    const VerifyDepth depth = choice().depth;
    if (m_placeRow) {
        m_placeRow->setEnabled(depth == VerifyDepth::Content);
    }
    m_verify->setText(depth == VerifyDepth::Live ? tr("&Compare") : tr("&Verify"));
}

} // namespace Roost

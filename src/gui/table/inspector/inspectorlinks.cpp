#include "gui/table/inspector/inspectorlinks.h"

#include "gui/theme/theme.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

InspectorLinks::InspectorLinks(QWidget *parent)
    : QWidget(parent)
    , m_forwardRow(new QWidget(this))
    , m_forwardLinks(new QVBoxLayout)
    , m_choose(new QPushButton(tr("Choose…"), this))
    , m_referring(new QPushButton(this))
{
    m_choose->setObjectName(QStringLiteral("inspectorChoose"));
    m_choose->setToolTip(tr("Choose the row it refers to (F4)"));
    m_choose->setAccessibleName(tr("Choose the row it refers to"));
    m_choose->setAutoDefault(false);
    m_referring->setObjectName(QStringLiteral("inspectorReferring"));
    m_referring->setProperty("kind", QStringLiteral("link"));
    m_referring->setAutoDefault(false);
    m_forwardLinks->setSpacing(0);
    auto *row = new QHBoxLayout(m_forwardRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->addLayout(m_forwardLinks, 1);
    row->addWidget(m_choose);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit / 4);
    layout->addWidget(m_forwardRow);
    layout->addWidget(m_referring, 0, Qt::AlignLeft);
    connect(m_choose, &QPushButton::clicked, this, &InspectorLinks::chooseRequested);
    connect(m_referring, &QPushButton::clicked, this, &InspectorLinks::showBackward);
    hide();
}

void InspectorLinks::setLinks(const QList<TableLink> &forward, const QList<TableLink> &backward, bool canChoose)
{
    if (forward != m_forward) {
        m_forward = forward;
        while (QLayoutItem *item = m_forwardLinks->takeAt(0)) {
            delete item->widget();
            delete item;
        }
        for (const TableLink &link : forward) {
            auto *button = new QPushButton(QString(link.title).replace(u'&', QStringLiteral("&&")), m_forwardRow);
            button->setObjectName(QStringLiteral("inspectorLink"));
            button->setProperty("kind", QStringLiteral("link"));
            button->setIcon(Theme::icon(QStringLiteral("go-next")));
            button->setToolTip(tr("Show this row"));
            button->setAutoDefault(false);
            m_forwardLinks->addWidget(button, 0, Qt::AlignLeft);
            connect(button, &QPushButton::clicked, this, [this, link] { emit activated(link); });
        }
    }
    m_backward = backward;
    m_choose->setVisible(canChoose);
    m_forwardRow->setVisible(canChoose || !forward.isEmpty());
    m_referring->setVisible(!backward.isEmpty());
    m_referring->setText(backward.size() == 1 ? tr("Rows of %1 that refer to this one")
                                                    .arg(backward.first().table.name)
                                                    .replace(u'&', QStringLiteral("&&"))
                                              : tr("Rows that refer to this one…"));
    setVisible(canChoose || !forward.isEmpty() || !backward.isEmpty());
}

void InspectorLinks::showBackward()
{
    if (m_backward.size() == 1) {
        emit activated(m_backward.first());
        return;
    }
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("inspectorReferringMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const TableLink &link : std::as_const(m_backward)) {
        menu->addAction(QString(link.title).replace(u'&', QStringLiteral("&&")), this,
                        [this, link] { emit activated(link); });
    }
    menu->popup(m_referring->mapToGlobal(QPoint(0, m_referring->height())));
}

} // namespace Roost

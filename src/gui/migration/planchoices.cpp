#include "gui/migration/planchoices.h"

#include "gui/theme/theme.h"

#include <QCheckBox>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int textIndent = 24; ///< below the words of a radio button or check box

void clearList(QVBoxLayout *list)
{
    while (QLayoutItem *item = list->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

/// A button with its explanation below.
QWidget *explained(QWidget *button, const QString &text)
{
    auto *both = new QWidget;
    auto *column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    column->addWidget(button);
    if (!text.isEmpty()) {
        QLabel *words = paragraph(text);
        words->setProperty("role", QStringLiteral("subtle"));
        words->setContentsMargins(textIndent, 0, 0, 0);
        column->addWidget(words);
    }
    return both;
}

bool isSame(const QList<MigrationPathOffer> &one, const QList<MigrationPathOffer> &other)
{
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto &a, const auto &b) {
        return a.path == b.path && a.isPossible == b.isPossible && a.isProposed == b.isProposed && a.why == b.why;
    });
}

} // namespace

PlanPaths::PlanPaths(QWidget *parent)
    : Card(parent)
    , m_list(new QVBoxLayout)
{
    setObjectName(QStringLiteral("planPaths"));
    m_list->setSpacing(Spacing::unit);
    body()->setSpacing(Spacing::unit);
    body()->addWidget(roleLabel(tr("The way"), "strong"));
    body()->addLayout(m_list);
}

void PlanPaths::show(const QList<MigrationPathOffer> &offers, MigrationPath chosen)
{
    if (!isSame(offers, m_offers)) {
        m_offers = offers;
        clearList(m_list);
        for (const MigrationPathOffer &offer : offers) {
            auto *radio =
                new QRadioButton(offer.isProposed ? tr("%1 (proposed)").arg(nameOf(offer.path)) : nameOf(offer.path));
            radio->setObjectName(QStringLiteral("path-") + keyOf(offer.path));
            radio->setAccessibleDescription(offer.why);
            radio->setEnabled(offer.isPossible);
            radio->setAutoExclusive(false); // each has a parent of its own
            connect(radio, &QRadioButton::clicked, this, [this, path = offer.path] {
                show(m_offers, path);
                emit this->chosen(path);
            });
            m_list->addWidget(explained(radio, offer.why));
        }
    }
    for (const MigrationPathOffer &offer : std::as_const(m_offers)) {
        if (auto *radio = findChild<QRadioButton *>(QStringLiteral("path-") + keyOf(offer.path))) {
            radio->setChecked(offer.path == chosen);
        }
    }
    setVisible(!m_offers.isEmpty());
}

PlanServices::PlanServices(QWidget *parent)
    : Card(parent)
    , m_list(new QVBoxLayout)
{
    setObjectName(QStringLiteral("planServices"));
    m_list->setSpacing(Spacing::unit);
    body()->setSpacing(Spacing::unit);
    body()->addWidget(roleLabel(tr("Services that use it"), "strong"));
    QLabel *text = paragraph(tr("A ticked one is suspended while its data moves, so that nothing it writes is lost. "
                                "Its variables are then pointed at the new instance, and it is deployed."));
    text->setProperty("role", QStringLiteral("subtle"));
    body()->addWidget(text);
    body()->addLayout(m_list);
}

void PlanServices::show(const QList<MigrationService> &services)
{
    m_shown = services;
    clearList(m_list);
    for (int i = 0; i < m_shown.size(); ++i) {
        m_shown[i].isFrozen = m_shown[i].isFrozen && !m_thawed.contains(m_shown[i].id);
        addService(i);
    }
    setVisible(!m_shown.isEmpty());
}

void PlanServices::addService(int index)
{
    const MigrationService &service = m_shown[index];
    QString name = service.name;
    auto *box = new QCheckBox(tr("Suspend %1").arg(name.replace(u'&', QStringLiteral("&&"))));
    box->setObjectName(QStringLiteral("freeze-") + service.id);
    box->setChecked(service.isFrozen);
    QStringList facts;
    if (service.isSuspended) {
        box->setEnabled(false);
        box->setText(tr("%1 is suspended, and stays so").arg(name));
    }
    facts += service.variables.isEmpty() ? tr("no variable leads to this instance")
                                         : service.variables.join(QStringLiteral(", "));
    if (!service.url.isEmpty()) {
        facts += service.url;
    }
    connect(box, &QCheckBox::toggled, this, [this, index](bool isFrozen) {
        MigrationService &its = m_shown[index];
        its.isFrozen = isFrozen;
        isFrozen ? (void)m_thawed.remove(its.id) : (void)m_thawed.insert(its.id);
        emit changed();
    });
    m_list->addWidget(explained(box, facts.join(QStringLiteral(" · "))));
}

} // namespace Roost

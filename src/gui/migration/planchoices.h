#pragma once

#include "gui/widgets/card.h"
#include "operations/migrationplanning.h"

#include <QSet>

class QButtonGroup;
class QVBoxLayout;

namespace Roost {

/// The ways off the instance: one is chosen, the others say why they are worse or cannot be.
class PlanPaths : public Card
{
    Q_OBJECT

public:
    explicit PlanPaths(QWidget *parent = nullptr);
    void show(const QList<MigrationPathOffer> &offers, MigrationPath chosen);
    using QWidget::show;

signals:
    void chosen(Roost::MigrationPath path);

private:
    QVBoxLayout *m_list;
    QList<MigrationPathOffer> m_offers;
};

/// The services that use the instance: which variables lead to it, and whether it is suspended while data moves.
class PlanServices : public Card
{
    Q_OBJECT

public:
    explicit PlanServices(QWidget *parent = nullptr);
    void show(const QList<MigrationService> &services);
    using QWidget::show;
    /// With the user's choices.
    QList<MigrationService> services() const { return m_shown; }

signals:
    void changed();

private:
    void addService(int index);

    QVBoxLayout *m_list;
    QList<MigrationService> m_shown;
    QSet<QString> m_thawed; ///< that the user does not want suspended
};

} // namespace Roost

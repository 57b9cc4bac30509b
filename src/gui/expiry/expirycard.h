#pragma once

#include "gui/widgets/card.h"
#include "operations/expirylist.h"

class QPushButton;

namespace Roost {

class Pill;

/// An instance that ends: when, how that is known, whether it is backed up, and what can be done.
class ExpiryCard : public Card
{
    Q_OBJECT

public:
    explicit ExpiryCard(QWidget *parent = nullptr);

    void show(const ExpiringInstance &instance, const ProvenState &proven, bool hasProofs);
    /// There is a way to move an instance.
    void setCanMove(bool can);

signals:
    void opened();
    void backUpWanted();
    void moveWanted();
    void creationDateWanted();
    void dashboardWanted();

private:
    QString datesText() const;
    QString provenText(const ProvenState &proven, bool hasProofs) const;
    void showVerbs();

    ExpiringInstance m_instance;
    bool m_canMove = false;
    QPushButton *m_name;
    Pill *m_badge;
    QLabel *m_dates;
    QLabel *m_proven;
    QPushButton *m_backUp;
    QPushButton *m_move;
    QPushButton *m_date;
    QPushButton *m_dashboard;
};

} // namespace Roost

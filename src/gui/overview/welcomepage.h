#pragma once

#include "gui/widgets/page.h"

class QPushButton;
class QVBoxLayout;

namespace Roost {

struct Services;

/// The first tab: the three ways to begin.
class WelcomePage : public Page
{
    Q_OBJECT

public:
    explicit WelcomePage(Services &services, QWidget *parent = nullptr);
    /// On top of the page.
    void addBanner(QWidget *banner);

signals:
    void addWanted();
    void accountWanted();
    void practiceWanted();
    void practiceAccountWanted();
    void newAppWanted();
    void openAppWanted();

private:
    void updatePractice();
    Services &m_services;
    QPushButton *m_practice;
    QVBoxLayout *m_column;
};

} // namespace Roost

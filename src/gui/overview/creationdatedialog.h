#pragma once

#include "gui/dialogs/dialog.h"
#include "storage/profilestore.h"

class QDateEdit;
class QLabel;
class QPushButton;
class QSpinBox;

namespace Roost {

class Notice;
struct Services;

/// When the instance was created, which Render's dashboard shows, and for how many days a free one works: the expiry
/// count starts there.
class CreationDateDialog : public Dialog
{
    Q_OBJECT

public:
    CreationDateDialog(Services &services, const Profile &profile, QWidget *parent = nullptr);

signals:
    void saved();

private:
    QLayout *makeFields();
    QLayout *makeButtons();
    void save();
    void explain();
    QDateTime now() const;

    Services &m_services;
    Profile m_profile;
    QDateEdit *m_date;
    QSpinBox *m_lifetime;
    QLabel *m_lifetimeText;
    QLabel *m_meaning;
    Notice *m_notice;
    QPushButton *m_save;
};

} // namespace Roost

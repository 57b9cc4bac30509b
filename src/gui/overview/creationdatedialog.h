#pragma once

#include "gui/dialogs/dialog.h"
#include "storage/profilestore.h"

class QDateEdit;
class QLabel;
class QPushButton;

namespace Roost {

class Notice;
struct Services;

/// When the instance was created, which Render's dashboard shows: the expiry count starts there.
class CreationDateDialog : public Dialog
{
    Q_OBJECT

public:
    CreationDateDialog(Services &services, const Profile &profile, QWidget *parent = nullptr);

signals:
    void saved();

private:
    void save();
    void explain();

    Services &m_services;
    Profile m_profile;
    QDateEdit *m_date;
    QLabel *m_meaning;
    Notice *m_notice;
    QPushButton *m_save;
};

} // namespace Roost

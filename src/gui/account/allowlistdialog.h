#pragma once

#include "gui/dialogs/dialog.h"
#include "render/postgresinstance.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace Roost {

class Notice;

/// The addresses of this computer that a server outside may see: public ones of its own network, or the loopback when
/// the API is there. Often none can be known.
[[nodiscard]] QStringList ownAddresses(const QUrl &api);

/// Who may connect to an instance from outside of Render. Only edits the list.
class AllowListDialog : public Dialog
{
    Q_OBJECT

public:
    AllowListDialog(const PostgresInstance &instance, const QStringList &ownAddresses, QWidget *parent = nullptr);

    const QList<AllowedAddresses> &addresses() const { return m_addresses; }
    /// As the user would type it.
    void add(const QString &cidr, const QString &description);

private:
    QLayout *buildAdding();
    void addTyped();
    void removeChosen();
    void update();

    PostgresInstance m_instance;
    QStringList m_own;
    QList<AllowedAddresses> m_addresses;
    QListWidget *m_list;
    QLineEdit *m_cidr;
    QLineEdit *m_description;
    QLabel *m_problem;
    Notice *m_notice;
    QPushButton *m_remove;
    QPushButton *m_save;
};

} // namespace Roost

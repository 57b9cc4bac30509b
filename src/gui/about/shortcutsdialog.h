#pragma once

#include "gui/dialogs/dialog.h"

#include <QList>

#include <memory>

class QAction;

namespace Roost {

namespace Ui {
class ShortcutsDialog;
}

/// Every action that has a shortcut, by the menu it is in; made from the actions themselves, so it cannot be out of
/// date.
class ShortcutsDialog : public Dialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent = nullptr);
    ~ShortcutsDialog() override;

private:
    void fill(const QList<QAction *> &actions);
    void filter(const QString &text);
    std::unique_ptr<Ui::ShortcutsDialog> m_ui;
};

} // namespace Roost

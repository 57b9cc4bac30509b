#include "gui/about/aboutdialog.h"
#include "gui/about/shortcutsdialog.h"
#include "gui/actions.h"

namespace Roost {

void Actions::showAbout(QWidget *parent)
{
    (new AboutDialog(parent))->open();
}

void Actions::showShortcuts(QWidget *parent, const QList<QAction *> &actions)
{
    (new ShortcutsDialog(actions, parent))->open();
}

} // namespace Roost

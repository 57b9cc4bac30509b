#include "gui/actions.h"
#include "gui/compare/compareside.h"
#include "gui/mainwindow.h"

namespace Roost {

void Actions::openCompare(QWidget *widget, const CompareSide &first, const CompareSide &second)
{
    if (auto *window = qobject_cast<MainWindow *>(widget->window())) {
        window->openCompare(first, second);
    }
}

} // namespace Roost

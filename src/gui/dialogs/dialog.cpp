#include "gui/dialogs/dialog.h"

#include <QEvent>
#include <QLayout>

namespace Roost {

Dialog::Dialog(QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowFlag(Qt::WindowContextHelpButtonHint, false);
}

bool Dialog::event(QEvent *event)
{
    const bool done = QDialog::event(event);
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::Show) {
        fit();
    }
    return done;
}

void Dialog::resizeEvent(QResizeEvent *event)
{
    QDialog::resizeEvent(event);
    fit();
}

void Dialog::fit()
{
    if (!layout()) {
        return;
    }
    const int needed =
        layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : layout()->totalMinimumSize().height();
    if (m_isResizable) {
        setMinimumHeight(needed);
    } else if (minimumHeight() != needed || maximumHeight() != needed) {
        setFixedHeight(needed);
    }
}

} // namespace Roost

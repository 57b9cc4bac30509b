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
    // One that was as tall as needed stays so when a fold closes; one that the user made taller is left alone.
    const bool wasFitting = height() <= m_needed;
    const bool changed = needed != m_needed;
    m_needed = needed;
    setMinimumHeight(needed);
    if (height() < needed || (wasFitting && changed)) {
        resize(width(), needed);
    }
}

} // namespace Roost

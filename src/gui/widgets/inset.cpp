#include "gui/widgets/inset.h"

#include <QEvent>
#include <QVBoxLayout>

namespace Roost {

Inset::Inset(QWidget *content, const QMargins &margins)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(margins);
    layout->addWidget(content);
    setVisible(!content->isHidden());
    content->installEventFilter(this);
}

bool Inset::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShowToParent) {
        show();
    } else if (event->type() == QEvent::HideToParent) {
        hide();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace Roost

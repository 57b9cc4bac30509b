#pragma once

#include <QMargins>
#include <QWidget>

namespace Roost {

/// A margin around a widget that is hidden most of the time, and goes away with it: a layout's own margins stay.
class Inset : public QWidget
{
public:
    Inset(QWidget *content, const QMargins &margins);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace Roost

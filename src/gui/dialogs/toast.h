#pragma once

#include <QLabel>

namespace Roost {

/// A line that stands at the lower edge of a window for a few seconds: for what was done and needs no answer.
class Toast : public QLabel
{
    Q_OBJECT

public:
    /// In the window of `widget`; replaces the one that is there.
    static void say(QWidget *widget, const QString &text);

private:
    Toast(const QString &text, QWidget *window);
    void place();
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace Roost

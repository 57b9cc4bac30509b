#pragma once

#include <QDialog>

class QPushButton;

namespace Roost {

/// What all dialogs of Roost share: shown with open(), gone when closed, as tall as its wrapped texts need (Qt does
/// not see to that for windows), Esc always safe.
class Dialog : public QDialog
{
    Q_OBJECT

public:
    explicit Dialog(QWidget *parent = nullptr);

protected:
    /// For a dialog whose content gains by more height; the others are as tall as their content.
    void setResizable() { m_isResizable = true; }
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
    bool m_isResizable = false;
};

} // namespace Roost

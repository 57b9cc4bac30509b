#pragma once

#include <QDialog>

class QPushButton;

namespace Roost {

/// What all dialogs of Roost share: shown with open(), gone when closed, never smaller than its wrapped texts need
/// (Qt does not see to that for windows), Esc always safe.
class Dialog : public QDialog
{
    Q_OBJECT

public:
    explicit Dialog(QWidget *parent = nullptr);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
    int m_needed = 0;
};

} // namespace Roost

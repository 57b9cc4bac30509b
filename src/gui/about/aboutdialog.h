#pragma once

#include "gui/dialogs/dialog.h"

#include <memory>

namespace Roost {

namespace Ui {
class AboutDialog;
}

/// What Roost is, its version and licence, and what it is built on.
class AboutDialog : public Dialog
{
    Q_OBJECT

public:
    explicit AboutDialog(QWidget *parent = nullptr);
    ~AboutDialog() override;

private:
    std::unique_ptr<Ui::AboutDialog> m_ui;
};

} // namespace Roost

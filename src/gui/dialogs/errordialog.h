#pragma once

#include "core/error.h"
#include "gui/dialogs/dialog.h"

#include <memory>

namespace Roost {

namespace Ui {
class ErrorDialog;
}

/// What happened, why, what to do; the raw detail unfolds and can be copied.
class ErrorDialog : public Dialog
{
    Q_OBJECT

public:
    ErrorDialog(const QString &title, const Error &error, QWidget *parent = nullptr);
    ~ErrorDialog() override;

private:
    std::unique_ptr<Ui::ErrorDialog> m_ui;
};

} // namespace Roost

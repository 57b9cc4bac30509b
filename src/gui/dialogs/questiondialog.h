#pragma once

#include "gui/dialogs/dialog.h"
#include "gui/prompts.h"

#include <memory>

namespace Roost {

namespace Ui {
class QuestionDialog;
}

/// One question with two answers, or three, the accepting one named by verb and object. A destructive one is never the
/// default.
class QuestionDialog : public Dialog
{
    Q_OBJECT

public:
    static constexpr int OtherChosen = 2; ///< the result when Question::other was chosen

    explicit QuestionDialog(const Prompts::Question &question, QWidget *parent = nullptr);
    ~QuestionDialog() override;

private:
    std::unique_ptr<Ui::QuestionDialog> m_ui;
};

} // namespace Roost

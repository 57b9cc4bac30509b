#pragma once

#include "gui/dialogs/dialog.h"
#include "postgres/applychanges.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace Roost {

/// The script that applying the changes comes to, to read and to copy; accepted: it is to be run. The script is made
/// off the GUI thread; of a long one the beginning is shown, and all of it copied.
class SqlPreviewDialog : public Dialog
{
    Q_OBJECT

public:
    SqlPreviewDialog(const ChangeTarget &target, const QList<RowChange> &changes, QWidget *parent = nullptr);

private:
    void build(int count);

    QString m_script;
    QPlainTextEdit *m_text;
    QLabel *m_note;
    QPushButton *m_copy;
    QPushButton *m_apply;
};

} // namespace Roost

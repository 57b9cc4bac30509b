#pragma once

#include "gui/table/editors/exacttext.h"

#include <QPlainTextEdit>

namespace Roost {

/// Edits a text of up to a megabyte or two without changing what the user does not touch (ExactText), long lines
/// included, and without waiting for their layout.
class ExactTextEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    /// More than this is not edited, only looked at.
    static constexpr qsizetype mostEditable = 1024 * 1024; ///< characters

    explicit ExactTextEdit(QWidget *parent = nullptr);

    void setExact(const QString &text);
    QString exact() const;
    bool hasLines() const { return blockCount() > 1; }
    /// Puts the cursor at a place of the exact text.
    void goTo(qsizetype exactPosition);
    /// Replaces everything, as typing would: it can be undone.
    void replaceAll(const QString &text);

signals:
    void editedByUser();
    /// More was pasted than can be edited here; nothing was done.
    void pastedTooMuch(qsizetype characters);

protected:
    void insertFromMimeData(const QMimeData *source) override;

private:
    void follow();
    /// In place of what the cursor has selected; one step of undo.
    void insert(QTextCursor cursor, const QString &text);

    ExactText m_text;
    int m_changedFrom = 0; ///< the first place changed since follow()
    bool m_isShowing = false;
};

} // namespace Roost

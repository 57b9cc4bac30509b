#pragma once

#include <QPlainTextEdit>

namespace Roost {

/// The field for a connection string. It keeps no undo history, and once the text has been understood its owner puts a
/// masked form in its place; the next paste, or Backspace, starts anew.
class PasteField : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit PasteField(QWidget *parent = nullptr);

    /// Replaces the raw text by what may be looked at; no signal.
    void showMasked(const QString &text);
    bool isMasked() const { return m_isMasked; }
    /// As if the user had pasted it.
    void paste(const QString &text);
    /// Shows a text that was masked again, to be mended by hand.
    void showRaw(const QString &text);

signals:
    void edited(const QString &raw); ///< each change by the user, empty when cleared
    void settled();                  ///< the user pasted, or left the field: no more keys are to be expected

protected:
    void insertFromMimeData(const QMimeData *source) override;
    bool canInsertFromMimeData(const QMimeData *source) const override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    QMimeData *createMimeDataFromSelection() const override;

private:
    void startAnew();
    bool m_isMasked = false;
};

} // namespace Roost

#pragma once

#include <QWidget>

class QPlainTextEdit;
class QPushButton;

namespace Roost {

/// Raw text of a server or tool, or a terminal line: plain, in a fixed-width font, with a button that copies it.
class DetailView : public QWidget
{
    Q_OBJECT

public:
    explicit DetailView(QWidget *parent = nullptr);
    void setText(const QString &text);
    QString text() const;
    /// Where something else copies it.
    void hideCopyButton();
    void setAccessibleText(const QString &name);
    /// Its height, in lines of text.
    void setVisibleLines(int lines);

private:
    QPlainTextEdit *m_view;
    QPushButton *m_copy;
};

} // namespace Roost

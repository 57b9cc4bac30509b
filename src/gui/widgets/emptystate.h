#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace Roost {

/// A pane with nothing in it: says so, says what to do next, and offers the button.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    /// `iconName` may be empty.
    EmptyState(const QString &iconName, const QString &title, const QString &text, QWidget *parent = nullptr);

    void setText(const QString &title, const QString &text);
    QPushButton *addButton(const QString &objectName, const QString &text, bool isPrimary);

private:
    QLabel *m_title;
    QLabel *m_text;
    QVBoxLayout *m_buttons;
};

} // namespace Roost

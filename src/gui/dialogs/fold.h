#pragma once

#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace Roost {

/// A line with an arrow that unfolds what is below it: for what most people need not see. Closed at first.
class Fold : public QWidget
{
    Q_OBJECT

public:
    explicit Fold(QWidget *parent = nullptr);

    void setTitle(const QString &title);
    QString title() const;
    /// The fold owns it.
    void setContent(QWidget *content);
    bool isOpen() const;
    void setOpen(bool open);

signals:
    void toggled(bool open);

private:
    QToolButton *m_header;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_layout;
};

} // namespace Roost

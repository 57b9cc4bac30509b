#pragma once

#include <QLabel>

namespace Roost {

/// The line below a cell's editor that says what is wrong with the value, above it where there is no room below.
class CellProblem : public QLabel
{
    Q_OBJECT

public:
    explicit CellProblem(QWidget *editor);
    void say(const QString &text); ///< empty: gone
    void place();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *m_editor;
};

} // namespace Roost

#pragma once

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace Roost {

/// Stands over the rows, at their lower edge, while something takes longer than a moment: what it is, and a button that
/// stops it. The rows stay to be seen and used.
class LoadingPill : public QFrame
{
    Q_OBJECT

public:
    /// Keeps to the lower edge of `area`, whose child it becomes.
    explicit LoadingPill(QWidget *area);

    /// Shows itself after a moment, if nothing has ended by then; `text` may be said again and again.
    void begin(const QString &text, const QString &stop);
    void end();

signals:
    void stopWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void place();

    QLabel *m_text;
    QPushButton *m_stop;
    QTimer m_patience;
    bool m_isOn = false;
};

} // namespace Roost

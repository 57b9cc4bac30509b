#pragma once

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace Roost {

/// Finds a text in what is loaded, at once, or in the whole table. Only asks: whoever has the rows answers by
/// showResult().
class FindBar : public QFrame
{
    Q_OBJECT

public:
    explicit FindBar(QWidget *parent = nullptr);

    QString text() const;
    void setText(const QString &text);
    /// Shows the bar with the cursor in its field.
    void open();
    /// What came of it: "3 of 12 loaded rows", "nothing found". Plain text.
    void showResult(const QString &result, bool isFound = true);
    /// While the server looks: the button becomes "Stop".
    void setSearching(bool isSearching);
    void findNext(bool backward);

signals:
    /// `text` is never empty.
    void findRequested(const QString &text, bool backward, bool wholeTable);
    /// What is to be marked in the rows; empty: nothing.
    void textChanged(const QString &text);
    void stopRequested();
    void closed();

public slots:
    void close();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QLineEdit *m_line;
    QToolButton *m_previous;
    QToolButton *m_next;
    QPushButton *m_whole;
    QLabel *m_result;
    bool m_isSearching = false;
};

} // namespace Roost

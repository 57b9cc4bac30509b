#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace Roost {

struct Services;

/// A page of SQL to read: Copy, Save…, and Ctrl+F to find. The text is not wrapped and cannot be edited.
class SqlView : public QWidget
{
    Q_OBJECT

public:
    /// `suggestion`: the file name that Save… begins with.
    SqlView(Services &services, const QString &suggestion, QWidget *parent = nullptr);

    void setText(const QString &sql);
    QString text() const;
    /// Says so in the bar and keeps what is shown.
    void setRemark(const QString &remark);
    QHBoxLayout *bar() const { return m_bar; } ///< with the remark at the left and the buttons at the right
    QPlainTextEdit *editor() const { return m_text; }

public slots:
    void copyAll();
    void save();
    void openFind();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildBar();
    void buildFind();
    void find(bool backward, bool fromStart = false);
    void write(const QString &file);

    Services &m_services;
    QString m_suggestion;
    QHBoxLayout *m_bar;
    QLabel *m_remark;
    QPushButton *m_copy;
    QPushButton *m_save;
    QWidget *m_findBar;
    QLineEdit *m_findField;
    QLabel *m_findResult;
    QPlainTextEdit *m_text;
};

} // namespace Roost

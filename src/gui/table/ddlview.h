#pragma once

#include <QWidget>

class QStackedWidget;

namespace Roost {

class Notice;
class SqlView;
struct Error;
struct Services;

/// The statements that would make a table or view again. Whoever owns it loads them: reloadRequested() says when, first
/// of all when the view is shown for the first time.
class DdlView : public QWidget
{
    Q_OBJECT

public:
    /// `name`: of the table, for the suggested file name.
    DdlView(Services &services, const QString &name, QWidget *parent = nullptr);

    void show(const QString &sql);
    using QWidget::show;
    void setLoading();
    void showError(const Error &error);
    /// What is shown is out of date: asked for again now, or when it is next looked at.
    void invalidate();
    QString sql() const;
    void copySelection();

signals:
    void reloadRequested();

protected:
    void showEvent(QShowEvent *event) override;

private:
    SqlView *m_sql;
    QStackedWidget *m_stack;
    Notice *m_notice;
    bool m_isCurrent = false;
};

} // namespace Roost

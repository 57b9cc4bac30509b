#pragma once

#include <QLineEdit>

namespace Roost {

/// The WHERE box: an SQL expression as typed. Enter applies it, also an empty one; Down opens what was applied before,
/// the last twenty of a table for as long as the program runs. Says by itself what PostgreSQL's parser has against it.
class WhereBox : public QLineEdit
{
    Q_OBJECT

public:
    /// `table`: whose history it is, with instance and database.
    explicit WhereBox(const QString &table, QWidget *parent = nullptr);

    /// What was applied last; the box may hold something else by now.
    const QString &applied() const { return m_applied; }
    /// Shows this as applied; announces nothing.
    void setApplied(const QString &where);
    /// What speaks against the text, as the server says; empty: nothing.
    void setProblem(const QString &problem);
    void openHistory();

signals:
    void wanted(const QString &where);
    void problemChanged(const QString &problem);
    void left(); ///< Esc: back to the rows

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void apply();
    void remember() const;

    QString m_table;
    QString m_applied;
    QAction *m_history;
};

} // namespace Roost

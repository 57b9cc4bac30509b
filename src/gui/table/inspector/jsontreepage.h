#pragma once

#include "postgres/cellvalue.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace Roost {

class Job;
class JobRunner;
class JsonTreeModel;

/// A JSON value as a tree to look at, with the path to the chosen part in SQL. It is read off the GUI thread.
class JsonTreePage : public QWidget
{
    Q_OBJECT

public:
    JsonTreePage(JobRunner *jobs, QWidget *parent = nullptr);

    /// `column`: where the paths begin.
    void setValue(const QString &text, const QString &column);

signals:
    /// The user wants to see this place in the text.
    void placeChosen(qsizetype offset);

private:
    void showTree();
    void showPath();

    JobRunner *m_jobs;
    JsonTreeModel *m_model;
    QTreeView *m_tree;
    QLabel *m_state;
    QLineEdit *m_path;
    QPushButton *m_copy;
    QString m_text;
    QString m_column;
    int m_generation = 0;
};

} // namespace Roost

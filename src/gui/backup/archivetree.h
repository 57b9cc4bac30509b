#pragma once

#include "operations/archivegroups.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace Roost {

/// What is in a dump, at the left of its page: groups, things with row counts, and a box that filters them.
class ArchiveTree : public QWidget
{
    Q_OBJECT

public:
    explicit ArchiveTree(QWidget *parent = nullptr);

    void show(const QList<ArchivedGroup> &groups);
    using QWidget::show;
    void focusFilter();

signals:
    void chosen(const Roost::ArchivedThing &thing);
    void opened(); ///< by Enter or a double click: what was chosen is wanted in front

private:
    void filter(const QString &words);
    const ArchivedThing *thingOf(const QTreeWidgetItem *item) const;
    bool eventFilter(QObject *watched, QEvent *event) override;

    QLineEdit *m_filter;
    QTreeWidget *m_tree;
    QLabel *m_nothing;
    QList<ArchivedGroup> m_groups;
};

} // namespace Roost

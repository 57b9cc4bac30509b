#pragma once

#include "operations/archiveselection.h"

#include <QList>
#include <QStringList>
#include <QWidget>

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace Roost {

/// The objects of a backup to check: all of them at first. Tables, views, functions and types, each group below its
/// own box.
class ObjectChoice : public QWidget
{
    Q_OBJECT

public:
    explicit ObjectChoice(QWidget *parent = nullptr);

    void setObjects(const QList<SelectableObject> &objects);
    /// For RestoreRequest::chosen: empty when all are.
    QStringList chosen() const;
    bool isAll() const { return m_checked == m_all; }
    bool isNone() const { return m_all > 0 && m_checked == 0; }
    /// "all of it", "2 of 14 objects".
    QString summary() const;

signals:
    void changed();

private:
    int rowHeight() const;
    void checkAll(bool on);
    void count();
    QTreeWidgetItem *groupItem(SelectableObject::Group group);

    QTreeWidget *m_tree;
    QLabel *m_hint;
    int m_all = 0;
    int m_checked = 0;
};

} // namespace Roost

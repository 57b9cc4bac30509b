#pragma once

#include "models/instance.h"
#include "models/navigatormodel.h"

#include <QWidget>

class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace Roost {

class NavigatorFilter;
class NavigatorView;
struct Services;

/// The side bar: filter, tree, and the button that adds a connection. Before anything exists it says what to do.
class NavigatorPanel : public QWidget
{
    Q_OBJECT

public:
    explicit NavigatorPanel(Services &services, QWidget *parent = nullptr);

    NavigatorModel *model() const { return m_model; }
    /// The chosen row; never null, of kind Root when nothing is chosen.
    const NavigatorNode *current() const;
    void focusFilter();
    void setShowsSystem(bool shows);
    void refreshCurrent();
    /// Opens and chooses the row of a database (or of its instance).
    void reveal(const QString &instanceId, const QString &database = {});
    void revealAccount(const QString &accountId);
    /// As reveal(), once the instance's list names the database.
    void revealWhenListed(const QString &instanceId, const QString &database);
    void select(const QString &instanceId);
    void selectRelation(const QString &instanceId, const QString &database, const TableId &table);

signals:
    void currentChanged();
    void opened(const Roost::NavigatorNode &node); ///< double click or Return
    void menuWanted(const QPoint &globalPosition);
    void addWanted();
    void accountWanted();
    void practiceWanted();

private:
    void buildTree();
    void buildEmptyState();
    void updateStack();
    void expandGroups();
    void activate(const QModelIndex &index);
    void filterChanged(const QString &text);
    QModelIndex bestMatch(const QString &text) const;

    Services &m_services;
    NavigatorModel *m_model;
    NavigatorFilter *m_filter;
    QLineEdit *m_field;
    QStackedWidget *m_stack;
    NavigatorView *m_tree;
    QPushButton *m_add;
};

} // namespace Roost

#pragma once

#include "core/result.h"
#include "models/instancelist.h"
#include "models/navigatornode.h"

#include <QAbstractItemModel>

namespace Roost {

class AccountList;
class ActivityLog;
class SessionPool;

/// The side bar's tree: groups (a workspace, the connections, practice) → instances → databases → schemas (only when
/// there is another than public) → tables, views, sequences, functions. Children load when a node is opened; a row says
/// so while they do, when there are none and when they could not be read. Lives in the GUI thread.
class NavigatorModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Role {
        KindRole = Qt::UserRole + 1, ///< NodeKind as int
        SecondaryRole,               ///< shown at the right
        BadgeTextsRole,              ///< QStringList
        BadgeTonesRole,              ///< QList<int> of BadgeTone
        IconNameRole,
        MessageRole, ///< NodeMessage as int
        SystemRole   ///< bool: hidden until asked for
    };

    /// A folder with a bird app that is open in the window.
    struct AppFolder
    {
        QString folder;
        QString address; ///< "localhost:8000" while it runs
        bool isRunning = false;
    };

    NavigatorModel(InstanceList *instances, SessionPool *sessions, ActivityLog *activity, QObject *parent = nullptr);
    ~NavigatorModel() override;
    /// Whose workspaces are groups of their own from then on, with the instances that belong to them.
    void setAccounts(AccountList *accounts);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    /// Never null: the root's for an invalid index. Valid until the model changes.
    const NavigatorNode *node(const QModelIndex &index) const;
    QModelIndex indexOf(const QString &instanceId, const QString &database = {}) const;
    QModelIndex indexOfRelation(const QString &instanceId, const QString &database, const TableId &table) const;
    QModelIndex groupIndex(const QString &key) const; ///< "connections", "practice", "computer"
    /// The row of an account in the group of its first workspace.
    QModelIndex indexOfAccount(const QString &accountId) const;

    /// Reads what is under the node again; what is open stays open.
    void refresh(const QModelIndex &index);
    void refreshDatabase(const QString &instanceId, const QString &database);
    void setApps(const QList<AppFolder> &apps);

signals:
    /// The tables of a database are known, again or for the first time.
    void relationsLoaded(const QString &instanceId, const QString &database);

private:
    NavigatorNode *nodeAt(const QModelIndex &index) const;
    QModelIndex indexFor(const NavigatorNode *node) const;
    NavigatorNode *nodeOf(const QString &instanceId) const;
    void updateGroups();
    void fillGroups();
    void updateInstance(const QString &instanceId);
    void loadRelations(NavigatorNode *node);
    void contentsArrived(const QString &instanceId, const QString &database, int generation,
                         const Result<DatabaseContents> &contents);
    /// All of a database's at once: into every node for functions that it has.
    void loadFunctions(NavigatorNode *database);
    void functionsArrived(const QString &instanceId, const QString &database, int generation,
                          const Result<QList<FunctionInfo>> &functions);
    static QList<NavigatorNode *> functionFolders(const NavigatorNode *database);
    /// Makes `parent`'s children equal to `wanted` by key, with as few row changes as possible.
    void merge(NavigatorNode *parent, NavigatorNodes wanted);
    void insertAt(NavigatorNode *parent, int row, NavigatorNodes nodes);
    void removeRange(NavigatorNode *parent, int first, int last);

    InstanceList *m_instances;
    AccountList *m_accounts = nullptr;
    SessionPool *m_sessions;
    ActivityLog *m_activity;
    std::unique_ptr<NavigatorNode> m_root;
    QList<AppFolder> m_apps;
    int m_functionsGeneration = 0;
};

} // namespace Roost

#pragma once

#include "models/instancelist.h"
#include "postgres/catalog.h"

#include <QList>
#include <QString>

#include <memory>
#include <vector>

namespace Roost {

enum class NodeKind { Root, Group, Account, Instance, Database, Schema, Relation, Functions, Function, App, Message };
enum class BadgeTone { Neutral, Good, Warning, Danger };
/// Why a message row stands where children would be.
enum class NodeMessage { None, Loading, Empty, Failed };

struct NodeBadge
{
    QString text;
    BadgeTone tone = BadgeTone::Neutral;
    bool operator==(const NodeBadge &) const = default;
};

/// A row of the navigator.
struct NavigatorNode
{
    enum class Load { None, Pending, Loading, Done }; ///< of its children; None: it has none to load

    NavigatorNode() = default;
    Q_DISABLE_COPY_MOVE(NavigatorNode)

    NodeKind kind = NodeKind::Root;
    QString key; ///< unique among its siblings, and the same after a refresh
    QString name;
    QString secondary;
    QString toolTip;
    QString iconName;
    QList<NodeBadge> badges;
    NodeMessage message = NodeMessage::None;
    QString instanceId;
    QString database;
    RelationInfo relation; ///< of a Relation
    QString schema;        ///< of Functions: those of this schema
    FunctionInfo function; ///< of a Function
    QString folder;        ///< of an App
    QString accountId;     ///< of an Account, its group and its messages
    QString ownerId;       ///< the workspace that the group is of; empty when not known yet
    bool isSystem = false;

    Load load = Load::None;
    int generation = 0; ///< answers to an older one are late
    NavigatorNode *parent = nullptr;
    std::vector<std::unique_ptr<NavigatorNode>> children;

    int row() const;
    NavigatorNode *child(const QString &childKey) const;
    /// Takes over what is shown, and keeps children and their state. True when that changed anything.
    bool takeLook(const NavigatorNode &other);
};

using NavigatorNodes = std::vector<std::unique_ptr<NavigatorNode>>;

[[nodiscard]] std::unique_ptr<NavigatorNode> messageNode(NodeMessage message, const QString &text,
                                                         const QString &toolTip = {});
[[nodiscard]] std::unique_ptr<NavigatorNode> groupNode(const QString &key, const QString &name);
/// `now`: the instance's time, which its badge of days is counted with.
[[nodiscard]] std::unique_ptr<NavigatorNode> instanceNode(const InstanceList::Entry &entry,
                                                          InstanceList::Practice practice, const QDateTime &now);
/// A folder with a bird app.
[[nodiscard]] std::unique_ptr<NavigatorNode> appNode(const QString &folder, const QString &address, bool isRunning);
[[nodiscard]] std::unique_ptr<NavigatorNode> databaseNode(const QString &instanceId, const DatabaseInfo &info);
/// Tables, views and sequences of a database, and a node for its functions: in schemas when there is another one than
/// public.
[[nodiscard]] NavigatorNodes contentNodes(const QString &instanceId, const QString &database,
                                          const DatabaseContents &contents);
/// The functions of one schema.
[[nodiscard]] NavigatorNodes functionNodes(const QString &instanceId, const QString &database, const QString &schema,
                                           const QList<FunctionInfo> &functions);

} // namespace Roost

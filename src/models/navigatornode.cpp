#include "models/navigatornode.h"

#include "models/plaintext.h"
#include "operations/expiry.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Navigator)
};

QString relationIcon(RelationKind kind)
{
    switch (kind) {
    case RelationKind::Table:
    case RelationKind::PartitionedTable:
        return QStringLiteral("table");
    case RelationKind::View:
    case RelationKind::MaterializedView:
        return QStringLiteral("view-visible");
    case RelationKind::ForeignTable:
        return QStringLiteral("internet-services");
    case RelationKind::Sequence:
        return QStringLiteral("format-list-ordered");
    }
    return {};
}

/// Rows, exact or estimated; nothing where there is no figure.
QString rowsText(const RelationInfo &relation)
{
    return relation.rowsAreExact ? countText(relation.estimatedRows) : estimateText(relation.estimatedRows);
}

QString relationToolTip(const RelationInfo &relation)
{
    QStringList lines{Text::tr("%1 %2.%3").arg(relationKindName(relation.kind), relation.id.schema, relation.id.name),
                      Text::tr("Owner: %1").arg(relation.owner)};
    if (relation.estimatedRows >= 0) {
        lines += relation.rowsAreExact ? Text::tr("Rows: %1").arg(rowsText(relation))
                                       : Text::tr("Rows: %1, by the server's estimate").arg(rowsText(relation));
    }
    if (relation.sizeBytes >= 0) {
        lines += Text::tr("Size: %1 with indexes").arg(sizeText(relation.sizeBytes));
    }
    if (!relation.comment.isEmpty()) {
        lines += relation.comment;
    }
    return lines.join(QLatin1Char('\n'));
}

QString functionKindName(const QString &kind)
{
    return kind == u"procedure"   ? Text::tr("procedure")
           : kind == u"aggregate" ? Text::tr("aggregate")
           : kind == u"window"    ? Text::tr("window function")
                                  : Text::tr("function");
}

std::unique_ptr<NavigatorNode> relationNode(const QString &instanceId, const QString &database,
                                            const RelationInfo &relation)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Relation;
    node->key = QStringLiteral("r:") + relation.id.schema + QLatin1Char('.') + relation.id.name;
    node->name = relation.id.name;
    node->secondary = rowsText(relation);
    node->toolTip = relationToolTip(relation);
    node->iconName = relationIcon(relation.kind);
    node->instanceId = instanceId;
    node->database = database;
    node->relation = relation;
    return node;
}

std::unique_ptr<NavigatorNode> schemaNode(const QString &instanceId, const QString &database, const QString &name)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Schema;
    node->key = QStringLiteral("s:") + name;
    node->name = name;
    node->toolTip = Text::tr("Schema %1").arg(name);
    node->iconName = QStringLiteral("code-context");
    node->instanceId = instanceId;
    node->database = database;
    return node;
}

std::unique_ptr<NavigatorNode> functionsNode(const QString &instanceId, const QString &database, const QString &schema,
                                             int count)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Functions;
    node->key = QStringLiteral("functions");
    node->name = Text::tr("Functions");
    node->secondary = countText(count);
    node->toolTip = Text::tr("Functions, procedures and aggregates of the schema %1").arg(schema);
    node->iconName = QStringLiteral("code-function");
    node->instanceId = instanceId;
    node->database = database;
    node->schema = schema;
    node->load = NavigatorNode::Load::Pending;
    return node;
}

std::unique_ptr<NavigatorNode> functionNode(const QString &instanceId, const QString &database,
                                            const FunctionInfo &function)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Function;
    node->key = QStringLiteral("f:") + function.id.name + QLatin1Char('(') + function.arguments;
    node->name = function.id.name + QLatin1Char('(') + function.arguments + QLatin1Char(')');
    node->secondary = function.kind == u"function" ? QString() : functionKindName(function.kind);
    QStringList lines{node->name};
    if (!function.result.isEmpty()) {
        lines += Text::tr("Gives: %1").arg(function.result);
    }
    lines += Text::tr("Language: %1").arg(function.language);
    lines += Text::tr("Owner: %1").arg(function.owner);
    if (!function.comment.isEmpty()) {
        lines += function.comment;
    }
    node->toolTip = lines.join(QLatin1Char('\n'));
    node->iconName = QStringLiteral("code-function");
    node->instanceId = instanceId;
    node->database = database;
    node->function = function;
    return node;
}

BadgeTone toneOf(Expiry::Stage stage)
{
    switch (stage) {
    case Expiry::Stage::Fine:
        return BadgeTone::Neutral;
    case Expiry::Stage::Soon:
        return BadgeTone::Warning;
    case Expiry::Stage::Urgent:
    case Expiry::Stage::Grace:
    case Expiry::Stage::Gone:
        return BadgeTone::Danger;
    }
    return BadgeTone::Neutral;
}

QList<NodeBadge> badgesOf(const InstanceList::Entry &entry, InstanceList::Practice practice, const QDateTime &now)
{
    QList<NodeBadge> badges;
    if (entry.instance.isPractice) {
        switch (practice) {
        case InstanceList::Practice::Stopped:
            return {{Text::tr("stopped"), BadgeTone::Neutral}};
        case InstanceList::Practice::Starting:
            return {{Text::tr("starting…"), BadgeTone::Neutral}};
        case InstanceList::Practice::Running:
            return {{Text::tr("running"), BadgeTone::Good}};
        case InstanceList::Practice::Stopping:
            return {{Text::tr("stopping…"), BadgeTone::Neutral}};
        }
    }
    if (const Expiry expiry = expiryOf(entry.instance.profile); expiry.isKnown()) {
        badges += NodeBadge{expiry.badge(now), toneOf(expiry.stage(now))};
    }
    // Of one that has expired its own badge says why.
    const bool isOver = expiryOf(entry.instance.profile).isOver(now);
    if (entry.state == InstanceList::State::Failed && !isOver) {
        badges += NodeBadge{Text::tr("not connected"), BadgeTone::Danger};
    } else if (entry.instance.profile.parameters.tls == TlsMode::Unverified) {
        badges += NodeBadge{Text::tr("not verified"), BadgeTone::Warning};
    }
    return badges;
}

} // namespace

int NavigatorNode::row() const
{
    const auto &siblings = parent->children;
    return int(std::find_if(siblings.begin(), siblings.end(), [this](const auto &one) { return one.get() == this; }) -
               siblings.begin());
}

NavigatorNode *NavigatorNode::child(const QString &childKey) const
{
    const auto found =
        std::find_if(children.begin(), children.end(), [&childKey](const auto &one) { return one->key == childKey; });
    return found == children.end() ? nullptr : found->get();
}

bool NavigatorNode::takeLook(const NavigatorNode &other)
{
    const bool isSame = name == other.name && secondary == other.secondary && toolTip == other.toolTip &&
                        badges == other.badges && iconName == other.iconName && message == other.message &&
                        isSystem == other.isSystem && folder == other.folder && ownerId == other.ownerId;
    name = other.name;
    secondary = other.secondary;
    toolTip = other.toolTip;
    badges = other.badges;
    iconName = other.iconName;
    message = other.message;
    isSystem = other.isSystem;
    folder = other.folder;
    ownerId = other.ownerId;
    relation = other.relation;
    function = other.function;
    return !isSame;
}

std::unique_ptr<NavigatorNode> messageNode(NodeMessage message, const QString &text, const QString &toolTip)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Message;
    node->key = QStringLiteral("message");
    node->name = text;
    node->toolTip = toolTip;
    node->message = message;
    if (message == NodeMessage::Failed) {
        node->iconName = QStringLiteral("dialog-warning");
    }
    return node;
}

std::unique_ptr<NavigatorNode> groupNode(const QString &key, const QString &name)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Group;
    node->key = key;
    node->name = name;
    return node;
}

std::unique_ptr<NavigatorNode> instanceNode(const InstanceList::Entry &entry, InstanceList::Practice practice,
                                            const QDateTime &now)
{
    const ConnectionParameters &parameters = entry.instance.profile.parameters;
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Instance;
    node->key = QStringLiteral("i:") + entry.instance.id;
    node->name = entry.instance.name;
    node->iconName = QStringLiteral("network-server");
    node->instanceId = entry.instance.id;
    node->badges = badgesOf(entry, practice, now);
    if (!parameters.host.isEmpty()) {
        node->toolTip = Text::tr("%1\nas %2").arg(parameters.host, parameters.user);
        if (parameters.tls == TlsMode::Unverified) {
            node->toolTip += Text::tr("\nEncrypted, but the server's certificate is not checked.");
        }
    }
    return node;
}

std::unique_ptr<NavigatorNode> appNode(const QString &folder, const QString &address, bool isRunning)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::App;
    node->key = QStringLiteral("a:") + folder;
    node->name = QFileInfo(folder).fileName();
    node->secondary = address;
    node->toolTip = folder;
    node->iconName = QStringLiteral("folder-development");
    node->folder = folder;
    if (isRunning) {
        node->badges += NodeBadge{Text::tr("running"), BadgeTone::Good};
    }
    return node;
}

std::unique_ptr<NavigatorNode> databaseNode(const QString &instanceId, const DatabaseInfo &info)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Database;
    node->key = QStringLiteral("d:") + info.name;
    node->name = info.name;
    node->secondary = sizeText(info.sizeBytes);
    QStringList lines{Text::tr("Database %1").arg(info.name), Text::tr("Owner: %1").arg(info.owner),
                      Text::tr("Encoding: %1, collation: %2").arg(info.encoding, info.collation)};
    if (!info.comment.isEmpty()) {
        lines += info.comment;
    }
    node->toolTip = lines.join(QLatin1Char('\n'));
    node->iconName = QStringLiteral("server-database");
    node->instanceId = instanceId;
    node->database = info.name;
    node->isSystem = info.isSystem;
    node->load = info.allowsConnections ? NavigatorNode::Load::Pending : NavigatorNode::Load::None;
    return node;
}

NavigatorNodes contentNodes(const QString &instanceId, const QString &database, const DatabaseContents &contents)
{
    const QString ordinary = QStringLiteral("public");
    QMap<QString, QList<RelationInfo>> bySchema;
    for (const RelationInfo &relation : contents.relations) {
        bySchema[relation.id.schema] += relation;
    }
    for (auto it = contents.functions.begin(); it != contents.functions.end(); ++it) {
        bySchema[it.key()]; // a schema may hold nothing else
    }
    const bool hasSchemas = bySchema.size() > (bySchema.contains(ordinary) ? 1 : 0);
    NavigatorNodes nodes;
    for (auto it = bySchema.begin(); it != bySchema.end(); ++it) {
        NavigatorNode *schema = nullptr;
        const auto add = [&](std::unique_ptr<NavigatorNode> node) {
            node->parent = schema;
            (schema ? schema->children : nodes).push_back(std::move(node));
        };
        if (hasSchemas) {
            auto made = schemaNode(instanceId, database, it.key());
            schema = made.get();
            nodes.push_back(std::move(made));
        }
        // What holds data first: sequences only accompany it.
        std::stable_partition(it->begin(), it->end(),
                              [](const RelationInfo &one) { return one.kind != RelationKind::Sequence; });
        for (const RelationInfo &relation : std::as_const(*it)) {
            add(relationNode(instanceId, database, relation));
        }
        if (const int count = contents.functions.value(it.key()); count > 0) {
            add(functionsNode(instanceId, database, it.key(), count));
        }
    }
    return nodes;
}

NavigatorNodes functionNodes(const QString &instanceId, const QString &database, const QString &schema,
                             const QList<FunctionInfo> &functions)
{
    NavigatorNodes nodes;
    for (const FunctionInfo &function : functions) {
        if (function.id.schema == schema) {
            nodes.push_back(functionNode(instanceId, database, function));
        }
    }
    return nodes;
}

} // namespace Roost

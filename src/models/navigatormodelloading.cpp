// The part of NavigatorModel that reads what is in a database.
#include "models/activitylog.h"
#include "models/navigatormodel.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"

#include <algorithm>

namespace Roost {

void NavigatorModel::loadRelations(NavigatorNode *node)
{
    const InstanceList::Entry *entry = m_instances->find(node->instanceId);
    if (!entry) {
        return;
    }
    const int generation = ++node->generation;
    const QString instanceId = node->instanceId;
    const QString database = node->database;
    node->load = NavigatorNode::Load::Loading;
    const bool hasContent = !node->children.empty() && node->children.front()->kind != NodeKind::Message;
    if (!hasContent) {
        NavigatorNodes loading;
        loading.push_back(messageNode(NodeMessage::Loading, tr("Loading…")));
        merge(node, std::move(loading));
    }
    m_sessions->read<DatabaseContents>(
        entry->instance, database, this,
        [](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::contents(connection, stop);
        },
        [this, instanceId, database, generation](const Result<DatabaseContents> &contents) {
            contentsArrived(instanceId, database, generation, contents);
        });
}

void NavigatorModel::contentsArrived(const QString &instanceId, const QString &database, int generation,
                                     const Result<DatabaseContents> &contents)
{
    NavigatorNode *node = nodeAt(indexOf(instanceId, database));
    if (node->kind != NodeKind::Database || node->generation != generation) {
        return;
    }
    node->load = NavigatorNode::Load::Done;
    NavigatorNodes children;
    if (!contents && contents.error().isCancelled()) {
        node->load = NavigatorNode::Load::Pending;
    } else if (!contents) {
        children.push_back(messageNode(NodeMessage::Failed, tr("Could not be read"), contents.error().message));
    } else {
        children = contentNodes(instanceId, database, *contents);
        if (contents->relations.isEmpty()) {
            children.insert(children.begin(),
                            messageNode(NodeMessage::Empty, tr("No tables yet"),
                                        tr("Run your app's migrations, or restore a backup into it.")));
        }
    }
    merge(node, std::move(children));
    if (contents) {
        m_activity->add(tr("Tables of %1").arg(database), QStringLiteral("\\d+"),
                        CatalogReader::sql(CatalogReader::Statement::Contents));
        const QList<NavigatorNode *> folders = functionFolders(node);
        const bool wereRead = std::any_of(folders.begin(), folders.end(), [](const NavigatorNode *folder) {
            return folder->load != NavigatorNode::Load::Pending;
        });
        if (wereRead) {
            loadFunctions(node);
        }
        emit relationsLoaded(instanceId, database);
    }
}

QList<NavigatorNode *> NavigatorModel::functionFolders(const NavigatorNode *database)
{
    const QString key = QStringLiteral("functions");
    QList<NavigatorNode *> folders;
    if (NavigatorNode *own = database->child(key)) {
        folders += own;
    }
    for (const auto &child : database->children) {
        if (NavigatorNode *folder = child->kind == NodeKind::Schema ? child->child(key) : nullptr) {
            folders += folder;
        }
    }
    return folders;
}

void NavigatorModel::loadFunctions(NavigatorNode *database)
{
    const InstanceList::Entry *entry = m_instances->find(database->instanceId);
    const QList<NavigatorNode *> folders = functionFolders(database);
    if (!entry || folders.isEmpty()) {
        return;
    }
    const int generation = ++m_functionsGeneration;
    for (NavigatorNode *folder : folders) {
        folder->generation = generation;
        folder->load = NavigatorNode::Load::Loading;
        if (folder->children.empty()) {
            NavigatorNodes loading;
            loading.push_back(messageNode(NodeMessage::Loading, tr("Loading…")));
            merge(folder, std::move(loading));
        }
    }
    m_sessions->read<QList<FunctionInfo>>(
        entry->instance, database->database, this,
        [](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::functions(connection, stop);
        },
        [this, instanceId = database->instanceId, name = database->database,
         generation](const Result<QList<FunctionInfo>> &functions) {
            functionsArrived(instanceId, name, generation, functions);
        });
}

void NavigatorModel::functionsArrived(const QString &instanceId, const QString &database, int generation,
                                      const Result<QList<FunctionInfo>> &functions)
{
    NavigatorNode *node = nodeAt(indexOf(instanceId, database));
    if (node->kind != NodeKind::Database) {
        return;
    }
    for (NavigatorNode *folder : functionFolders(node)) {
        if (folder->generation != generation) {
            continue;
        }
        folder->load = NavigatorNode::Load::Done;
        NavigatorNodes children;
        if (functions) {
            children = functionNodes(instanceId, database, folder->schema, *functions);
            if (children.empty()) {
                children.push_back(messageNode(NodeMessage::Empty, tr("None any more")));
            }
        } else if (functions.error().isCancelled()) {
            folder->load = NavigatorNode::Load::Pending;
        } else {
            children.push_back(messageNode(NodeMessage::Failed, tr("Could not be read"), functions.error().message));
        }
        merge(folder, std::move(children));
    }
    if (functions) {
        m_activity->add(tr("Functions of %1").arg(database), QStringLiteral("\\df+"),
                        CatalogReader::sql(CatalogReader::Statement::Functions));
    }
}

} // namespace Roost

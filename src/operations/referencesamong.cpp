// The pure part of servicereferences.h: what values say.
#include "operations/servicereferences.h"

#include <algorithm>

namespace Roost {

namespace {

const PostgresInstance *instanceWith(const QString &id, const QList<PostgresInstance> &instances)
{
    // Old internal hosts lack the suffix: dpg-… for dpg-…-a.
    const auto found = std::find_if(instances.begin(), instances.end(), [&id](const PostgresInstance &each) {
        return !id.isEmpty() && (each.id == id || each.id.startsWith(id + u'-'));
    });
    return found == instances.end() ? nullptr : &*found;
}

VariableReference referenceOf(const EnvironmentVariable &variable, const VariableHolder &holder,
                              const DatabaseMention &mention, const QList<PostgresInstance> &instances,
                              const QMap<QString, QString> &addresses)
{
    VariableReference reference;
    reference.holder = holder;
    reference.key = variable.key;
    reference.part = mention.part;
    reference.host = mention.host;
    reference.database = mention.database;
    reference.shown = maskedVariable(mention.part, variable.value.reveal());
    reference.renderId = !mention.renderId.isEmpty()
                             ? mention.renderId
                             : addresses.value(mention.host + u':' + QString::number(mention.port));
    if (const PostgresInstance *instance = instanceWith(reference.renderId, instances)) {
        reference.renderId = instance->id;
        reference.instanceName = instance->name;
    }
    return reference;
}

/// User, password, port and database that stand in variables beside a host's.
QList<VariableReference> piecesBeside(const VariableReference &host, const QList<EnvironmentVariable> &variables)
{
    QStringList keys;
    for (const EnvironmentVariable &variable : variables) {
        keys += variable.key;
    }
    const QMap<QString, VariablePart> beside = variablesBeside(host.key, keys);
    QList<VariableReference> pieces;
    for (const EnvironmentVariable &variable : variables) {
        const auto part = beside.find(variable.key);
        if (part == beside.end()) {
            continue;
        }
        VariableReference piece = host;
        piece.key = variable.key;
        piece.part = *part;
        piece.shown = maskedVariable(*part, variable.value.reveal());
        piece.database = *part == VariablePart::Database ? variable.value.reveal() : QString();
        pieces += piece;
    }
    return pieces;
}

} // namespace

QList<VariableReference> referencesAmong(const QList<EnvironmentVariable> &variables, const VariableHolder &holder,
                                         const QList<PostgresInstance> &instances,
                                         const QMap<QString, QString> &addresses)
{
    QList<VariableReference> found;
    for (const EnvironmentVariable &variable : variables) {
        if (const auto mention = databaseIn(variable.value.reveal())) {
            found += referenceOf(variable, holder, *mention, instances, addresses);
        }
    }
    const QList<VariableReference> hosts = found;
    for (const VariableReference &host : hosts) {
        if (host.part != VariablePart::Host) {
            continue;
        }
        for (const VariableReference &piece : piecesBeside(host, variables)) {
            const bool isThere = std::any_of(found.begin(), found.end(),
                                             [&](const VariableReference &each) { return each.key == piece.key; });
            if (!isThere) {
                found += piece;
            }
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const VariableReference &a, const VariableReference &b) { return a.key < b.key; });
    return found;
}

} // namespace Roost

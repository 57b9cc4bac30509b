#pragma once

#include "operations/pointservice.h"
#include "storage/keptvariables.h"

#include <functional>

class QWidget;

namespace Roost {

struct Services;

/// What was replaced last, with its values from the keychain.
struct KeptBatch
{
    QList<KeptVariable> records;
    QList<KeptValue> values;
};

/// Puts the old values of what is wanted in a plan into the keychain and remembers where, so that they can be put back;
/// `done` only when they are safe. Where the keychain takes none the user is asked: they are then kept until Roost
/// ends.
void keepOldValues(Services &services, QWidget *parent, const QString &accountId, const VariablePlan &plan,
                   std::function<void()> done);
/// Shows what is wrong by itself; `done` only with a batch that is not empty.
void loadKeptValues(Services &services, QWidget *parent, const QString &accountId, const QStringList &holderIds,
                    std::function<void(const KeptBatch &)> done);
/// They were put back.
void forgetKeptValues(Services &services, const KeptBatch &batch);

} // namespace Roost

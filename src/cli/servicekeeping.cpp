#include "cli/servicekeeping.h"

#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "storage/keychain.h"
#include "storage/paths.h"

#include <QUuid>

namespace Roost {

void showPlan(const VariablePlan &plan, Terminal &terminal)
{
    for (const VariableChange &change : plan.wanted()) {
        const QString where =
            change.holder.isGroup ? CliText::tr("group %1").arg(change.holder.name) : change.holder.name;
        terminal.note(CliText::tr("%1 (%2)").arg(change.key, where));
        terminal.log(CliText::tr("  now:  %1")
                         .arg(change.oldValue ? shownInTerminal(change.oldShown) : CliText::tr("(not set)")));
        terminal.log(CliText::tr("  then: %1")
                         .arg(change.newValue ? shownInTerminal(change.newShown) : CliText::tr("(not set)")));
        for (const QString &notice : change.notices) {
            terminal.log(QStringLiteral("  ") + notice);
        }
    }
    if (!plan.why.isEmpty()) {
        terminal.note(plan.why);
    }
    for (const QString &warning : plan.warnings) {
        terminal.note(warning);
    }
}

Result<void> keepAndChange(const OpenAccount &account, const VariablePlan &plan, const CliServices &services,
                           const JobContext &context)
{
    QList<KeptVariable> kept;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const VariableChange &change : plan.wanted()) {
        const KeptVariable record{QUuid::createUuid().toString(QUuid::WithoutBraces),
                                  account.account.id,
                                  change.holder.id,
                                  change.key,
                                  change.oldValue.has_value(),
                                  now};
        if (change.oldValue) {
            const Result<void> stored = services.keychain.store(record.id, *change.oldValue, context.stopToken());
            if (!stored) {
                Error error = stored.error();
                error.message = CliText::tr("Nothing was changed: the old value of %1 could not be put away for "
                                            "undoing. %2 Without a keychain, say --no-undo.")
                                    .arg(change.key, error.message);
                return failure(error);
            }
        }
        kept += record;
    }
    if (const Result<void> added = KeptVariables(Paths::database()).add(kept); !added) {
        return failure(added.error());
    }
    return changeVariables(account.access, plan, context);
}

Result<KeptBatch> newestKept(const OpenAccount &account, const QStringList &holderIds, const CliServices &services,
                             const JobContext &context)
{
    const Result<QList<KeptVariable>> records = KeptVariables(Paths::database()).newest(account.account.id, holderIds);
    if (!records) {
        return failure(records.error());
    }
    if (records->isEmpty()) {
        return failure(ErrorCode::NotFound,
                       CliText::tr("There is nothing to undo: Roost has changed no variable of this service."));
    }
    KeptBatch batch{*records, {}};
    for (const KeptVariable &record : *records) {
        KeptValue value{{record.holderId, {}, record.holderId.startsWith(u"evg-")}, record.key, std::nullopt};
        if (record.existed) {
            const Result<Secret> old = services.keychain.load(record.id, context.stopToken());
            if (!old) {
                Error error = old.error();
                error.message = CliText::tr("The old value of %1 cannot be taken from the keychain. %2")
                                    .arg(record.key, error.message);
                return failure(error);
            }
            value.value = *old;
        }
        batch.values += value;
    }
    return batch;
}

Result<void> forgetKept(const KeptBatch &batch, const CliServices &services, const JobContext &context)
{
    QStringList ids;
    for (const KeptVariable &record : batch.records) {
        ids += record.id;
        if (record.existed) {
            (void)services.keychain.remove(record.id, context.stopToken()); // the row is what offers it
        }
    }
    return KeptVariables(Paths::database()).remove(ids);
}

} // namespace Roost

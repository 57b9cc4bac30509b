#include "gui/services/keptvalues.h"

#include "gui/prompts.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "storage/paths.h"
#include "storage/secretstore.h"

#include <QCoreApplication>
#include <QPointer>
#include <QUuid>
#include <QWidget>

#include <memory>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(KeptValues)
};

/// One chain of keychain calls: the store is asynchronous.
struct Keeping
{
    Services &services;
    QPointer<QWidget> parent;
    QList<KeptVariable> records;
    QList<Secret> values; ///< beside the records; empty where there was none
    qsizetype next = 0;
    std::optional<Error> problem; ///< the first
    std::function<void()> done;
};

void remember(const std::shared_ptr<Keeping> &keeping)
{
    keeping->services.jobs->runQuietly<bool>(
        [records = keeping->records](JobContext &) {
            return KeptVariables(Paths::database()).add(records).map([] { return true; });
        },
        keeping->parent,
        [keeping](const Result<bool> &added) {
            if (!added) {
                keeping->services.prompts->showError(keeping->parent, Text::tr("Nothing was changed"), added.error());
                return;
            }
            keeping->done();
        });
}

void askWhetherToGoOn(const std::shared_ptr<Keeping> &keeping)
{
    Prompts::Question question;
    question.title = Text::tr("Change the variables without lasting undo?");
    question.text = Text::tr("The keychain did not take the old values: %1 They are kept until Roost ends.")
                        .arg(keeping->problem->message);
    question.accept = Text::tr("Change the variables");
    keeping->services.prompts->ask(keeping->parent, question, [keeping](bool accepted) {
        if (accepted) {
            remember(keeping);
        }
    });
}

void storeNext(const std::shared_ptr<Keeping> &keeping)
{
    while (keeping->next < keeping->records.size() && !keeping->records[keeping->next].existed) {
        ++keeping->next;
    }
    if (keeping->next >= keeping->records.size()) {
        if (keeping->problem) {
            askWhetherToGoOn(keeping);
        } else {
            remember(keeping);
        }
        return;
    }
    const qsizetype i = keeping->next++;
    keeping->services.secrets->store(keeping->records[i].id, keeping->values[i], keeping->parent,
                                     [keeping](const Result<void> &stored) {
                                         if (!stored && !keeping->problem) {
                                             keeping->problem = stored.error();
                                         }
                                         storeNext(keeping);
                                     });
}

struct Loading
{
    Services &services;
    QPointer<QWidget> parent;
    KeptBatch batch;
    std::function<void(const KeptBatch &)> done;
};

void loadNext(const std::shared_ptr<Loading> &loading)
{
    const qsizetype i = loading->batch.values.size();
    if (i >= loading->batch.records.size()) {
        loading->done(loading->batch);
        return;
    }
    const KeptVariable record = loading->batch.records[i];
    KeptValue value{{record.holderId, {}, record.holderId.startsWith(u"evg-")}, record.key, std::nullopt};
    if (!record.existed) {
        loading->batch.values += value;
        loadNext(loading);
        return;
    }
    loading->services.secrets->load(record.id, loading->parent, [loading, value, record](const Result<Secret> &secret) {
        if (!secret) {
            loading->services.prompts->showError(
                loading->parent, Text::tr("The old value of %1 is not there").arg(record.key), secret.error());
            return;
        }
        KeptValue whole = value;
        whole.value = *secret;
        loading->batch.values += whole;
        loadNext(loading);
    });
}

} // namespace

void keepOldValues(Services &services, QWidget *parent, const QString &accountId, const VariablePlan &plan,
                   std::function<void()> done)
{
    auto keeping = std::make_shared<Keeping>(Keeping{services, parent, {}, {}, 0, std::nullopt, std::move(done)});
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const VariableChange &change : plan.wanted()) {
        keeping->records += {QUuid::createUuid().toString(QUuid::WithoutBraces),
                             accountId,
                             change.holder.id,
                             change.key,
                             change.oldValue.has_value(),
                             now};
        keeping->values += change.oldValue.value_or(Secret());
    }
    storeNext(keeping);
}

void loadKeptValues(Services &services, QWidget *parent, const QString &accountId, const QStringList &holderIds,
                    std::function<void(const KeptBatch &)> done)
{
    services.jobs->runQuietly<QList<KeptVariable>>(
        [accountId, holderIds](JobContext &) { return KeptVariables(Paths::database()).newest(accountId, holderIds); },
        parent,
        [&services, parent, done = std::move(done)](const Result<QList<KeptVariable>> &records) {
            if (!records) {
                services.prompts->showError(parent, Text::tr("There is nothing to undo"), records.error());
                return;
            }
            if (records->isEmpty()) {
                services.prompts->showError(
                    parent, Text::tr("There is nothing to undo"),
                    {ErrorCode::NotFound, Text::tr("Roost has changed no variable of this service."), {}, {}});
                return;
            }
            loadNext(std::make_shared<Loading>(Loading{services, parent, {*records, {}}, done}));
        });
}

void forgetKeptValues(Services &services, const KeptBatch &batch)
{
    QStringList ids;
    for (const KeptVariable &record : batch.records) {
        ids += record.id;
        if (record.existed) {
            services.secrets->remove(record.id, services.secrets, [](const Result<void> &) {}); // the row offers it
        }
    }
    services.jobs->runQuietly<bool>(
        [ids](JobContext &) { return KeptVariables(Paths::database()).remove(ids).map([] { return true; }); },
        services.jobs, [](const Result<bool> &) {});
}

} // namespace Roost

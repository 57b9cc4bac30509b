#include "storage/secretstore.h"

#include "core/redact.h"
#include "storage/keychainerror.h"
#include "storage/secretservice.h"

#include <QTimer>

#include <memory>
#include <qt6keychain/keychain.h>

namespace Roost {

namespace {

/// The namespace of Roost's entries in the keychain.
const QString service = QStringLiteral("Roost");

/// `done`, as long as the receiver lives.
template <class Argument>
std::function<void(const Argument &)> guarded(QObject *receiver, std::function<void(const Argument &)> done)
{
    return [guard = QPointer<QObject>(receiver), done = std::move(done)](const Argument &argument) {
        if (guard && done) {
            done(argument);
        }
    };
}

} // namespace

SecretStore::SecretStore(QObject *parent)
    : QObject(parent)
{
}

SecretStore::~SecretStore() = default;

void SecretStore::keepForSession(const QString &id, const Secret &secret)
{
    m_session.insert(id, secret);
}

void SecretStore::store(const QString &id, const Secret &secret, QObject *receiver, Stored done)
{
    const Stored answer = guarded<Result<void>>(receiver, std::move(done));
    m_session.insert(id, secret);
    auto *job = new QKeychain::WritePasswordJob(service);
    job->setKey(id);
    job->setTextData(secret.reveal());
    run(job, Verb::Store, id, [this, id, secret, answer](const Result<void> &written) {
        if (!written) {
            answer(written);
            return;
        }
        verifyStored(id, secret, answer);
    });
}

void SecretStore::verifyStored(const QString &id, const Secret &secret, Stored done)
{
    // A write that reports success may have cut the text.
    readFromKeychain(id, Verb::Store, [this, id, secret, done = std::move(done)](const Result<Secret> &read) {
        if (!read) {
            done(failure(read.error()));
        } else if (read->isSameAs(secret)) {
            done({});
        } else {
            auto *job = new QKeychain::DeletePasswordJob(service);
            job->setKey(id);
            run(job, Verb::Remove, id, {});
            done(failure(KeychainError::changedText()));
        }
    });
}

void SecretStore::load(const QString &id, QObject *receiver, Loaded done)
{
    const Loaded answer = guarded<Result<Secret>>(receiver, std::move(done));
    if (const auto kept = m_session.constFind(id); kept != m_session.constEnd()) {
        QMetaObject::invokeMethod(
            this, [answer, secret = *kept] { answer(secret); }, Qt::QueuedConnection);
        return;
    }
    readFromKeychain(id, Verb::Load, [this, id, answer](const Result<Secret> &read) {
        if (read && !m_session.contains(id)) {
            m_session.insert(id, *read);
        }
        answer(read);
    });
}

void SecretStore::remove(const QString &id, QObject *receiver, Stored done)
{
    const Stored answer = guarded<Result<void>>(receiver, std::move(done));
    m_session.remove(id);
    auto *job = new QKeychain::DeletePasswordJob(service);
    job->setKey(id);
    run(job, Verb::Remove, id, [this, id, answer](const Result<void> &removed) {
        if (!removed && removed.error().code != ErrorCode::SecretMissing) {
            answer(removed);
            return;
        }
        verifyRemoved(id, answer);
    });
}

void SecretStore::verifyRemoved(const QString &id, Stored done)
{
    // The search sees entries of locked keyrings too, which a read does not.
    SecretService::probe(service, id, this, [done = std::move(done)](const SecretService::Finding &finding) {
        if (finding.holdsLocked) {
            done(failure(KeychainError::of(ErrorCode::KeychainLocked, KeychainError::Wish::Remove)));
        } else if (finding.holdsUnlocked) {
            done(failure(KeychainError::of(ErrorCode::KeychainRefused, KeychainError::Wish::Remove)));
        } else {
            done({});
        }
    });
}

void SecretStore::readFromKeychain(const QString &id, Verb verb, Loaded loaded)
{
    auto *job = new QKeychain::ReadPasswordJob(service);
    job->setKey(id);
    auto text = std::make_shared<Secret>();
    connect(job, &QKeychain::Job::finished, this, [text, job] { *text = Secret(job->textData()); });
    run(job, verb, id, [text, loaded = std::move(loaded)](const Result<void> &read) {
        if (!read) {
            loaded(failure(read.error()));
        } else if (text->isEmpty()) {
            loaded(failure(KeychainError::of(ErrorCode::SecretMissing, KeychainError::Wish::Load)));
        } else {
            loaded(*text);
        }
    });
}

/// Starts the job and gives one answer, whatever the keychain does. The job is never deleted from here: the library
/// still writes to it when a late answer comes; it deletes itself.
void SecretStore::run(QKeychain::Job *job, Verb verb, const QString &id, Finished finished)
{
    const auto wish = verb == Verb::Store  ? KeychainError::Wish::Store
                      : verb == Verb::Load ? KeychainError::Wish::Load
                                           : KeychainError::Wish::Remove;
    auto *timer = new QTimer(this);
    const auto end = [timer, finished = std::move(finished)](const Result<void> &result) {
        if (!timer->isActive()) {
            return; // answered already
        }
        timer->stop();
        timer->deleteLater();
        if (finished) {
            finished(result);
        }
    };
    // An answer after the time is up finds `timer` gone: hence the guard.
    const QPointer<QTimer> waiting(timer);
    connect(timer, &QTimer::timeout, this, [end, wish] { end(failure(KeychainError::of(ErrorCode::TimedOut, wish))); });
    timer->start(m_patience);

    if (!SecretService::hasBus()) {
        delete job; // never started
        QMetaObject::invokeMethod(
            timer, [end, wish] { end(failure(KeychainError::of(ErrorCode::KeychainAbsent, wish))); },
            Qt::QueuedConnection);
        return;
    }
    connect(job, &QKeychain::Job::finished, this, [this, waiting, end, wish, id](QKeychain::Job *ended) {
        if (!waiting) {
            return;
        }
        if (ended->error() == QKeychain::NoError) {
            end({});
            return;
        }
        const KeychainError::Report report{wish, ended->error(), redact(ended->errorString())};
        SecretService::probe(service, id, this, [waiting, end, report](const SecretService::Finding &finding) {
            if (waiting) {
                end(failure(KeychainError::explain(report, finding)));
            }
        });
    });
    job->start();
}

} // namespace Roost

// The part of DoctorDialog that mends.
#include "gui/account/renderlinks.h"
#include "gui/actions.h"
#include "gui/connection/keychaintext.h"
#include "gui/dialogs/notice.h"
#include "gui/doctor/doctordialog.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "operations/connectiondoctorremedies.h"
#include "operations/instanceconnection.h"
#include "postgres/renderhost.h"
#include "storage/profilestore.h"
#include "storage/secretstore.h"

namespace Roost {

void DoctorDialog::fail(const QString &lead, const Error &error)
{
    setBusy(false);
    m_notice->sayError(lead, error);
}

void DoctorDialog::mend(const DoctorFinding &finding, const QString &value)
{
    m_notice->clear();
    ConnectionParameters corrected = finding.corrected;
    switch (finding.remedy) {
    case DoctorRemedy::TryAgain:
        examine();
        break;
    case DoctorRemedy::EditConnection:
        useParameters(corrected, true);
        break;
    case DoctorRemedy::ChooseRegion:
        corrected.host = externalRenderHost(corrected.host, value);
        useParameters(corrected, false);
        break;
    case DoctorRemedy::UseDatabase:
        corrected.database = value;
        useParameters(corrected, false);
        break;
    case DoctorRemedy::UseExternalHost:
    case DoctorRemedy::TurnOnTls:
        useParameters(corrected, false);
        break;
    case DoctorRemedy::EnterPassword:
        enterPassword({ErrorCode::ConnectionFailed, finding.found, finding.detail, {}});
        break;
    case DoctorRemedy::FetchPassword:
    case DoctorRemedy::AddMyAddress:
    case DoctorRemedy::ResumeInstance:
        mendThroughRender(finding, value);
        break;
    case DoctorRemedy::OpenDashboard:
        if (!openRenderPage(finding.link)) {
            m_notice->say(Tone::Warning, tr("The page could not be opened"), finding.link.toString());
        }
        break;
    case DoctorRemedy::None:
    case DoctorRemedy::CopyCommand:
        break;
    }
}

/// `edits`: the user has to look at it, since what is right is not known.
void DoctorDialog::useParameters(const ConnectionParameters &parameters, bool edits)
{
    if (isDraft()) {
        emit parametersWanted(parameters);
        accept();
        return;
    }
    if (m_subject.instance.isPractice) {
        m_notice->say(Tone::Neutral, tr("The connection of practice is Roost's own"),
                      tr("It cannot be edited. Stop practice and start it again."));
        return;
    }
    Profile profile = m_subject.instance.profile;
    profile.parameters = parameters;
    if (!edits) {
        saveParameters(parameters);
        return;
    }
    Actions::editConnection(m_services, this, profile, [this](const Profile &saved) {
        m_subject.instance.profile = saved;
        m_subject.instance.name = saved.name;
        emit mended(saved.id);
        examine();
    });
}

void DoctorDialog::saveParameters(const ConnectionParameters &parameters)
{
    Profile profile = m_subject.instance.profile;
    profile.parameters = parameters;
    setBusy(true, tr("Saving the connection…"));
    m_services.jobs->runQuietly<void>(
        [profiles = m_services.profiles, profile](JobContext &) { return profiles->save(profile); }, this,
        [this, profile](const Result<void> &saved) {
            if (!saved) {
                fail(tr("The connection was not saved"), saved.error());
                return;
            }
            m_subject.instance.profile = profile;
            if (!m_request.spec.password.isEmpty()) {
                m_services.sessions->setSpec(profile.id, {profile.parameters, m_request.spec.password});
            }
            emit mended(profile.id);
            examine();
        });
}

void DoctorDialog::enterPassword(const Error &why)
{
    if (isDraft()) {
        emit parametersWanted(m_subject.spec.parameters);
        accept();
        return;
    }
    Actions::askPassword(m_services, this, m_subject.instance, why,
                         [self = QPointer(this)](const std::optional<Secret> &password) {
                             if (self && password) {
                                 self->usePassword(*password);
                             }
                         });
}

/// The password dialog has kept it as the user wanted.
void DoctorDialog::usePassword(const Secret &password)
{
    m_services.sessions->setSpec(m_subject.instance.id, {m_subject.instance.profile.parameters, password});
    emit mended(m_subject.instance.id);
    examine();
}

/// The keychain keeps it where it can; for this session it is known in any case.
void DoctorDialog::takePassword(const Secret &password)
{
    const QString id = m_subject.instance.id;
    setBusy(true, tr("Waiting for your keychain…"));
    m_services.secrets->store(id, password, this, [this, id, password](const Result<void> &stored) {
        Profile profile = m_subject.instance.profile;
        profile.secretIsStored = stored.has_value();
        m_subject.instance.profile = profile;
        m_services.sessions->setSpec(id, {profile.parameters, password});
        m_services.jobs->runQuietly<void>(
            [profiles = m_services.profiles, profile](JobContext &) { return profiles->save(profile); }, this,
            [this, id, stored](const Result<void> &) {
                emit mended(id);
                examine();
                if (!stored) {
                    m_notice->sayError(keychainLead(stored.error().code), stored.error());
                }
            });
    });
}

void DoctorDialog::mendThroughRender(const DoctorFinding &finding, const QString &value)
{
    if (!m_access) {
        m_notice->say(Tone::Warning, tr("Roost has no API key for this instance"),
                      tr("Add the account, or do it in the Render dashboard."));
        return;
    }
    const QString renderId = m_request.renderId;
    const RenderAccess access = *m_access;
    if (finding.remedy == DoctorRemedy::FetchPassword) {
        setBusy(true, tr("Fetching the password from Render…"));
        m_services.jobs->runQuietly<ConnectionSpec>(
            [access, renderId](JobContext &context) { return connectionOf(access, renderId, context); }, this,
            [this](const Result<ConnectionSpec> &spec) {
                spec ? takePassword(spec->password) : fail(tr("The password was not fetched"), spec.error());
            });
        return;
    }
    const bool adds = finding.remedy == DoctorRemedy::AddMyAddress;
    setBusy(true, adds ? tr("Adding %1 to the list of allowed addresses…").arg(value)
                       : tr("Resuming the instance; that may take some minutes…"));
    m_services.jobs->runQuietly<void>(
        [access, renderId, value, adds](JobContext &context) {
            return adds ? allowAddress(access, renderId, value, context) : resumeById(access, renderId, context);
        },
        this,
        [this, adds](const Result<void> &done) {
            if (!done) {
                fail(adds ? tr("The address was not added") : tr("The instance was not resumed"), done.error());
                return;
            }
            emit mended(m_subject.instance.id);
            examine();
        });
}

} // namespace Roost

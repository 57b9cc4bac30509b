#include "gui/actions.h"
#include "gui/doctor/doctordialog.h"

namespace Roost {

void Actions::examineConnection(Services &services, QWidget *parent, const Instance &instance,
                                std::function<void(const QString &instanceId)> mended)
{
    auto *dialog = new DoctorDialog(services, {instance, {}}, parent);
    QObject::connect(dialog, &DoctorDialog::mended, parent,
                     [mended = std::move(mended)](const QString &id) { mended(id); });
    dialog->open();
}

void Actions::examineDraft(Services &services, QWidget *parent, const ConnectionSpec &spec,
                           std::function<void(const ConnectionParameters &)> use)
{
    auto *dialog = new DoctorDialog(services, {{}, spec}, parent);
    QObject::connect(dialog, &DoctorDialog::parametersWanted, parent,
                     [use = std::move(use)](const ConnectionParameters &parameters) { use(parameters); });
    dialog->open();
}

} // namespace Roost

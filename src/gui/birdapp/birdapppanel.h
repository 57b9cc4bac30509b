#pragma once

#include "gui/birdapp/birdappcontrol.h"
#include "gui/widgets/page.h"
#include "models/instance.h"

#include <functional>
#include <memory>

namespace Roost {

class ElidedLabel;
class Pill;
struct Services;
namespace Ui {
class BirdAppPanel;
}

/// The page of a bird app: which database it talks to, whether it is live, what /birds answers, what it prints; and the
/// next step for whatever is in the way. Its end ends the app.
class BirdAppPanel : public Page
{
    Q_OBJECT

public:
    BirdAppPanel(Services &services, const QString &folder, const std::optional<DatabaseRef> &database,
                 QWidget *parent = nullptr);
    ~BirdAppPanel() override;

    BirdAppControl *control() const { return m_control; }
    void showAnswer(const HttpAnswer &answer);

    QString instanceId() const override;
    QString database() const override;
    QString statusText() const override;
    void refresh() override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void setFolder(const QString &folder);
    void connectControl();
    void fillDatabases();
    void showState();
    void showPython();
    void showFailure(const QString &lead, const Error &error);
    void launch();
    using SpecGiven = std::function<void(const ConnectionSpec &)>;
    /// The chosen database with its password; says so itself when that cannot be had.
    void withDatabase(const SpecGiven &then);
    void addActivity(const QString &title, const QString &command);

    Services &m_services;
    BirdAppControl *m_control = nullptr;
    std::optional<DatabaseRef> m_database; ///< preselected
    std::unique_ptr<Ui::BirdAppPanel> m_ui;
    Pill *m_statePill;
    ElidedLabel *m_folderLabel;
    bool m_hasLooked = false;
};

} // namespace Roost

#pragma once

#include "gui/dialogs/dialog.h"
#include "models/instance.h"

#include <QPointer>
#include <QStringList>

#include <memory>

namespace Roost {

class Job;
struct Services;
namespace Ui {
class DatabaseNameDialog;
}

struct DatabaseNameRequest
{
    enum class Verb { Create, Rename };
    Verb verb = Verb::Create;
    DatabaseRef database; ///< Create: any database of the instance; Rename: the one to rename
    QStringList existing; ///< the names that are taken
};

/// Creates a database, or gives one another name. What is unwise about a name is said while it is typed.
class DatabaseNameDialog : public Dialog
{
    Q_OBJECT

public:
    DatabaseNameDialog(Services &services, const DatabaseNameRequest &request, QWidget *parent = nullptr);
    ~DatabaseNameDialog() override;

    QString name() const;
    void reject() override;

private:
    void advise();
    void start();
    void finish(const Result<void> &result);

    Services &m_services;
    DatabaseNameRequest m_request;
    std::unique_ptr<Ui::DatabaseNameDialog> m_ui;
    QPointer<Job> m_job;
};

} // namespace Roost

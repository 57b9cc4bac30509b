#pragma once

#include "gui/migration/migrationengine.h"
#include "gui/migration/migrationenvironment.h"
#include "gui/migration/migrationpane.h"

#include "jobs/job.h"

#include <QPointer>
#include <QTimer>

#include <memory>
#include <optional>

namespace Roost {

class Card;

class Notice;
class PlainTable;
class PlanDraft;
class PlanFolders;
class PlanPaths;
class PlanServices;
struct MigrationDocument;
struct Services;

/// What was found out about an instance, what will be done, and what can be chosen; nothing is done before "Begin".
/// Each choice looks again, since it may open or close a way.
class PlanPane : public MigrationPane
{
    Q_OBJECT

public:
    PlanPane(Services &services, MigrationEngine engine, std::shared_ptr<MigrationGround> ground,
             QWidget *parent = nullptr);
    ~PlanPane() override;

    /// Looks at this instance.
    void begin(const MigrationPlanRequest &request, const QString &name);
    void look();
    /// It could not begin.
    void sayProblem(const Error &error);
    const std::optional<PlannedMigration> &planned() const { return m_planned; }

signals:
    void plannedChanged();
    void beginWanted(const Roost::MigrationPlan &plan);
    void rehearseWanted();

private:
    void build();
    void connectDocuments();
    void change();
    void take(const Result<PlannedMigration> &planned);
    void showNotices();
    void showDatabases();
    void showConnected();
    void updateBegin();
    QString reason() const;
    QString leadText() const;
    MigrationPlan plan() const;
    MigrationDocument document() const;

    Services &m_services;
    MigrationEngine m_engine;
    std::shared_ptr<MigrationGround> m_ground;
    MigrationPlanRequest m_request;
    QString m_name;
    std::optional<PlannedMigration> m_planned;
    QPointer<Job> m_job;
    int m_generation = 0;
    bool m_isLooking = false;
    QTimer m_typing;

    Card *m_looking;
    QLabel *m_lookingStep;
    QWidget *m_content;
    Notice *m_notice; ///< what became of an action
    Notice *m_blockers;
    Notice *m_warnings;
    QLabel *m_lead;
    PlanPaths *m_paths;
    PlainTable *m_databases;
    QLabel *m_databasesHead;
    PlanServices *m_servicesCard;
    Card *m_connectedCard;
    QLabel *m_connected;
    PlanDraft *m_draft;
    PlanFolders *m_folders;
    QPushButton *m_save;
    QPushButton *m_print;
    QPushButton *m_rehearse;
    QPushButton *m_begin;
};

} // namespace Roost

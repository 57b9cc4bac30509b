#pragma once

#include "gui/migration/migrationpane.h"
#include "operations/migrationstate.h"

class QTextBrowser;

namespace Roost {

class Notice;
struct MigrationDocument;
struct Services;

/// The end: what was moved, from where to where, and where the backups lie.
class ReportPane : public MigrationPane
{
    Q_OBJECT

public:
    explicit ReportPane(Services &services, QWidget *parent = nullptr);
    void show(const MigrationState &state);
    using QWidget::show;

signals:
    void backupsWanted();
    void instanceWanted();
    void doneWanted();

private:
    MigrationDocument document() const;
    Services &m_services;
    MigrationState m_state;
    Notice *m_notice;
    QTextBrowser *m_view;
};

} // namespace Roost

#pragma once

#include "gui/widgets/page.h"
#include "operations/backuplist.h"

class QLabel;
class QLineEdit;
class QSplitter;
class QStackedWidget;

namespace Roost {

class BackupDetail;
class BackupVerbs;
class BackupsList;
class BackupsModel;
class EmptyState;
class Job;
class Notice;
struct Services;

/// All backups that were made, and what can be done with them. Reads the list again after every job, for a job may have
/// made one.
class BackupsPage : public Page
{
    Q_OBJECT

public:
    explicit BackupsPage(Services &services, QWidget *parent = nullptr);

    QString statusText() const override;
    void refresh() override;
    BackupVerbs *verbs() const { return m_verbs; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void build();
    QLayout *buildBar();
    void watch(Job *job);
    void take(const Result<QList<ListedBackup>> &backups);
    void choose();

    Services &m_services;
    BackupsModel *m_model;
    BackupVerbs *m_verbs;
    BackupsList *m_list;
    BackupDetail *m_detail;
    QLineEdit *m_filter;
    Notice *m_notice;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    qint64 m_wanted = 0; ///< to be chosen when the list is read
    bool m_isReading = false;
    bool m_isStale = false; ///< something changed while it was read
};

} // namespace Roost

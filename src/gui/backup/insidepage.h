#pragma once

#include "gui/widgets/page.h"
#include "operations/archivegroups.h"
#include "operations/backupproof.h"

#include <QPointer>

class QTabWidget;

namespace Roost {

class ArchiveRowsView;
class ArchiveTree;
class InsideHead;
class Job;
class Notice;
class SqlView;
struct Services;

/// Inside a backup, in a tab: what the dump holds, the rows of its tables and the definitions of everything, read out
/// of the file without a server. Reading stops when the page goes.
class InsidePage : public Page
{
    Q_OBJECT

public:
    InsidePage(Services &services, const QString &file, QWidget *parent = nullptr);
    ~InsidePage() override;

    const QString &file() const { return m_file; }
    QString statusText() const override;
    void refresh() override;
    /// For pictures of it.
    void showProof(const BackupProof &proof);

signals:
    void restoreWanted(const QString &file);
    void titleKnown(const QString &title);

private:
    struct Inside
    {
        ArchiveContents contents;
        QList<ArchivedGroup> groups;
    };

    QWidget *makeBody();
    void connectParts();
    void readContents();
    void readProof();
    void showContents(const Inside &inside);
    void choose(const ArchivedThing &thing);
    void loadDefinition();

    Services &m_services;
    QString m_file;
    InsideHead *m_head;
    Notice *m_notice;
    QWidget *m_body = nullptr;
    ArchiveTree *m_tree;
    QTabWidget *m_tabs;
    ArchiveRowsView *m_rows;
    SqlView *m_definition;
    QPointer<Job> m_contentsJob;
    QPointer<Job> m_proofJob;
    QPointer<Job> m_definitionJob;
    ArchivedThing m_thing;
    bool m_hasDefinition = false;
};

} // namespace Roost

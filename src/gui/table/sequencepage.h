#pragma once

#include "core/result.h"
#include "gui/widgets/page.h"
#include "models/instance.h"
#include "postgres/catalog.h"

class QStackedWidget;
class QVBoxLayout;

namespace Roost {

class DdlView;
class Notice;
struct Services;

/// A sequence in a tab: where it stands, how it counts, whose it is; and the SQL that makes it again.
class SequencePage : public Page
{
    Q_OBJECT

public:
    SequencePage(Services &services, const Instance &instance, const QString &database, const RelationInfo &relation,
                 QWidget *parent = nullptr);

    QString instanceId() const override { return m_instance.id; }
    QString database() const override { return m_database; }
    void refresh() override;
    const RelationInfo &relation() const { return m_relation; }

signals:
    void tableRequested(const Roost::TableId &table);

private:
    void buildBar();
    void load();
    void loadDdl();
    void arrived(const Result<SequenceInfo> &sequence);

    Services &m_services;
    Instance m_instance;
    QString m_database;
    RelationInfo m_relation;
    Notice *m_notice;
    QStackedWidget *m_stack;
    QVBoxLayout *m_facts;
    DdlView *m_ddl;
    int m_generation = 0;
    int m_ddlGeneration = 0;
};

} // namespace Roost

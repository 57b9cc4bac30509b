#pragma once

#include "core/result.h"
#include "gui/widgets/page.h"
#include "models/instance.h"
#include "postgres/catalog.h"

class QButtonGroup;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace Roost {

class EmptyState;
class Notice;
class RowsModel;
class GridView;
class StructureView;
struct Services;

/// A table or view in a tab: its rows, and its structure.
class TablePage : public Page
{
    Q_OBJECT

public:
    TablePage(Services &services, const Instance &instance, const QString &database, const RelationInfo &relation,
              QWidget *parent = nullptr);
    ~TablePage() override;

    QString instanceId() const override { return m_instance.id; }
    QString database() const override { return m_database; }
    const RelationInfo &relation() const { return m_relation; }
    QString statusText() const override;
    void refresh() override;
    void showStructure();
    RowsModel *rows() const { return m_rows; }
    void copySelection(bool withHeaders);

private:
    enum View { DataView, Structure };
    void buildBar();
    void buildViews();
    void choose(int view);
    void rowsChanged();
    void updateCount();
    void loadStructure();
    void structureArrived(const Result<TableDescription> &description);

    Services &m_services;
    Instance m_instance;
    QString m_database;
    RelationInfo m_relation;
    RowsModel *m_rows;
    GridView *m_view;
    StructureView *m_structure;
    QStackedWidget *m_stack;
    QStackedWidget *m_data;
    EmptyState *m_empty;
    Notice *m_notice;
    QButtonGroup *m_segments;
    QLabel *m_count;
    QPushButton *m_countExactly;
    QToolButton *m_refresh;
    bool m_columnsFitted = false;
    bool m_structureAsked = false;
    int m_structureGeneration = 0;
};

} // namespace Roost

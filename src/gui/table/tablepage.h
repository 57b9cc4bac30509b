#pragma once

#include "core/result.h"
#include "gui/table/links/tablelinks.h"
#include "gui/table/tablepageverbs.h"
#include "gui/widgets/page.h"
#include "models/instance.h"
#include "postgres/catalog.h"

#include <memory>

class QButtonGroup;
class QLabel;
class QStackedWidget;
class QVBoxLayout;

namespace Roost {

class DdlView;
class GridView;
class Notice;
class RowsModel;
class RowsPane;
class StructureView;
class WhereBox;
struct Services;

/// A table or view in a tab: its rows, to be looked at and edited, its structure, and the statements that make it.
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
    bool hasUnsaved() const override;
    void mayLeave(std::function<void(bool)> done) override;

    void showStructure();
    /// Shows only the rows that a link leads to.
    void showLink(const TableLink &link);
    RowsModel *rows() const { return m_rows; }
    GridView *grid() const;

    /// The window's actions, for context menus and keys.
    void setActions(const TableActions *actions);
    bool can(TableVerb verb) const;
    void run(TableVerb verb);
    bool isOn(TableVerb verb) const; ///< of those that are switched: filter row, inspector

signals:
    void openRequested(const Roost::TableLink &link);
    void verbsChanged(); ///< can() or isOn() says something else

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    enum View { DataView, Structure, Ddl };
    void buildBar(QVBoxLayout *column);
    void buildViews(QVBoxLayout *column);
    QWidget *segment(const QString &text, const char *name, const QString &hint, int id);
    QWidget *verbButton(TableVerb verb, const char *name, const char *icon, const QString &hint);
    void choose(int view);
    void showRelation(const TableId &table);
    void loadStructure();
    void structureArrived(const Result<TableDescription> &description);
    void loadDdl();
    void importFile(const QString &file);
    void exportRows();
    bool isData() const;

    Services &m_services;
    Instance m_instance;
    QString m_database;
    RelationInfo m_relation;
    RowsModel *m_rows;
    WhereBox *m_where;
    QLabel *m_whereProblem;
    QWidget *m_chips;
    Notice *m_notice;
    Notice *m_sortNotice;
    RowsPane *m_pane = nullptr;
    StructureView *m_structure;
    DdlView *m_ddl;
    QStackedWidget *m_stack;
    QButtonGroup *m_segments;
    QList<QWidget *> m_dataTools; ///< of the bar, for the rows only
    bool m_structureAsked = false;
    int m_structureGeneration = 0;
    int m_ddlGeneration = 0;
};

} // namespace Roost

#pragma once

#include "core/result.h"
#include "gui/table/links/tablelinks.h"

#include <QHash>
#include <QPersistentModelIndex>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QToolButton;

namespace Roost {

class ElidedLabel;
class FactList;
class InspectorLinks;
class Notice;
class RowsModel;
class ValueView;
struct Services;

/// The panel at the right of a table: all about the current cell, and its value in the form that suits its type, to
/// look at and to edit. What is edited is staged with the button, with Ctrl+Enter, and when another cell becomes the
/// current one; what cannot be staged as it is waits until the cell is looked at again.
class InspectorPanel : public QWidget
{
    Q_OBJECT

public:
    explicit InspectorPanel(Services &services, QWidget *parent = nullptr);
    ~InspectorPanel() override;

    /// The rows to look at; from then on editors of their cells can open the list of rows to refer to.
    void setModel(RowsModel *model);
    /// The cell to look at; an invalid index shows an empty panel.
    void setCurrent(const QModelIndex &cell);
    QModelIndex current() const { return m_cell; }
    /// True while there is something that is edited and not staged.
    bool hasDraft() const { return m_isDirty; }
    ValueView *valueView() const { return m_value; }

public slots:
    /// Stages what is edited. False when it cannot be staged as it is; the panel then says why.
    bool stage();
    void setNull();
    /// Gives up what is edited; if nothing is, the cell's staged change.
    void revert();
    void saveToFile();
    void loadFromFile();

signals:
    /// The rows that a cell refers to, or that refer to its row.
    void linkActivated(const Roost::TableLink &link);
    void closed();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void build();
    QWidget *buildHeader();
    QWidget *buildButtons();
    void connectModel();
    /// A name for a cell that outlives sorting and paging.
    QString idOf(const QModelIndex &cell) const;
    void leave();
    void refresh();
    void showValue(const CellValue &value, bool isWhole);
    void showFacts();
    void showLinks();
    void showNotice();
    void showButtons();
    bool showProblem();
    void showLongValue();
    /// What speaks against the draft; empty: nothing is known.
    QString problemOf(const CellValue &value, std::optional<qsizetype> *place) const;
    QString readOnlyReason() const;
    bool isShortened() const;
    void fetchWhole();
    void withWhole(std::function<void(const CellValue &)> done);
    void keepDraft();
    void loaded(const QPersistentModelIndex &cell, const QString &id, const QString &value);
    void put(const QPersistentModelIndex &cell, const QString &id, const CellValue &value);

    Services &m_services;
    QPointer<RowsModel> m_model;
    QPersistentModelIndex m_cell;
    QString m_id;      ///< of m_cell
    CellValue m_shown; ///< as it came from the model
    bool m_isWhole = true;
    bool m_isDirty = false;
    bool m_isFetching = false;
    bool m_isStaging = false;
    int m_generation = 0;
    Error m_fetchError;
    QHash<QString, CellValue> m_drafts; ///< by idOf(): what could not be staged

    QWidget *m_content;
    QLabel *m_empty;
    ElidedLabel *m_name;
    QLabel *m_type;
    FactList *m_facts;
    InspectorLinks *m_links;
    ValueView *m_value;
    Notice *m_notice;
    QPushButton *m_save;
    QPushButton *m_load;
    QPushButton *m_null;
    QPushButton *m_revert;
    QPushButton *m_stage;
    QTimer m_fetchPause; ///< cells that are only passed are not fetched
    QTimer m_judgePause; ///< long texts are judged when the typing rests
};

} // namespace Roost

#pragma once

#include "postgres/catalog.h"

#include <QWidget>

class QListWidgetItem;
class QScrollArea;
class QStackedWidget;
class QVBoxLayout;

namespace Roost {

class SectionList;
class StructureTable;

/// All that `\d+` says of a table or view, as a page: only the sections that have content, listed at the left. Tables
/// of other ends are links; rows are copied with Ctrl+C.
class StructureView : public QWidget
{
    Q_OBJECT

public:
    explicit StructureView(QWidget *parent = nullptr);
    void show(const TableDescription &description);
    using QWidget::show;
    void setLoading();
    /// The selected rows of the table with the focus; false when there is none.
    bool copySelection();

signals:
    void tableRequested(const Roost::TableId &table);

private:
    struct Detail
    {
        QString title;
        QString objectName;
        QString definitionTitle;
    };

    void addFacts(const TableDescription &description);
    void addColumns(const TableDescription &description);
    void addDetails(const Detail &section, const QList<TableDetail> &details);
    void addLinks(const QString &title, const QString &objectName, const QList<ForeignKey> &links,
                  const QList<TableDetail> &details, bool isIncoming);
    void addPartitions(const TableDescription &description);
    void addConstraintsAndLinks(const TableDescription &description);
    void addText(const QString &title, const QString &objectName, const QString &text);
    void addTable(const QString &title, StructureTable *table);
    void addHeading(const QString &title, qsizetype count);
    void fillSections();
    void choose(const QListWidgetItem *item);
    void followScroll();

    QStackedWidget *m_stack;
    SectionList *m_sections;
    QScrollArea *m_scroll;
    QVBoxLayout *m_layout = nullptr;
    struct Section
    {
        QString title;
        qsizetype count;
        QWidget *heading;
    };
    QList<Section> m_headings;
    bool m_isChoosing = false;
};

} // namespace Roost

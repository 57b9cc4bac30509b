#pragma once

#include "postgres/catalog.h"

#include <QScrollArea>

class QVBoxLayout;

namespace Roost {

/// What `\d` shows of a table or view, as a page.
class StructureView : public QScrollArea
{
    Q_OBJECT

public:
    explicit StructureView(QWidget *parent = nullptr);
    void show(const TableDescription &description);
    using QScrollArea::show;

private:
    void addColumns(const TableDescription &description);
    void addDetails(const QString &title, const QString &objectName, const QList<TableDetail> &details);
    void addText(const QString &title, const QString &objectName, const QString &text);
    void addHeading(const QString &title, qsizetype count);

    QVBoxLayout *m_layout = nullptr;
};

} // namespace Roost

#pragma once

#include "gui/theme/colors.h"
#include "models/instance.h"
#include "postgres/catalog.h"

class QWidget;

namespace Roost {

class GridView;
class Notice;
class RowsModel;
struct Services;

/// What the parts of a table's page work with together; all of it lives as long as the page.
struct TableParts
{
    Services &services;
    Instance instance;
    QString database;
    RelationInfo relation;
    RowsModel *rows;
    GridView *grid;
    Notice *notice; ///< what happened, above the rows
    QWidget *page;

    /// Says something that needs no answer, with a button that takes it away.
    void tell(Tone tone, const QString &lead, const QString &text) const;
};

} // namespace Roost

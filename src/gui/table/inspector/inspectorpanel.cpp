#include "gui/table/inspector/inspectorpanel.h"

#include "models/rowsmodel.h"

namespace Roost {

class InspectorPanel::Private
{
public:
    QPersistentModelIndex cell;
};

InspectorPanel::InspectorPanel(Services &, QWidget *parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
}

InspectorPanel::~InspectorPanel() = default;

void InspectorPanel::setModel(RowsModel *)
{
}

void InspectorPanel::setCurrent(const QModelIndex &cell)
{
    d->cell = cell;
}

QModelIndex InspectorPanel::current() const
{
    return d->cell;
}

bool InspectorPanel::hasDraft() const
{
    return false;
}

bool InspectorPanel::stage()
{
    return false;
}

} // namespace Roost

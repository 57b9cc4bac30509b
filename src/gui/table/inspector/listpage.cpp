#include "gui/table/inspector/listpage.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"

#include <QAbstractTableModel>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace Roost {

namespace {
constexpr qsizetype mostElements = 10'000;
constexpr qsizetype longestShown = 1000;
constexpr qsizetype longestText = 200'000; ///< more is not taken apart on a click
} // namespace

class ListPage::Elements : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    void set(const QList<ArrayElement> &elements)
    {
        beginResetModel();
        m_elements = elements;
        endResetModel();
    }
    int rowCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : int(m_elements.size()); }
    int columnCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : 2; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
            return {};
        }
        const ArrayElement &element = m_elements[index.row()];
        const bool isNull = index.column() == 1 && !element.value;
        const bool isQuiet = isNull || (index.column() == 1 && element.value->isEmpty());
        switch (role) {
        case Qt::DisplayRole:
            if (isQuiet) {
                return isNull ? QStringLiteral("NULL") : ListPage::tr("empty");
            }
            return index.column() == 0 ? element.place : element.value->left(longestShown);
        case Qt::ForegroundRole:
            return index.column() == 0 || isQuiet ? QVariant(Theme::instance().colors().subtle) : QVariant();
        case Qt::FontRole:
            if (isQuiet) {
                QFont font;
                font.setItalic(true);
                return font;
            }
            return {};
        default:
            return {};
        }
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation == Qt::Vertical || role != Qt::DisplayRole) {
            return {};
        }
        return section == 0 ? ListPage::tr("Place") : ListPage::tr("Element");
    }

private:
    QList<ArrayElement> m_elements;
};

ListPage::ListPage(QWidget *parent)
    : QWidget(parent)
    , m_model(new Elements(this))
    , m_table(new QTableView(this))
    , m_state(roleLabel(QString(), "small", this))
{
    m_table->setObjectName(QStringLiteral("inspectorList"));
    m_table->setAccessibleName(tr("Elements"));
    m_table->setModel(m_model);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Spacing::row);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_state->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit / 2);
    layout->addWidget(m_table);
    layout->addWidget(m_state);
}

void ListPage::setValue(const CellValue &value, QChar delimiter)
{
    const bool isLong = value && value->size() > longestText;
    const auto elements =
        value && !isLong ? arrayElements(*value, mostElements, delimiter) : std::optional<QList<ArrayElement>>();
    m_model->set(elements.value_or(QList<ArrayElement>()));
    m_state->setText(!value                             ? QStringLiteral("NULL")
                     : isLong                           ? tr("The array is too long to be listed here.")
                     : !elements                        ? tr("This is not written as an array: {…, …}.")
                     : elements->size() == mostElements ? tr("The first %1 elements").arg(countText(mostElements))
                                                        : tr("%n element(s)", nullptr, int(elements->size())));
}

} // namespace Roost

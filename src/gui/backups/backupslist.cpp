#include "gui/backups/backupslist.h"

#include "gui/backups/worthtone.h"
#include "gui/theme/theme.h"
#include "models/backupsmodel.h"

#include <QHeaderView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>

namespace Roost {

namespace {

/// The words on a tone, as everywhere in Roost.
class ProofDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem empty = option;
        initStyleOption(&empty, index);
        const QString text = empty.text;
        empty.text.clear();
        option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &empty, painter, option.widget);
        const auto worth = BackupsModel::Worth(index.data(BackupsModel::WorthRole).toInt());
        const TonePair colors = Theme::instance().colors().pair(toneOf(worth));
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setFont(smaller(option.font));
        const QFontMetrics metrics(painter->font());
        const int height = metrics.height() + 4;
        const int room = option.rect.width() - 2 * margin;
        const int width = std::min(metrics.horizontalAdvance(text) + 2 * padding, room);
        const QRectF pill(option.rect.left() + margin, option.rect.center().y() - height / 2.0 + 0.5, width, height);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.surface);
        painter->drawRoundedRect(pill, height / 2.0, height / 2.0);
        painter->setPen(colors.text);
        painter->drawText(pill, Qt::AlignCenter, metrics.elidedText(text, Qt::ElideRight, width - padding));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const int width = QFontMetrics(smaller(option.font)).horizontalAdvance(index.data().toString());
        return {width + 2 * (padding + margin), Spacing::row};
    }

private:
    static constexpr int padding = 9;
    static constexpr int margin = 6;

    static QFont smaller(QFont font)
    {
        font.setPointSizeF(font.pointSizeF() * 0.9);
        return font;
    }
};

} // namespace

BackupsList::BackupsList(BackupsModel *model, QWidget *parent)
    : QTableView(parent)
    , m_backups(model)
    , m_sorted(new QSortFilterProxyModel(this))
{
    setObjectName(QStringLiteral("backupsTable"));
    setAccessibleName(tr("Backups"));
    setProperty("plain", true);
    m_sorted->setSourceModel(model);
    m_sorted->setSortRole(BackupsModel::SortRole);
    m_sorted->setFilterKeyColumn(-1);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    setModel(m_sorted);
    setItemDelegateForColumn(BackupsModel::Proof, new ProofDelegate(this));
    setSortingEnabled(true);
    sortByColumn(BackupsModel::TakenAt, Qt::DescendingOrder);
    setShowGrid(false);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(Spacing::row + 4);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setStretchLastSection(true);
}

const ListedBackup *BackupsList::current() const
{
    const QModelIndex index = m_sorted->mapToSource(currentIndex());
    return index.isValid() ? m_backups->at(index.row()) : nullptr;
}

void BackupsList::choose(qint64 number)
{
    const int row = m_backups->rowOf(number);
    const QModelIndex index = m_sorted->mapFromSource(m_backups->index(std::max(row, 0), 0));
    const QModelIndex wanted = index.isValid() ? index : m_sorted->index(0, 0);
    setCurrentIndex(wanted);
    scrollTo(wanted);
}

void BackupsList::setFilter(const QString &letters)
{
    m_sorted->setFilterFixedString(letters);
    if (!currentIndex().isValid()) {
        setCurrentIndex(m_sorted->index(0, 0));
    }
}

int BackupsList::shownCount() const
{
    return m_sorted->rowCount();
}

void BackupsList::fit()
{
    constexpr int widest = 260;
    constexpr int air = 20;
    for (int column = 0; column + 1 < m_sorted->columnCount(); ++column) {
        const int wanted = std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column)) + air;
        setColumnWidth(column, std::min(wanted, widest));
    }
}

void BackupsList::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    emit currentBackupChanged();
}

} // namespace Roost

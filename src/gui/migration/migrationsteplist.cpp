#include "gui/migration/migrationsteplist.h"

#include "gui/theme/theme.h"
#include "models/migrationstepsmodel.h"

#include <QEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace Roost {

namespace {

constexpr int disc = 24;
constexpr int gap = 10;
constexpr int between = 4; ///< rows
using Status = MigrationStepsModel::Status;

Status statusOf(const QModelIndex &index)
{
    return index.data(MigrationStepsModel::StatusRole).value<Status>();
}

QFont smallFont(const QFont &font)
{
    constexpr double part = 0.88;
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() * part);
    return small;
}

TonePair discColors(Status status, bool isCurrent)
{
    const Colors &colors = Theme::instance().colors();
    if (status == Status::Failed) {
        return {colors.dangerButtonText, colors.dangerButton};
    }
    if (status == Status::Done) {
        return colors.good;
    }
    return isCurrent ? TonePair{colors.buttonText, colors.button} : colors.neutral;
}

class StepDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QFontMetrics small(smallFont(option.font));
        const bool hasSummary = !index.data(MigrationStepsModel::SummaryRole).toString().isEmpty();
        const int text = option.fontMetrics.height() + (hasSummary ? small.height() : 0);
        return {disc + gap + 40, qMax(disc, text) + between};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &colors = Theme::instance().colors();
        const Status status = statusOf(index);
        const bool isCurrent = index.data(MigrationStepsModel::IsCurrentRole).toBool();
        const QString summary = index.data(MigrationStepsModel::SummaryRole).toString();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect circle(option.rect.left() + 1, option.rect.top() + 1, disc, disc);
        const TonePair pair = discColors(status, isCurrent);
        painter->setPen(Qt::NoPen);
        painter->setBrush(pair.surface);
        painter->drawEllipse(circle);
        painter->setPen(pair.text);
        painter->setFont(withWeight(option.font, isCurrent || status == Status::Done));
        painter->drawText(circle, Qt::AlignCenter, signOf(status, index));

        const QRect right = option.rect.adjusted(disc + gap, 0, -2, -between);
        const bool isQuiet = status == Status::Waiting && !isCurrent;
        const QFont nameFont = withWeight(option.font, isCurrent);
        const QFontMetrics metrics(nameFont);
        QRect nameRect = right;
        nameRect.setHeight(summary.isEmpty() ? disc + 2 : metrics.height());
        painter->setFont(nameFont);
        painter->setPen(isQuiet ? colors.subtle : colors.text);
        painter->drawText(nameRect, Qt::AlignLeft | Qt::AlignVCenter,
                          metrics.elidedText(index.data().toString(), Qt::ElideRight, right.width()));
        if (!summary.isEmpty()) {
            const QFont font = smallFont(option.font);
            painter->setFont(font);
            painter->setPen(status == Status::Failed ? colors.lineText(Tone::Danger) : colors.subtle);
            painter->drawText(right.adjusted(0, metrics.height(), 0, 4), Qt::AlignLeft | Qt::AlignTop,
                              QFontMetrics(font).elidedText(summary, Qt::ElideRight, right.width()));
        }
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(colors.accent);
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(disc + gap - 4.5, 0.5, -0.5, -2.5), 4, 4);
        }
        painter->restore();
    }

private:
    static QFont withWeight(QFont font, bool isBold)
    {
        font.setBold(isBold);
        return font;
    }
    static QString signOf(Status status, const QModelIndex &index)
    {
        return status == Status::Done     ? QStringLiteral("✓")
               : status == Status::Failed ? QStringLiteral("!")
                                          : index.data(MigrationStepsModel::NumberRole).toString();
    }
};

} // namespace

MigrationStepList::MigrationStepList(MigrationStepsModel *model, QWidget *parent)
    : QListView(parent)
    , m_model(model)
{
    setObjectName(QStringLiteral("migrationSteps"));
    setAccessibleName(tr("Steps of the move"));
    setProperty("plain", true);
    setItemDelegate(new StepDelegate(this));
    setSelectionMode(NoSelection);
    setEditTriggers(NoEditTriggers);
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setResizeMode(Adjust);
    setModel(model);
    connect(model, &QAbstractItemModel::dataChanged, this, [this] {
        scheduleDelayedItemsLayout(); // a summary makes a row higher
        QMetaObject::invokeMethod(this, &MigrationStepList::showCurrent, Qt::QueuedConnection);
    });
    connect(model, &QAbstractItemModel::modelReset, this, &MigrationStepList::showCurrent, Qt::QueuedConnection);
}

void MigrationStepList::changeEvent(QEvent *event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        scheduleDelayedItemsLayout();
    }
}

void MigrationStepList::showCurrent()
{
    const int row = m_model->currentRow();
    if (row < 0) {
        return;
    }
    // The next two as well: what is to come matters more than what was.
    scrollTo(m_model->index(qMin(row + 2, m_model->rowCount() - 1)));
    scrollTo(m_model->index(row));
}

} // namespace Roost

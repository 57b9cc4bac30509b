#include "gui/compare/rowdifferencesview.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"
#include "models/rowdifferencesmodel.h"
#include "operations/rowsummary.h"

#include <QAction>
#include <QButtonGroup>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace Roost {

namespace {

using Kind = RowDifference::Kind;
constexpr int allKinds = 100; // beside the kinds; a negative number is none to a QButtonGroup

/// Marks what differs, with a colour beside the words of the first column; a hairline stands above each row.
class RowDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &colors = Theme::instance().colors();
        if (index.data(RowDifferencesModel::IsChangedRole).toBool()) {
            painter->fillRect(option.rect, surfaceOf(Kind(index.data(RowDifferencesModel::KindRole).toInt())));
        }
        QStyledItemDelegate::paint(painter, option, index);
        if (index.row() > 0 && index.data(RowDifferencesModel::IsFirstLineRole).toBool()) {
            painter->fillRect(option.rect.left(), option.rect.top(), option.rect.width(), 1, colors.line);
        }
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const Colors &colors = Theme::instance().colors();
        const auto kind = Kind(index.data(RowDifferencesModel::KindRole).toInt());
        QColor text = colors.text;
        if (index.column() == 0) {
            option->font.setBold(true);
            text = colors.lineText(kind == Kind::Added     ? Tone::Good
                                   : kind == Kind::Removed ? Tone::Danger
                                                           : Tone::Warning);
        } else if (index.data(RowDifferencesModel::IsNullRole).toBool()) {
            option->font.setItalic(true);
        }
        option->palette.setColor(QPalette::Text, text);
        option->palette.setColor(QPalette::HighlightedText, text);
    }

private:
    static QColor surfaceOf(Kind kind)
    {
        const Colors &colors = Theme::instance().colors();
        return kind == Kind::Added ? colors.newRow : kind == Kind::Removed ? colors.danger.surface : colors.staged;
    }
};

/// Names that are too long lose their middle, which the style sheet's headers do not do by themselves.
class ElidingHeader : public QHeaderView
{
public:
    explicit ElidingHeader(QWidget *parent)
        : QHeaderView(Qt::Horizontal, parent)
    {
    }

protected:
    void initStyleOptionForIndex(QStyleOptionHeader *option, int section) const override
    {
        constexpr int padding = 22;
        QHeaderView::initStyleOptionForIndex(option, section);
        option->text = fontMetrics().elidedText(option->text, Qt::ElideMiddle, sectionSize(section) - padding);
    }
};

} // namespace

RowDifferencesView::RowDifferencesView(QWidget *parent)
    : QWidget(parent)
    , m_model(new RowDifferencesModel(this))
    , m_title(headingLabel({}))
    , m_words(roleLabel({}, "subtle"))
    , m_notes(paragraph({}))
    , m_more(roleLabel({}, "small"))
    , m_rows(new QTableView)
    , m_segments(new QButtonGroup(this))
    , m_showEqual(new QCheckBox(tr("Show &equal values, too")))
{
    setObjectName(QStringLiteral("rowDifferences"));
    build();
    connect(m_segments, &QButtonGroup::idClicked, this,
            [this](int id) { m_model->setFilter(id == allKinds ? std::nullopt : std::optional(Kind(id))); });
    connect(m_showEqual, &QCheckBox::toggled, m_model, &RowDifferencesModel::setShowsEqual);
}

void RowDifferencesView::build()
{
    m_title->setObjectName(QStringLiteral("rowsTitle"));
    m_words->setObjectName(QStringLiteral("rowsWords"));
    m_notes->setObjectName(QStringLiteral("rowsNotes"));
    m_notes->setProperty("role", QStringLiteral("small"));
    m_more->setObjectName(QStringLiteral("rowsMore"));
    m_rows->setObjectName(QStringLiteral("differingRows"));
    m_rows->setAccessibleName(tr("Rows that differ, side by side"));
    m_rows->setHorizontalHeader(new ElidingHeader(m_rows));
    m_rows->setModel(m_model);
    m_rows->setItemDelegate(new RowDelegate(m_rows));
    m_rows->setShowGrid(false);
    m_rows->setWordWrap(false);
    m_rows->setTabKeyNavigation(false);
    m_rows->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_rows->verticalHeader()->hide();
    m_rows->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_rows->verticalHeader()->setDefaultSectionSize(Spacing::row);
    m_rows->horizontalHeader()->setHighlightSections(false);
    m_rows->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    auto *copyCell = new QAction(tr("&Copy the value"), m_rows);
    copyCell->setShortcut(QKeySequence::Copy);
    copyCell->setShortcutContext(Qt::WidgetShortcut);
    connect(copyCell, &QAction::triggered, this, &RowDifferencesView::copy);
    m_rows->addAction(copyCell);
    m_rows->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto *head = new QHBoxLayout;
    head->setSpacing(Spacing::card);
    head->addWidget(m_title);
    head->addWidget(m_words, 1);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(Spacing::card, Spacing::card, Spacing::card, 0);
    top->setSpacing(Spacing::unit);
    top->addLayout(head);
    top->addWidget(m_notes);
    top->addLayout(buildBar());
    m_more->setContentsMargins(Spacing::card, 0, Spacing::card, Spacing::unit);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addLayout(top);
    layout->addWidget(m_rows, 1);
    layout->addWidget(m_more);
    layout->addStretch(); // while there are no rows to show
}

QHBoxLayout *RowDifferencesView::buildBar()
{
    auto *bar = new QHBoxLayout;
    bar->setSpacing(2);
    const auto segment = [&](int id, const char *name) {
        auto *button = new QPushButton;
        button->setObjectName(QLatin1String(name));
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        m_segments->addButton(button, id);
        bar->addWidget(button);
    };
    segment(allKinds, "showAllKinds");
    segment(int(Kind::Changed), "showChanged");
    segment(int(Kind::Added), "showAdded");
    segment(int(Kind::Removed), "showRemoved");
    m_showEqual->setObjectName(QStringLiteral("showEqual"));
    bar->addStretch();
    bar->addWidget(m_showEqual);
    return bar;
}

void RowDifferencesView::setSides(const QString &first, const QString &second)
{
    m_model->setSides(first, second);
}

void RowDifferencesView::show(const std::shared_ptr<const ComparedTable> &table)
{
    m_model->show(table);
    if (!table) {
        return;
    }
    m_title->setText(shownTable(*table));
    m_words->setText(rowsInWords(*table));
    const QStringList notes = compareNotes(*table);
    m_notes->setText(notes.join(u'\n'));
    m_notes->setVisible(!notes.isEmpty());
    fillSegments(*table);
    m_more->setText(tr("%1 more rows differ; the first of each kind are shown.").arg(countText(table->notShown())));
    m_more->setVisible(table->notShown() > 0);
    m_rows->setVisible(!table->rows.isEmpty());
    fit();
    m_rows->scrollToTop();
    // For the keyboard; a selection would hide the mark.
    m_rows->selectionModel()->setCurrentIndex(m_model->index(0, m_model->firstValueColumn()),
                                              QItemSelectionModel::NoUpdate);
}

void RowDifferencesView::fillSegments(const ComparedTable &table)
{
    const auto fill = [&](int id, const QString &text, qint64 count, bool isShown) {
        QAbstractButton *button = m_segments->button(id);
        button->setText(text.arg(countText(count)));
        button->setVisible(isShown && count > 0);
    };
    const int kinds = int(table.added > 0) + int(table.removed > 0) + int(table.changed > 0);
    fill(allKinds, tr("All %1"), table.differences(), kinds > 1);
    fill(int(Kind::Changed), tr("~ changed %1"), table.changed, kinds > 1);
    fill(int(Kind::Added), tr("+ added %1"), table.added, kinds > 1);
    fill(int(Kind::Removed), tr("− removed %1"), table.removed, kinds > 1);
    m_segments->button(allKinds)->setChecked(true);
    m_showEqual->setVisible(table.changed > 0);
}

void RowDifferencesView::fit()
{
    constexpr int widest = 220;
    constexpr int air = 8;
    QHeaderView *header = m_rows->horizontalHeader();
    const int values = m_model->firstValueColumn();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        header->setSectionResizeMode(column, column >= values ? QHeaderView::Stretch : QHeaderView::Interactive);
        if (column < values) {
            m_rows->resizeColumnToContents(column);
            m_rows->setColumnWidth(column, qMin(m_rows->columnWidth(column) + air, widest));
        }
    }
}

void RowDifferencesView::copy()
{
    const QString text = m_rows->currentIndex().data(RowDifferencesModel::WholeTextRole).toString();
    if (!text.isEmpty()) {
        QGuiApplication::clipboard()->setText(text);
    }
}

} // namespace Roost

#include "gui/table/conflictdialog.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QStyledItemDelegate>
#include <QTableWidget>

#include <algorithm>

namespace Roost {

namespace {

using Kind = ChangeConflict::Kind;
constexpr int longestShown = 400;

/// As the grid has it.
QString shown(const CellValue &value, const RowColumn &column)
{
    constexpr unsigned boolean = 16;
    if (!value) {
        return QStringLiteral("NULL");
    }
    if (column.baseOid == boolean) {
        return *value == u't' ? ConflictDialog::tr("true") : ConflictDialog::tr("false");
    }
    const QString line = value->left(longestShown).replace(u'\n', QStringLiteral(" ⏎ "));
    return value->size() > longestShown ? line + QChar(0x2026) : line;
}

/// Marks differences: the style sheet takes a cell's own background away.
class MarkingDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QVariant mark = index.data(Qt::UserRole);
        if (mark.toBool()) {
            painter->fillRect(option.rect, Theme::instance().colors().staged);
        }
        QStyledItemDelegate::paint(painter, option, index);
    }
};

bool isChangedThere(const ChangeConflict &conflict, const QString &column)
{
    const RowChange &change = conflict.change;
    return conflict.theirs.contains(column) && change.before.contains(column) && !change.shortened.contains(column) &&
           conflict.theirs.value(column) != change.before.value(column);
}

bool isInQuestion(const ChangeConflict &conflict, const QString &column)
{
    return conflict.change.values.contains(column) || isChangedThere(conflict, column);
}

QString kindText(const ChangeConflict &conflict)
{
    switch (conflict.kind) {
    case Kind::Gone:
        return ConflictDialog::tr("deleted");
    case Kind::Swallowed:
        return ConflictDialog::tr("not taken");
    case Kind::Changed:
        break;
    }
    return ConflictDialog::tr("changed");
}

QString explanationOf(const ChangeConflict &conflict)
{
    const bool isDeletion = conflict.change.kind == RowChange::Kind::Delete;
    switch (conflict.kind) {
    case Kind::Gone:
        return isDeletion
                   ? ConflictDialog::tr("You want to delete this row; it is not there any more.")
                   : ConflictDialog::tr("This row is not there any more: somebody has deleted it, or changed its "
                                        "key. Below is what you made of it.");
    case Kind::Swallowed:
        return ConflictDialog::tr(
            "The row stands as it did, and yet the server changed nothing: a trigger, a rule or a "
            "row security policy of the table keeps it from being changed.");
    case Kind::Changed:
        break;
    }
    return isDeletion
               ? ConflictDialog::tr("You want to delete this row; somebody has changed it since you looked at it.")
               : ConflictDialog::tr("Somebody has changed this row since you looked at it.");
}

} // namespace

ConflictDialog::ConflictDialog(const ChangeTarget &target, const QList<ChangeConflict> &conflicts, QWidget *parent)
    : Dialog(parent)
    , m_target(target)
    , m_conflicts(conflicts)
{
    setObjectName(QStringLiteral("ConflictDialog"));
    setWindowTitle(tr("Changed meanwhile"));
    for (const ChangeConflict &conflict : conflicts) {
        // What is there already wins until the user says otherwise; an edit of a row that is gone is worth keeping.
        m_keepsMine += conflict.kind == Kind::Gone && conflict.change.kind == RowChange::Kind::Update;
    }
    build();
    m_list->setCurrentRow(0);
}

void ConflictDialog::build()
{
    constexpr QSize usual(860, 520);
    resize(usual);
    setResizable();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 20);
    layout->setSpacing(12);
    layout->addWidget(headingLabel(m_conflicts.size() == 1
                                       ? tr("A row is not as you saw it")
                                       : tr("%1 rows are not as you saw them").arg(m_conflicts.size())));
    layout->addWidget(
        paragraph(tr("Nothing has been written yet, and all your changes are still here. Choose what is to "
                     "stand in the database, then apply again.")));
    auto *middle = new QHBoxLayout;
    middle->setSpacing(Spacing::card);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("conflictList"));
    m_list->setAccessibleName(tr("Rows"));
    constexpr int listWidth = 230;
    m_list->setFixedWidth(listWidth);
    for (int i = 0; i < m_conflicts.size(); ++i) {
        m_list->addItem(QString());
        updateItem(i);
    }
    m_list->setVisible(m_conflicts.size() > 1);
    connect(m_list, &QListWidget::currentRowChanged, this, &ConflictDialog::showConflict);
    middle->addWidget(m_list);
    middle->addWidget(buildRight(), 1);
    layout->addLayout(middle, 1);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    const auto button = [&](const QString &text, const char *name) {
        auto *made = new QPushButton(text);
        made->setObjectName(QLatin1String(name));
        made->setAutoDefault(false);
        buttons->addWidget(made);
        return made;
    };
    auto *allMine = button(tr("Keep mine everywhere"), "keepAllMine");
    auto *allTheirs = button(tr("Take theirs everywhere"), "takeAllTheirs");
    allMine->setVisible(m_conflicts.size() > 1);
    allTheirs->setVisible(m_conflicts.size() > 1);
    buttons->addStretch();
    auto *cancel = button(tr("Decide later"), "decideLater");
    m_apply = button(tr("Apply again"), "applyAgain");
    m_apply->setProperty("kind", QStringLiteral("primary"));
    m_apply->setDefault(true);
    layout->addLayout(buttons);
    connect(allMine, &QPushButton::clicked, this, [this] { chooseAll(true); });
    connect(allTheirs, &QPushButton::clicked, this, [this] { chooseAll(false); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, &QDialog::accept);
}

QWidget *ConflictDialog::buildRight()
{
    auto *right = new QWidget;
    auto *layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    m_heading = roleLabel({}, "strong");
    m_heading->setObjectName(QStringLiteral("conflictRow"));
    m_explanation = paragraph({});
    m_explanation->setObjectName(QStringLiteral("conflictExplanation"));
    m_table = new QTableWidget(0, 4);
    m_table->setObjectName(QStringLiteral("conflictTable"));
    m_table->setAccessibleName(tr("Before, yours and theirs"));
    m_table->setHorizontalHeaderLabels({tr("Column"), tr("Before"), tr("Yours"), tr("Theirs")});
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Spacing::row);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setWordWrap(false);
    m_table->setItemDelegate(new MarkingDelegate(m_table));
    constexpr int leastHeight = 150;
    m_table->setMinimumHeight(leastHeight);
    m_group = new QButtonGroup(this);
    m_mine = new QRadioButton;
    m_mine->setObjectName(QStringLiteral("keepMine"));
    m_theirs = new QRadioButton;
    m_theirs->setObjectName(QStringLiteral("takeTheirs"));
    m_group->addButton(m_mine);
    m_group->addButton(m_theirs);
    for (QWidget *part : QList<QWidget *>{m_heading, m_explanation}) {
        layout->addWidget(part);
    }
    layout->addWidget(hairline());
    layout->addWidget(m_table, 1);
    layout->addWidget(hairline());
    layout->addWidget(m_mine);
    layout->addWidget(m_theirs);
    connect(m_mine, &QRadioButton::clicked, this, [this] { choose(m_shown, true); });
    connect(m_theirs, &QRadioButton::clicked, this, [this] { choose(m_shown, false); });
    return right;
}

QString ConflictDialog::keyText(const RowChange &change) const
{
    QStringList parts;
    for (qsizetype i = 0; i < change.key.size() && i < m_target.keyColumns.size(); ++i) {
        parts += QStringLiteral("%1 = %2").arg(m_target.keyColumns[i], change.key[i]);
    }
    return parts.isEmpty() ? tr("a row without a key") : parts.join(QStringLiteral(", "));
}

void ConflictDialog::updateItem(int at)
{
    const ChangeConflict &conflict = m_conflicts[at];
    m_list->item(at)->setText(
        QStringLiteral("%1\n%2 · %3")
            .arg(keyText(conflict.change), kindText(conflict), m_keepsMine[at] ? tr("mine") : tr("theirs")));
}

void ConflictDialog::showConflict(int at)
{
    if (at < 0) {
        return;
    }
    m_shown = at;
    const ChangeConflict &conflict = m_conflicts[at];
    const bool isDeletion = conflict.change.kind == RowChange::Kind::Delete;
    const bool isGone = conflict.kind == Kind::Gone;
    m_heading->setText(keyText(conflict.change));
    m_explanation->setText(explanationOf(conflict));
    fillTable(conflict);
    if (isGone && isDeletion) {
        m_mine->setText(tr("It is deleted: that is what I wanted"));
        m_mine->hide();
        m_theirs->setText(tr("Good: nothing is left to do"));
    } else {
        m_mine->show();
        m_mine->setText(isGone       ? tr("&Insert it again, with my changes")
                        : isDeletion ? tr("&Delete it all the same")
                                     : tr("&Keep mine: it replaces what is there now"));
        m_theirs->setText(isGone       ? tr("Leave it deleted, and &drop my changes of it")
                          : isDeletion ? tr("Ke&ep the row as it is now")
                                       : tr("&Take theirs: my changes of this row are dropped"));
    }
    (m_keepsMine[at] ? m_mine : m_theirs)->setChecked(true);
}

void ConflictDialog::fillTable(const ChangeConflict &conflict)
{
    const Colors &colors = Theme::instance().colors();
    const RowChange &change = conflict.change;
    m_table->setRowCount(0);
    // What is in question comes first.
    QList<RowColumn> columns = m_target.columns;
    std::stable_partition(columns.begin(), columns.end(),
                          [&conflict](const RowColumn &column) { return isInQuestion(conflict, column.name); });
    for (const RowColumn &column : std::as_const(columns)) {
        const QString &name = column.name;
        const bool isMine = change.values.contains(name);
        const bool isKnown = change.before.contains(name);
        const bool isTheirs = isChangedThere(conflict, name);
        const int row = m_table->rowCount();
        m_table->insertRow(row);
        const auto cell = [&](int at, const QString &text, bool isNull, bool isMarked) {
            auto *item = new QTableWidgetItem(text);
            QFont font = item->font();
            font.setItalic(isNull);
            font.setBold(isMarked);
            item->setFont(font);
            item->setToolTip(text);
            item->setData(Qt::UserRole, isMarked);
            if (isMarked) {
                item->setForeground(colors.text);
            } else if (isNull || at == 0) {
                item->setForeground(colors.subtle);
            }
            m_table->setItem(row, at, item);
        };
        const CellValue before = change.before.value(name);
        const CellValue theirs = conflict.theirs.value(name);
        cell(0, name, false, false);
        const bool hasTheirs = conflict.theirs.contains(name);
        // What was not changed here was not remembered either: it is as it is there.
        const CellValue unchanged = isKnown ? before : theirs;
        const bool isAnyKnown = isKnown || hasTheirs;
        cell(1, isKnown ? shown(before, column) : QString(), isKnown && !before, false);
        if (change.kind == RowChange::Kind::Delete) {
            cell(2, tr("deleted"), true, false);
        } else {
            cell(2,
                 isMine       ? shown(change.values.value(name), column)
                 : isAnyKnown ? shown(unchanged, column)
                              : QString(),
                 isMine ? !change.values.value(name) : isAnyKnown && !unchanged, isMine);
        }
        cell(3,
             conflict.kind == Kind::Gone ? tr("deleted")
             : hasTheirs                 ? shown(theirs, column)
                                         : QString(),
             conflict.kind == Kind::Gone || (hasTheirs && !theirs), isTheirs);
    }
}

void ConflictDialog::choose(int at, bool keepsMine)
{
    const ChangeConflict &conflict = m_conflicts[at];
    // Nothing can be kept of the deletion of a row that is gone.
    const bool isDone = conflict.kind == Kind::Gone && conflict.change.kind == RowChange::Kind::Delete;
    m_keepsMine[at] = keepsMine && !isDone;
    updateItem(at);
}

void ConflictDialog::chooseAll(bool keepsMine)
{
    for (int i = 0; i < m_conflicts.size(); ++i) {
        choose(i, keepsMine);
    }
    showConflict(m_shown);
}

} // namespace Roost

#include "gui/backup/archivetree.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int groupRole = Qt::UserRole;
constexpr int thingRole = Qt::UserRole + 1;

const char *iconOf(ArchivedGroup::Kind kind)
{
    return kind == ArchivedGroup::Kind::Tables ? "table" : nullptr;
}

} // namespace

ArchiveTree::ArchiveTree(QWidget *parent)
    : QWidget(parent)
    , m_filter(new QLineEdit)
    , m_tree(new QTreeWidget)
    , m_nothing(subtleLabel(tr("Nothing in it is called so.")))
{
    m_filter->setObjectName(QStringLiteral("insideFilter"));
    m_filter->setPlaceholderText(tr("Filter what is in it"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(Theme::icon(QStringLiteral("edit-find")), QLineEdit::LeadingPosition);
    m_filter->installEventFilter(this);
    m_tree->setObjectName(QStringLiteral("insideTree"));
    m_tree->setAccessibleName(tr("What is in the backup"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(Spacing::card);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_nothing->setAlignment(Qt::AlignHCenter);
    m_nothing->hide();
    auto *filterRow = new QVBoxLayout;
    filterRow->setContentsMargins(Spacing::unit, 0, Spacing::unit, 0);
    filterRow->addWidget(m_filter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Spacing::unit, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addLayout(filterRow);
    layout->addWidget(m_nothing);
    layout->addWidget(m_tree, 1);
    setFocusProxy(m_tree);
    connect(m_filter, &QLineEdit::textChanged, this, &ArchiveTree::filter);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem *item) {
        if (thingOf(item)) {
            emit opened();
        }
    });
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem *item) {
        if (const ArchivedThing *thing = thingOf(item)) {
            emit chosen(*thing);
        }
    });
}

void ArchiveTree::show(const QList<ArchivedGroup> &groups)
{
    m_tree->clear();
    m_groups = groups;
    const QColor subtle = Theme::instance().colors().subtle;
    const QSize rowSize(0, qMax(Spacing::row, fontMetrics().height() + Spacing::unit));
    QTreeWidgetItem *first = nullptr;
    for (qsizetype g = 0; g < m_groups.size(); ++g) {
        const ArchivedGroup &group = m_groups.at(g);
        auto *head = new QTreeWidgetItem(m_tree, {group.title(), countText(group.things.size())});
        head->setFlags(Qt::ItemIsEnabled);
        head->setSizeHint(0, rowSize); // the rows below take theirs from the first
        head->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        head->setForeground(0, subtle);
        head->setForeground(1, subtle);
        for (qsizetype t = 0; t < group.things.size(); ++t) {
            const ArchivedThing &thing = group.things.at(t);
            auto *item = new QTreeWidgetItem(head, {thing.name, countText(thing.rows)});
            item->setData(0, groupRole, g);
            item->setData(0, thingRole, t);
            item->setToolTip(0, thing.name);
            item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
            item->setForeground(1, subtle);
            if (thing.rows >= 0) {
                item->setData(1, Qt::AccessibleTextRole, tr("%1 rows").arg(countText(thing.rows)));
            }
            if (const char *icon = iconOf(group.kind)) {
                item->setIcon(0, Theme::icon(QString::fromLatin1(icon)));
            }
            first = first ? first : item;
        }
        head->setExpanded(group.kind <= ArchivedGroup::Kind::Functions);
    }
    filter(m_filter->text());
    if (first) {
        m_tree->setCurrentItem(first);
    }
}

void ArchiveTree::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

const ArchivedThing *ArchiveTree::thingOf(const QTreeWidgetItem *item) const
{
    if (!item || !item->parent()) {
        return nullptr;
    }
    return &m_groups.at(item->data(0, groupRole).toLongLong()).things.at(item->data(0, thingRole).toLongLong());
}

void ArchiveTree::filter(const QString &words)
{
    bool any = false;
    for (int g = 0; g < m_tree->topLevelItemCount(); ++g) {
        QTreeWidgetItem *head = m_tree->topLevelItem(g);
        bool shows = false;
        for (int t = 0; t < head->childCount(); ++t) {
            const bool fits = head->child(t)->text(0).contains(words.trimmed(), Qt::CaseInsensitive);
            head->child(t)->setHidden(!fits);
            shows = shows || fits;
        }
        head->setHidden(!shows);
        if (!words.isEmpty()) {
            head->setExpanded(shows);
        }
        any = any || shows;
    }
    m_nothing->setVisible(!any && m_tree->topLevelItemCount() > 0);
}

bool ArchiveTree::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            m_tree->setFocus();
            return true;
        }
        if (key == Qt::Key_Escape && !m_filter->text().isEmpty()) {
            m_filter->clear();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace Roost

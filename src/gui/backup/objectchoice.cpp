#include "gui/backup/objectchoice.h"

#include "gui/theme/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int whatRole = Qt::UserRole;
constexpr int groupRole = Qt::UserRole + 1;
constexpr int visibleRows = 8;

} // namespace

ObjectChoice::ObjectChoice(QWidget *parent)
    : QWidget(parent)
    , m_tree(new QTreeWidget(this))
    , m_hint(new QLabel(this))
{
    m_tree->setObjectName(QStringLiteral("objectTree"));
    m_tree->setAccessibleName(tr("Objects to restore"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->setIndentation(Spacing::card);
    m_tree->setFixedHeight(rowHeight() * visibleRows);
    connect(m_tree, &QTreeWidget::itemChanged, this, &ObjectChoice::count);

    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setWordWrap(true);
    m_hint->setProperty("role", QStringLiteral("small"));
    m_hint->setText(
        tr("Keys, indexes, triggers and sequences of a table come with it, and so do the types and functions "
           "that it needs."));

    const auto link = [this](const char *objectName, const QString &text, bool on) {
        auto *button = new QPushButton(text, this);
        button->setObjectName(QLatin1String(objectName));
        button->setProperty("kind", QStringLiteral("link"));
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, on] { checkAll(on); });
        return button;
    };
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::card);
    buttons->addWidget(link("allObjectsButton", tr("Check &all"), true));
    buttons->addWidget(link("noObjectsButton", tr("Check non&e"), false));
    buttons->addStretch();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addLayout(buttons);
    auto *card = new QFrame(this);
    card->setProperty("card", true);
    auto *inside = new QVBoxLayout(card);
    inside->setContentsMargins(Spacing::unit, Spacing::unit, Spacing::unit, Spacing::unit);
    inside->addWidget(m_tree);
    layout->addWidget(card);
    layout->addWidget(m_hint);
}

int ObjectChoice::rowHeight() const
{
    return m_tree->fontMetrics().lineSpacing() + Spacing::unit;
}

QTreeWidgetItem *ObjectChoice::groupItem(SelectableObject::Group group)
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        if (m_tree->topLevelItem(i)->data(0, groupRole).toInt() == int(group)) {
            return m_tree->topLevelItem(i);
        }
    }
    const QStringList titles{tr("Tables"), tr("Views"), tr("Functions"), tr("Types")};
    auto *item = new QTreeWidgetItem({titles.value(int(group))});
    item->setData(0, groupRole, int(group));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemIsAutoTristate);
    item->setSizeHint(0, QSize(0, rowHeight()));
    QFont bold = m_tree->font();
    bold.setBold(true);
    item->setFont(0, bold);
    int at = 0;
    while (at < m_tree->topLevelItemCount() && m_tree->topLevelItem(at)->data(0, groupRole).toInt() < int(group)) {
        ++at;
    }
    m_tree->insertTopLevelItem(at, item);
    return item;
}

void ObjectChoice::setObjects(const QList<SelectableObject> &objects)
{
    {
        const QSignalBlocker quiet(m_tree);
        m_tree->clear();
        for (const SelectableObject &object : objects) {
            auto *item = new QTreeWidgetItem(groupItem(object.group), {object.name});
            item->setData(0, whatRole, object.what);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable |
                           Qt::ItemNeverHasChildren);
            item->setSizeHint(0, QSize(0, rowHeight()));
            item->setCheckState(0, Qt::Checked);
            if (object.rows >= 0) {
                item->setText(1, tr("%Ln row(s)", nullptr, int(qMin<qint64>(object.rows, 2'000'000'000))));
                item->setData(1, Qt::TextAlignmentRole, int(Qt::AlignRight | Qt::AlignVCenter));
                item->setForeground(1, palette().placeholderText());
            }
        }
        for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
            QTreeWidgetItem *group = m_tree->topLevelItem(i);
            group->sortChildren(0, Qt::AscendingOrder);
            // The many of a kind that one seldom chooses by hand stay folded.
            group->setExpanded(group->data(0, groupRole).toInt() <= int(SelectableObject::Group::Views));
        }
        if (m_tree->topLevelItemCount() > 0) {
            m_tree->setCurrentItem(m_tree->topLevelItem(0));
        }
    }
    count();
}

void ObjectChoice::checkAll(bool on)
{
    {
        const QSignalBlocker quiet(m_tree);
        for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
            m_tree->topLevelItem(i)->setCheckState(0, on ? Qt::Checked : Qt::Unchecked);
        }
    }
    m_tree->viewport()->update();
    count();
}

void ObjectChoice::count()
{
    m_all = 0;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        m_all += m_tree->topLevelItem(i)->childCount();
    }
    m_checked = 0;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        for (int j = 0; j < m_tree->topLevelItem(i)->childCount(); ++j) {
            m_checked += m_tree->topLevelItem(i)->child(j)->checkState(0) == Qt::Checked ? 1 : 0;
        }
    }
    emit changed();
}

QStringList ObjectChoice::chosen() const
{
    QStringList whats;
    if (isAll()) {
        return whats;
    }
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        for (int j = 0; j < m_tree->topLevelItem(i)->childCount(); ++j) {
            const QTreeWidgetItem *item = m_tree->topLevelItem(i)->child(j);
            if (item->checkState(0) == Qt::Checked) {
                whats += item->data(0, whatRole).toString();
            }
        }
    }
    return whats;
}

QString ObjectChoice::summary() const
{
    return isAll() ? tr("all of it")
                   : tr("%1 of %2 objects").arg(QLocale().toString(m_checked), QLocale().toString(m_all));
}

} // namespace Roost

#include "gui/lens/lenspanel.h"

#include "gui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>

namespace Roost {

namespace {

enum Role { CommandRole = Qt::UserRole + 1, SqlRole };

} // namespace

LensPanel::LensPanel(ActivityLog *activity, QWidget *parent)
    : QWidget(parent)
    , m_activity(activity)
    , m_stack(new QStackedWidget)
    , m_list(new QListWidget)
    , m_text(new QPlainTextEdit)
{
    setObjectName(QStringLiteral("lensPanel"));
    auto *empty =
        new QLabel(tr("For each click, what you would type in a terminal shows up here: the psql command, and "
                      "the SQL that was sent."));
    empty->setProperty("role", QStringLiteral("subtle"));
    empty->setWordWrap(true);
    empty->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    empty->setContentsMargins(Spacing::unit, Spacing::unit, 0, 0);
    m_stack->addWidget(empty);

    constexpr int listWidth = 330;
    m_list->setObjectName(QStringLiteral("lensList"));
    m_list->setAccessibleName(tr("What Roost did"));
    m_list->setFixedWidth(listWidth);
    m_list->setUniformItemSizes(true);
    m_text->setObjectName(QStringLiteral("lensText"));
    m_text->setAccessibleName(tr("In a terminal"));
    m_text->setProperty("role", QStringLiteral("mono"));
    m_text->setReadOnly(true);
    auto *copyButton = new QPushButton(tr("Copy"));
    copyButton->setObjectName(QStringLiteral("lensCopy"));
    connect(copyButton, &QPushButton::clicked, this, [this] { copy(m_text); });

    auto *content = new QWidget;
    auto *row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Spacing::unit);
    row->addWidget(m_list);
    row->addWidget(m_text, 1);
    row->addWidget(copyButton, 0, Qt::AlignTop);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::unit, Spacing::unit / 2, Spacing::unit, Spacing::unit);
    layout->addWidget(m_stack);

    connect(m_list, &QListWidget::currentRowChanged, this, &LensPanel::showCurrent);
    connect(activity, &ActivityLog::added, this, &LensPanel::add);
    for (const ActivityLog::Entry &entry : activity->entries()) {
        add(entry);
    }
}

void LensPanel::add(const ActivityLog::Entry &entry)
{
    constexpr int longest = 500;
    auto *item =
        new QListWidgetItem(QStringLiteral("%1   %2").arg(entry.at.toString(QStringLiteral("HH:mm:ss")), entry.title));
    item->setData(CommandRole, entry.command);
    item->setData(SqlRole, entry.sql);
    const bool followsNewest = m_list->currentRow() <= 0;
    m_list->insertItem(0, item);
    if (m_list->count() > longest) {
        delete m_list->takeItem(m_list->count() - 1);
    }
    if (followsNewest) {
        m_list->setCurrentRow(0);
        showCurrent();
    }
    m_stack->setCurrentIndex(1);
}

void LensPanel::showCurrent()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item) {
        return;
    }
    const QString command = item->data(CommandRole).toString();
    const QString sql = item->data(SqlRole).toString();
    const bool hasBoth = !command.isEmpty() && !sql.isEmpty() && command != sql;
    m_text->setPlainText(hasBoth ? command + QStringLiteral("\n\n") + sql : command + sql);
}

void LensPanel::copy(QPlainTextEdit *from) const
{
    const QString chosen = from->textCursor().selectedText();
    QApplication::clipboard()->setText(chosen.isEmpty() ? from->toPlainText()
                                                        : QString(chosen).replace(QChar(0x2029), u'\n'));
}

} // namespace Roost

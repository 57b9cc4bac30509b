#include "gui/about/shortcutsdialog.h"

#include "ui_shortcutsdialog.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QRegularExpression>

namespace Roost {

namespace {

constexpr int rowHeight = 28;

QString withoutMnemonic(QString text)
{
    static const QRegularExpression translated(QStringLiteral(R"(\(&\w\))")); // "Datei(&D)"
    static const QRegularExpression marker(QStringLiteral("&(.)"));
    return text.remove(translated).replace(marker, QStringLiteral("\\1")).remove(QStringLiteral("…"));
}

QString menuOf(const QAction *action)
{
    const QList<QObject *> owners = action->associatedObjects();
    for (const QObject *owner : owners) {
        if (const auto *menu = qobject_cast<const QMenu *>(owner); menu && !menu->title().isEmpty()) {
            return withoutMnemonic(menu->title());
        }
    }
    return {};
}

QString keysOf(const QAction *action)
{
    QStringList keys;
    const QList<QKeySequence> shortcuts = action->shortcuts();
    for (const QKeySequence &shortcut : shortcuts) {
        keys += shortcut.toString(QKeySequence::NativeText);
    }
    return keys.join(QStringLiteral(", "));
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent)
    : Dialog(parent)
    , m_ui(std::make_unique<Ui::ShortcutsDialog>())
{
    m_ui->setupUi(this);
    m_ui->tree->setHeaderLabels({tr("Menu"), tr("Action"), tr("Shortcut")});
    fill(actions);
    setResizable();
    m_ui->tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_ui->tree->header()->setStretchLastSection(true);
    connect(m_ui->filterField, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    m_ui->filterField->setFocus();
}

ShortcutsDialog::~ShortcutsDialog() = default;

void ShortcutsDialog::fill(const QList<QAction *> &actions)
{
    for (const QAction *action : actions) {
        const QString keys = keysOf(action);
        if (keys.isEmpty() || action->text().isEmpty()) {
            continue;
        }
        auto *item = new QTreeWidgetItem(m_ui->tree, {menuOf(action), withoutMnemonic(action->text()), keys});
        item->setSizeHint(0, QSize(0, rowHeight));
        item->setForeground(0, palette().placeholderText());
    }
}

void ShortcutsDialog::filter(const QString &text)
{
    for (int row = 0; row < m_ui->tree->topLevelItemCount(); ++row) {
        QTreeWidgetItem *item = m_ui->tree->topLevelItem(row);
        const QString all = item->text(0) + u' ' + item->text(1) + u' ' + item->text(2);
        item->setHidden(!all.contains(text, Qt::CaseInsensitive));
    }
}

} // namespace Roost

#include "gui/table/inspector/jsontreepage.h"

#include "gui/table/inspector/jsontreemodel.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/plaintext.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <memory>

namespace Roost {

namespace {

constexpr size_t mostNodes = 500'000;
constexpr int typeWidth = 72;
constexpr int expandedNodes = 40; ///< as many as there is room for, about

} // namespace

JsonTreePage::JsonTreePage(JobRunner *jobs, QWidget *parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_model(new JsonTreeModel(this))
    , m_tree(new QTreeView(this))
    , m_state(roleLabel(QString(), "small", this))
    , m_path(new QLineEdit(this))
    , m_copy(new QPushButton(tr("Copy path"), this))
{
    m_tree->setObjectName(QStringLiteral("inspectorTree"));
    m_tree->setAccessibleName(tr("Value as a tree"));
    m_tree->setModel(m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(false);
    m_tree->setFrameShape(QFrame::NoFrame);
    constexpr int indent = 16;
    m_tree->setIndentation(indent);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_tree->header()->setSectionResizeMode(JsonTreeModel::ValueColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(JsonTreeModel::TypeColumn, QHeaderView::Fixed);
    m_tree->header()->resizeSection(JsonTreeModel::TypeColumn, typeWidth);
    m_tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto *copyPath = new QAction(tr("Copy Path"), m_tree);
    auto *copyValue = new QAction(tr("Copy Value"), m_tree);
    auto *show = new QAction(tr("Show in Text"), m_tree);
    copyValue->setShortcut(QKeySequence::Copy);
    copyValue->setShortcutContext(Qt::WidgetShortcut);
    m_tree->addActions({copyPath, copyValue, show});
    m_path->setObjectName(QStringLiteral("inspectorPath"));
    m_path->setAccessibleName(tr("Path of the chosen value"));
    m_path->setReadOnly(true);
    m_path->setProperty("role", QStringLiteral("mono"));
    m_copy->setObjectName(QStringLiteral("inspectorCopyPath"));
    m_state->setObjectName(QStringLiteral("inspectorTreeState"));
    m_state->setWordWrap(true);
    m_state->hide();
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_path);
    bottom->addWidget(m_copy);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit / 2);
    layout->addWidget(m_tree);
    layout->addWidget(m_state);
    layout->addLayout(bottom);
    const auto copy = [this] { QGuiApplication::clipboard()->setText(m_path->text()); };
    connect(m_copy, &QPushButton::clicked, this, copy);
    connect(copyPath, &QAction::triggered, this, copy);
    connect(copyValue, &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(m_model->value(m_tree->currentIndex())); });
    connect(show, &QAction::triggered, this, [this] { emit placeChosen(m_model->offset(m_tree->currentIndex())); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &JsonTreePage::showPath);
    showPath();
}

void JsonTreePage::setValue(const QString &text, const QString &column)
{
    if (text == m_text && column == m_column) {
        return;
    }
    m_text = text;
    m_column = column;
    const int generation = ++m_generation;
    m_jobs->runQuietly<std::shared_ptr<JsonTree>>(
        [text](JobContext &) -> Result<std::shared_ptr<JsonTree>> {
            auto tree = parseJson(text, mostNodes);
            return tree ? std::make_shared<JsonTree>(std::move(*tree)) : nullptr;
        },
        this,
        [this, generation](const Result<std::shared_ptr<JsonTree>> &tree) {
            if (generation != m_generation || !tree) {
                return;
            }
            m_model->setTree(*tree ? std::move(**tree) : JsonTree());
            showTree();
        });
}

void JsonTreePage::showTree()
{
    const JsonTree &tree = m_model->tree();
    m_state->setVisible(tree.nodes.empty() || !tree.isWhole);
    m_state->setText(tree.nodes.empty() ? (m_text.isEmpty() ? tr("There is nothing to show.")
                                                            : tr("The text is no JSON: see its first error on the "
                                                                 "page Text."))
                                        : tr("The first %1 values.").arg(countText(qint64(tree.nodes.size()))));
    m_tree->expandToDepth(0);
    if (tree.nodes.size() <= size_t(expandedNodes)) {
        m_tree->expandAll();
    }
    constexpr int widestKey = 180;
    m_tree->resizeColumnToContents(JsonTreeModel::KeyColumn);
    m_tree->setColumnWidth(JsonTreeModel::KeyColumn, qBound(90, m_tree->columnWidth(0) + Spacing::unit, widestKey));
    m_tree->setCurrentIndex(m_model->index(0, 0));
    showPath();
}

void JsonTreePage::showPath()
{
    const QString path = m_model->path(m_tree->currentIndex(), m_column);
    m_path->setText(path);
    m_path->setCursorPosition(0);
    m_copy->setEnabled(!path.isEmpty());
}

} // namespace Roost

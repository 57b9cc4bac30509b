#include "gui/table/inspector/inspectorpanel.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/toast.h"
#include "gui/services.h"
#include "gui/table/editors/valuekind.h"
#include "gui/table/inspector/cellfacts.h"
#include "gui/table/inspector/inspectorlinks.h"
#include "gui/table/inspector/valueview.h"
#include "gui/table/links/linkchooser.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/elidedlabel.h"
#include "models/rowsmodel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int narrowest = 260;
constexpr int fetchPauseMs = 120;
constexpr int judgePauseMs = 200;
constexpr qsizetype judgedAtOnce = 20'000; ///< characters

bool isStageKey(const QKeyEvent *event)
{
    return (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
           (event->modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier;
}

bool isNullKey(const QKeyEvent *event)
{
    return event->key() == Qt::Key_0 && (event->modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier;
}

QPushButton *button(const char *name, const QString &text, const QString &tip, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(tip);
    button->setAutoDefault(false);
    return button;
}

} // namespace

InspectorPanel::InspectorPanel(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
{
    setObjectName(QStringLiteral("inspectorPanel"));
    setAccessibleName(tr("Inspector"));
    setMinimumWidth(narrowest);
    build();
    m_fetchPause.setSingleShot(true);
    m_fetchPause.setInterval(fetchPauseMs);
    connect(&m_fetchPause, &QTimer::timeout, this, &InspectorPanel::fetchWhole);
    m_judgePause.setSingleShot(true);
    m_judgePause.setInterval(judgePauseMs);
    connect(&m_judgePause, &QTimer::timeout, this, [this] {
        showNotice();
        showButtons();
    });
    connect(m_value, &ValueView::edited, this, [this] {
        m_isDirty = true;
        const CellValue value = m_value->value();
        if (value && value->size() > judgedAtOnce) {
            m_judgePause.start();
        } else {
            showNotice();
        }
        showButtons();
    });
    connect(m_value, &ValueView::pastedTooMuch, this, [this](qsizetype characters) {
        m_notice->say(Tone::Warning, tr("Too much to be pasted"),
                      tr("%1 characters cannot be edited here. Put them into a file and load it.")
                          .arg(QLocale().toString(characters)));
    });
    connect(m_links, &InspectorLinks::activated, this, &InspectorPanel::linkActivated);
    connect(m_links, &InspectorLinks::chooseRequested, this, [this] { LinkChooser::open(window(), m_model, m_cell); });
    connect(m_save, &QPushButton::clicked, this, &InspectorPanel::saveToFile);
    connect(m_load, &QPushButton::clicked, this, &InspectorPanel::loadFromFile);
    connect(m_null, &QPushButton::clicked, this, &InspectorPanel::setNull);
    connect(m_revert, &QPushButton::clicked, this, &InspectorPanel::revert);
    connect(m_stage, &QPushButton::clicked, this, &InspectorPanel::stage);
    refresh();
}

InspectorPanel::~InspectorPanel() = default;

QWidget *InspectorPanel::buildHeader()
{
    auto *header = new QWidget(m_content);
    m_name = new ElidedLabel(QString(), header);
    m_name->setObjectName(QStringLiteral("inspectorName"));
    m_name->setProperty("role", QStringLiteral("heading"));
    m_type = roleLabel(QString(), "subtle", header);
    m_type->setObjectName(QStringLiteral("inspectorType"));
    m_type->setWordWrap(true);
    auto *names = new QVBoxLayout(header);
    names->setContentsMargins(0, 0, 0, 0);
    names->setSpacing(0);
    names->addWidget(m_name);
    names->addWidget(m_type);
    return header;
}

QWidget *InspectorPanel::buildButtons()
{
    auto *buttons = new QWidget(m_content);
    m_save = button("inspectorSave", tr("Save to file…"), tr("Write the whole value to a file"), buttons);
    m_load = button("inspectorLoad", tr("Load from file…"), tr("Stage a file's content as the value"), buttons);
    m_null = button("inspectorNull", tr("Set NULL"), tr("Stage NULL (Ctrl+0)"), buttons);
    m_revert = button("inspectorRevert", tr("Revert"), tr("Back to what the database holds"), buttons);
    m_stage = button("inspectorStage", tr("Stage"),
                     tr("Apply to the cell (Ctrl+Enter); the database follows when the "
                        "changes are applied"),
                     buttons);
    m_stage->setProperty("kind", QStringLiteral("primary"));
    auto *files = new QHBoxLayout;
    files->setSpacing(Spacing::unit);
    files->addWidget(m_save);
    files->addWidget(m_load);
    files->addStretch();
    auto *edits = new QHBoxLayout;
    edits->setSpacing(Spacing::unit);
    edits->addWidget(m_null);
    edits->addWidget(m_revert);
    edits->addStretch();
    edits->addWidget(m_stage);
    auto *layout = new QVBoxLayout(buttons);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addLayout(files);
    layout->addLayout(edits);
    return buttons;
}

void InspectorPanel::build()
{
    m_content = new QWidget(this);
    m_empty = subtleLabel(tr("Choose a cell to see all about it."), this);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    auto *close = new QToolButton(this);
    close->setObjectName(QStringLiteral("inspectorClose"));
    close->setText(QStringLiteral("✕")); // calmer than the icon
    close->setToolTip(tr("Close the inspector"));
    close->setAccessibleName(tr("Close the inspector"));
    close->setFocusPolicy(Qt::StrongFocus);
    connect(close, &QToolButton::clicked, this, &InspectorPanel::closed);

    m_facts = new FactList(m_content);
    m_links = new InspectorLinks(m_content);
    m_links->setObjectName(QStringLiteral("inspectorLinks"));
    m_value = new ValueView(m_services.jobs, m_content);
    m_value->setObjectName(QStringLiteral("inspectorValue"));
    m_notice = new Notice(m_content);
    m_notice->setObjectName(QStringLiteral("inspectorNotice"));
    auto *content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(Spacing::unit + Spacing::unit / 2);
    auto *top = new QHBoxLayout;
    top->addWidget(buildHeader(), 1);
    content->addLayout(top);
    content->addWidget(m_facts);
    content->addWidget(m_links);
    content->addWidget(m_value, 1);
    content->addWidget(m_notice);
    content->addWidget(buildButtons());

    setTabOrder(m_stage, close); // the value comes first
    auto *title = new QHBoxLayout;
    title->addWidget(roleLabel(tr("INSPECTOR"), "caption", this));
    title->addStretch();
    title->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::card - 4, Spacing::unit / 2, Spacing::card - 4, Spacing::card - 4);
    layout->setSpacing(Spacing::unit / 2);
    layout->addLayout(title);
    layout->addWidget(m_content, 1);
    layout->addWidget(m_empty, 1);
}

void InspectorPanel::setModel(RowsModel *model)
{
    if (model == m_model) {
        return;
    }
    if (m_model) {
        m_model->disconnect(this);
    }
    m_cell = QPersistentModelIndex();
    m_id.clear();
    m_isDirty = false;
    m_drafts.clear();
    m_model = model;
    if (model) {
        LinkChooser::provide(model, m_services);
        connectModel();
    }
    refresh();
}

void InspectorPanel::connectModel()
{
    RowsModel *model = m_model;
    connect(model, &RowsModel::describedChanged, this, &InspectorPanel::refresh);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &InspectorPanel::keepDraft);
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        m_cell = QPersistentModelIndex();
        m_id.clear();
        refresh();
    });
    connect(model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &from, const QModelIndex &to) {
        const bool isHere = m_cell.isValid() && m_cell.row() >= from.row() && m_cell.row() <= to.row();
        if (isHere && !m_isFetching && !m_isStaging) {
            refresh();
        }
    });
    connect(model, &QObject::destroyed, this, [this] { setCurrent({}); });
}

QString InspectorPanel::idOf(const QModelIndex &cell) const
{
    if (!m_model || !cell.isValid()) {
        return {};
    }
    const RowKey key = m_model->key(cell.row());
    const QString row = key.isEmpty() ? QStringLiteral("row %1").arg(cell.row()) : key.join(QChar(0x1F));
    return QStringList{m_model->relation().id.quoted(), row, m_model->columns().at(cell.column()).name}.join(
        QChar(0x1E));
}

bool InspectorPanel::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        // In here they mean the value, whatever the menus have on them.
        const auto *key = static_cast<QKeyEvent *>(event);
        if (isStageKey(key) || isNullKey(key) || key->key() == Qt::Key_F4) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void InspectorPanel::keyPressEvent(QKeyEvent *event)
{
    if (isStageKey(event)) {
        stage();
    } else if (isNullKey(event)) {
        setNull();
    } else if (event->key() == Qt::Key_F4 && m_model) {
        LinkChooser::open(window(), m_model, m_cell);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void InspectorPanel::setCurrent(const QModelIndex &cell)
{
    const QString id = idOf(cell);
    if (!id.isEmpty() && id == m_id) {
        m_cell = cell; // the same cell, in another place perhaps
        refresh();
        return;
    }
    leave();
    m_cell = cell;
    m_id = id;
    refresh();
}

/// What is edited is staged, as it is when an editor in the grid is left.
void InspectorPanel::leave()
{
    if (m_isDirty && !stage()) {
        keepDraft();
        Toast::say(this, tr("What you wrote in %1 is not staged. It waits there.").arg(m_name->fullText()));
    }
    m_isDirty = false;
    m_fetchError = {};
}

void InspectorPanel::keepDraft()
{
    if (m_isDirty && !m_id.isEmpty()) {
        m_drafts.insert(m_id, m_value->value());
    }
    m_isDirty = false;
}

bool InspectorPanel::isShortened() const
{
    return m_cell.data(RowsModel::ShortenedRole).toBool();
}

QString InspectorPanel::readOnlyReason() const
{
    if (!m_model || !m_cell.isValid()) {
        return {};
    }
    const QString reason = m_model->readOnlyReason();
    return reason.isEmpty() ? m_model->readOnlyReason(m_cell.column()) : reason;
}

} // namespace Roost

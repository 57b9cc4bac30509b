#include "gui/table/links/linkchooser.h"

#include "gui/services.h"
#include "gui/table/links/linkrowsmodel.h"
#include "gui/table/links/tablelinks.h"
#include "gui/theme/theme.h"
#include "models/activitylog.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include "ui_linkchooser.h"

#include <QHeaderView>
#include <QKeyEvent>

#include <algorithm>

namespace Roost {

namespace {

constexpr int pauseMs = 180; ///< a fast typist's keys are one search
constexpr int widestKey = 200;

/// Hangs on a model and says what its cells' chooser works with.
class ProvidedServices : public QObject
{
public:
    ProvidedServices(Services &given, QObject *parent)
        : QObject(parent)
        , services(given)
    {
        setObjectName(objectNameOf());
    }
    static QString objectNameOf() { return QStringLiteral("linkChooserServices"); }
    static ProvidedServices *of(const QObject &model)
    {
        return static_cast<ProvidedServices *>(model.findChild<QObject *>(objectNameOf(), Qt::FindDirectChildrenOnly));
    }
    Services &services;
};

/// The key that a cell's chooser is for: one of this column alone if there is one, and only if it can be changed.
std::optional<ForeignKey> keyOf(const RowsModel &model, const QModelIndex &cell)
{
    if (!cell.isValid() || !model.readOnlyReason().isEmpty()) {
        return {};
    }
    const QList<CellLink> found = links(model, cell.column());
    for (const CellLink &link : found) {
        const bool canChange =
            std::all_of(link.key.columns.begin(), link.key.columns.end(), [&model](const QString &name) {
                const int column = model.columnOf(name);
                return column >= 0 && model.readOnlyReason(column).isEmpty();
            });
        if (canChange) {
            return link.key;
        }
    }
    return {};
}

} // namespace

void LinkChooser::provide(RowsModel *model, Services &services)
{
    if (model && !ProvidedServices::of(*model)) {
        new ProvidedServices(services, model);
    }
}

bool LinkChooser::isPossible(const RowsModel &model, const QModelIndex &cell)
{
    return ProvidedServices::of(model) && keyOf(model, cell).has_value();
}

LinkChooser *LinkChooser::open(QWidget *parent, RowsModel *model, const QModelIndex &cell, const QString &search)
{
    if (!model || !isPossible(*model, cell)) {
        return nullptr;
    }
    auto *chooser = new LinkChooser(ProvidedServices::of(*model)->services, model, cell, *keyOf(*model, cell), parent);
    chooser->m_ui->searchEdit->setText(search);
    chooser->search();
    chooser->QDialog::open();
    chooser->m_ui->searchEdit->setFocus();
    return chooser;
}

LinkChooser::LinkChooser(Services &services, RowsModel *model, const QModelIndex &cell, const ForeignKey &key,
                         QWidget *parent)
    : Dialog(parent)
    , m_ui(std::make_unique<Ui::LinkChooser>())
    , m_rows(model)
    , m_cell(cell)
    , m_key(model->key(cell.row()))
    , m_link(key)
{
    RowKey current;
    for (const QString &name : key.columns) {
        const CellValue value = model->value(cell.row(), model->columnOf(name));
        if (!value) {
            current.clear();
            break;
        }
        current += *value;
    }
    m_found = new LinkRowsModel(services.sessions, model->instance(), model->database(), key, current, this);
    m_ui->setupUi(this);
    setResizable();
    const QString columns = key.columns.join(QStringLiteral(", "));
    setWindowTitle(tr("Choose %1").arg(columns));
    m_ui->headingLabel->setText(tr("Which row of %1 does %2 refer to?").arg(key.to.name, columns));
    m_ui->currentLabel->setText(current.isEmpty() ? tr("Now: NULL, no row")
                                                  : tr("Now: %1").arg(current.join(QStringLiteral(", "))));
    m_ui->nullButton->setVisible(allowsNull());
    m_ui->searchEdit->setPlaceholderText(tr("Search in %1").arg(key.to.name));
    m_ui->searchEdit->installEventFilter(this);
    QTableView *table = m_ui->rowsTable;
    table->setModel(m_found);
    table->verticalHeader()->setDefaultSectionSize(Spacing::row);
    table->installEventFilter(this);
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(m_ui->searchEdit, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(&m_pause, &QTimer::timeout, this, &LinkChooser::search);
    connect(m_found, &LinkRowsModel::stateChanged, this, &LinkChooser::updateState);
    connect(table, &QTableView::doubleClicked, this, &LinkChooser::choose);
    connect(table->selectionModel(), &QItemSelectionModel::currentChanged, this, &LinkChooser::updateState);
    connect(m_ui->chooseButton, &QPushButton::clicked, this, [this] { choose(m_ui->rowsTable->currentIndex()); });
    connect(m_ui->nullButton, &QPushButton::clicked, this, &LinkChooser::chooseNull);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &LinkChooser::reject);
    connect(model, &QObject::destroyed, this, &LinkChooser::reject);
    services.activity->add(tr("Rows of %1 to refer to").arg(key.to.name),
                           QStringLiteral("SELECT %1 FROM %2 ORDER BY 1 LIMIT %3;")
                               .arg(key.toColumns.join(QStringLiteral(", ")), key.to.quoted())
                               .arg(LinkQuery::pageSize));
}

LinkChooser::~LinkChooser() = default;

void LinkChooser::search()
{
    m_pause.stop();
    m_found->search(m_ui->searchEdit->text().trimmed());
}

void LinkChooser::updateState()
{
    QTableView *table = m_ui->rowsTable;
    switch (m_found->state()) {
    case LinkRowsModel::State::Loading:
        m_ui->stateLabel->setText(tr("Searching…"));
        break;
    case LinkRowsModel::State::Failed:
        m_ui->stateLabel->setText(m_found->error().isCancelled() ? QString() : m_found->error().message);
        break;
    case LinkRowsModel::State::Ready: {
        const int count = m_found->rowCount();
        m_ui->stateLabel->setText(count == 0 ? tr("No row fits. The search looks at the key and at what names a row.")
                                  : m_found->hasMore()
                                      ? tr("The first %1; scroll or type for more").arg(countText(count))
                                      : tr("%n row(s)", nullptr, count));
        if (count > 0 && !table->currentIndex().isValid()) {
            // What is searched for stands below the current value's row.
            const bool isSearch = !m_found->searched().isEmpty() && m_found->currentRow() == 0 && count > 1;
            table->setCurrentIndex(m_found->index(isSearch ? 1 : 0, 0));
            for (int column = 0; column < m_found->columnCount() - 1; ++column) {
                table->resizeColumnToContents(column);
                table->setColumnWidth(column, std::clamp(table->columnWidth(column) + Spacing::card, 80, widestKey));
            }
        }
        break;
    }
    }
    m_ui->chooseButton->setEnabled(m_found->state() != LinkRowsModel::State::Failed && table->currentIndex().isValid());
}

bool LinkChooser::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress) {
        return Dialog::eventFilter(watched, event);
    }
    auto *key = static_cast<QKeyEvent *>(event);
    if (watched == m_ui->searchEdit) {
        switch (key->key()) {
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            QCoreApplication::sendEvent(m_ui->rowsTable, event); // typing and choosing without changing the focus
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_pause.isActive()) {
                search(); // what was typed last first; Enter again chooses
                return true;
            }
            break;
        default:
            break;
        }
    } else if (watched == m_ui->rowsTable && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)) {
        choose(m_ui->rowsTable->currentIndex());
        return true;
    }
    return Dialog::eventFilter(watched, event);
}

bool LinkChooser::allowsNull() const
{
    return std::any_of(m_link.columns.begin(), m_link.columns.end(), [this](const QString &name) {
        const int column = m_rows->columnOf(name);
        return column >= 0 && !m_rows->columns().at(column).notNull;
    });
}

void LinkChooser::choose(const QModelIndex &row)
{
    if (!row.isValid() || m_found->state() == LinkRowsModel::State::Failed) {
        return;
    }
    const RowKey key = m_found->key(row.row());
    CellValues values;
    for (qsizetype i = 0; i < m_link.columns.size(); ++i) {
        values.insert(m_link.columns[i], key.value(i));
    }
    stage(values);
}

void LinkChooser::chooseNull()
{
    // One NULL is enough for a row to refer to nothing; those that must have a value keep theirs.
    CellValues values;
    for (const QString &name : std::as_const(m_link.columns)) {
        if (!m_rows->columns().at(m_rows->columnOf(name)).notNull) {
            values.insert(name, {});
        }
    }
    stage(values);
}

void LinkChooser::stage(const CellValues &values)
{
    if (!m_rows || !m_cell.isValid() || m_rows->key(m_cell.row()) != m_key) {
        m_ui->stateLabel->setText(tr("The row is no longer where it was: close this and open the cell again."));
        return;
    }
    m_rows->beginStep(tr("Change %1").arg(m_link.columns.join(QStringLiteral(", "))));
    for (auto value = values.begin(); value != values.end(); ++value) {
        const int column = m_rows->columnOf(value.key());
        if (m_rows->value(m_cell.row(), column) != value.value() ||
            m_rows->index(m_cell.row(), column).data(RowsModel::DefaultRole).toBool()) {
            m_rows->setData(m_rows->index(m_cell.row(), column), value.value() ? QVariant(*value.value()) : QVariant(),
                            Qt::EditRole);
        }
    }
    m_rows->endStep();
    accept();
}

} // namespace Roost

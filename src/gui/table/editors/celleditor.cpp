#include "gui/table/editors/celleditor.h"

#include "gui/table/editors/cellproblem.h"
#include "gui/table/editors/valuekind.h"
#include "gui/table/links/linkchooser.h"
#include "gui/theme/theme.h"
#include "models/rowsmodel.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QPainter>

namespace Roost {

namespace {

bool isEnter(int key)
{
    return key == Qt::Key_Return || key == Qt::Key_Enter;
}

bool isSetNull(const QKeyEvent *event)
{
    return event->key() == Qt::Key_0 && (event->modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier;
}

} // namespace

CellEditor::CellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_index(index)
    , m_column(model->columns().value(index.column()))
{
    setObjectName(QStringLiteral("cellEditor"));
    setAccessibleName(m_column.name);
    setAutoFillBackground(true);
    setFocusPolicy(Qt::StrongFocus);
}

CellEditor::~CellEditor()
{
    delete m_bubble;
}

void CellEditor::load(const QModelIndex &index)
{
    if (!m_model || (m_isLoaded && isChanged())) {
        return; // the view asks again whenever the cell's data change
    }
    m_isTouched = false;
    m_isLoaded = true;
    m_wasDefault = index.data(RowsModel::DefaultRole).toBool();
    m_loaded = m_model->value(index.row(), index.column());
    showValue(m_loaded);
}

RowsModel *CellEditor::model() const
{
    return m_model;
}

bool CellEditor::isChanged() const
{
    if (!m_isLoaded || !m_isTouched) {
        return false;
    }
    return m_wasDefault || value() != m_loaded;
}

QString CellEditor::problem() const
{
    if (!m_model || !isChanged()) {
        return {};
    }
    const CellValue now = value();
    if (now && now->isEmpty() && !mayBeEmptyText(m_column)) {
        return isNullable() ? tr("There is nothing here. Ctrl+0 sets NULL, Esc leaves the cell as it was.")
                            : tr("There is nothing here. Esc leaves the cell as it was.");
    }
    return m_model->valueProblem(m_index.column(), now);
}

void CellEditor::addPart(QWidget *part)
{
    if (!focusProxy()) {
        setFocusProxy(part);
    }
    part->installEventFilter(this);
}

void CellEditor::edited()
{
    m_isTouched = true;
    judge();
}

void CellEditor::judge()
{
    m_problem = problem();
    if (m_problem.isEmpty() && !m_bubble) {
        return;
    }
    if (!m_bubble) {
        m_bubble = new CellProblem(this);
    }
    m_bubble->say(m_problem);
    setAccessibleDescription(m_problem);
}

void CellEditor::commit()
{
    QKeyEvent enter(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier);
    if (problem().isEmpty()) {
        QCoreApplication::sendEvent(this, &enter);
    }
}

bool CellEditor::partKey(QKeyEvent *event)
{
    if (isSetNull(event)) {
        m_isTouched = true;
        setNull();
        edited();
        return true;
    }
    if (isEnter(event->key())) {
        if (!takeEnter(event) && problem().isEmpty()) {
            QCoreApplication::sendEvent(this, event); // with Shift and Ctrl it means more to the grid
        }
        return true;
    }
    switch (event->key()) {
    case Qt::Key_F4:
        if (isLink()) {
            chooseLink();
            return true;
        }
        return openAid();
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        if (!problem().isEmpty()) {
            return true;
        }
        [[fallthrough]];
    case Qt::Key_Escape:
        QCoreApplication::sendEvent(this, event);
        return true;
    default:
        return false;
    }
}

bool CellEditor::isLink() const
{
    return m_model && LinkChooser::isPossible(*m_model, m_index);
}

void CellEditor::chooseLink()
{
    const QPointer<RowsModel> model = m_model;
    const QPersistentModelIndex index = m_index;
    const QString typed = isChanged() ? value().value_or(QString()) : QString();
    QWidget *const parent = window();
    QKeyEvent escape(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
    QCoreApplication::sendEvent(this, &escape); // from here on the editor may be gone
    LinkChooser::open(parent, model, index, typed);
}

bool CellEditor::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::ShortcutOverride: {
        // In a cell these are ours, whatever the menus have on them.
        auto *key = static_cast<QKeyEvent *>(event);
        if (isSetNull(key) || isEnter(key->key()) || key->key() == Qt::Key_Escape || key->key() == Qt::Key_F4) {
            event->accept();
            return true;
        }
        break;
    }
    case QEvent::KeyPress:
        if (partKey(static_cast<QKeyEvent *>(event))) {
            return true;
        }
        break;
    case QEvent::FocusOut:
        // The delegate looks whether the focus left the editor as a whole, which it has not seen: the part had it.
        QCoreApplication::sendEvent(this, event);
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void CellEditor::keyPressEvent(QKeyEvent *event)
{
    event->accept(); // what comes here is no command of the grid's
}

void CellEditor::paintEvent(QPaintEvent *)
{
    const Colors &colors = Theme::instance().colors();
    QPainter painter(this);
    painter.fillRect(rect(), colors.base);
    painter.setPen(m_problem.isEmpty() ? colors.accent : colors.danger.text);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void CellEditor::moveEvent(QMoveEvent *event)
{
    QWidget::moveEvent(event);
    followCell();
}

void CellEditor::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    followCell();
}

/// The view puts the editor where its cell is; what we made of that ourselves is no news.
void CellEditor::followCell()
{
    if (geometry() != m_grown) {
        m_cell = geometry();
        grow();
    }
    if (m_bubble) {
        m_bubble->place();
    }
}

QSize CellEditor::wantedSize(const QSize &cell, const QSize &)
{
    return cell;
}

void CellEditor::grow()
{
    if (m_cell.isEmpty() || !parentWidget()) {
        return;
    }
    const QRect view = parentWidget()->rect();
    const QSize room(view.right() - m_cell.left(), view.bottom() - m_cell.top());
    m_grown = QRect(m_cell.topLeft(), wantedSize(m_cell.size(), room));
    setGeometry(m_grown);
    raise();
}

} // namespace Roost

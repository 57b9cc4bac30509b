#include "gui/table/editors/linecelleditor.h"

#include "gui/table/editors/valuekind.h"
#include "gui/theme/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

#include <algorithm>
#include <limits>

namespace Roost {

LineCellEditor::LineCellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent)
    : CellEditor(model, index, parent)
    , m_line(new QLineEdit(this))
    , m_layout(new QHBoxLayout(this))
{
    m_line->setObjectName(QStringLiteral("cellLine"));
    m_line->setAccessibleName(column().name);
    m_line->setMaxLength(std::numeric_limits<int>::max()); // Qt cuts at 32,767 otherwise
    m_line->setFrame(false);
    m_line->setStyleSheet(QStringLiteral("border: none; border-radius: 0; background: transparent; padding: 0 5px;"));
    if (column().isNumeric) {
        m_line->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    m_layout->setContentsMargins(1, 1, 1, 1);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_line);
    addPart(m_line);
    if (isLink()) {
        QToolButton *button = addButton(QStringLiteral("cellChooseLink"), QStringLiteral("edit-find"),
                                        tr("Choose the row it refers to (F4)"));
        connect(button, &QToolButton::clicked, this, [this] { chooseLink(); });
    }
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        showNull(false);
        edited();
        grow();
    });
}

CellValue LineCellEditor::value() const
{
    return m_isNull ? CellValue() : CellValue(m_line->text());
}

QString LineCellEditor::text() const
{
    return m_line->text();
}

void LineCellEditor::showValue(const CellValue &value)
{
    m_line->setText(value.value_or(QString()));
    showNull(!value);
    m_line->selectAll();
}

void LineCellEditor::setNull()
{
    m_line->clear();
    showNull(true);
}

void LineCellEditor::replaceText(const QString &text)
{
    m_line->selectAll();
    m_line->insert(text); // undone by Ctrl+Z, as typing is
    showNull(false);
    edited();
}

void LineCellEditor::showNull(bool isNull)
{
    m_isNull = isNull;
    QFont font = m_line->font();
    font.setItalic(isNull);
    m_line->setFont(font);
    m_line->setPlaceholderText(isNull ? QStringLiteral("NULL") : mayBeEmptyText(column()) ? tr("empty") : QString());
}

/// Room for what is written besides the buttons; numbers stay at the right edge of their cell.
QSize LineCellEditor::wantedSize(const QSize &cell, const QSize &room)
{
    constexpr int padding = 20;
    constexpr int widest = 420;
    int needed = m_line->fontMetrics().horizontalAdvance(m_line->text().left(widest)) + padding;
    for (int i = 1; i < m_layout->count(); ++i) {
        needed += m_layout->itemAt(i)->sizeHint().width();
    }
    return {column().isNumeric ? cell.width() : qMax(cell.width(), std::min({needed, widest, room.width()})),
            cell.height()};
}

QToolButton *LineCellEditor::addButton(const QString &objectName, const QString &icon, const QString &text)
{
    auto *button = new QToolButton(this);
    button->setObjectName(objectName);
    button->setIcon(Theme::icon(icon));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setFocusPolicy(Qt::NoFocus);
    button->setStyleSheet(QStringLiteral("border: none; padding: 2px;"));
    m_layout->addWidget(button);
    return button;
}

} // namespace Roost

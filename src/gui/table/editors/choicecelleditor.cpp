#include "gui/table/editors/choicecelleditor.h"

#include "gui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QScopedValueRollback>
#include <QTimer>
#include <QWheelEvent>

namespace Roost {

namespace {

/// Tells what is picked from its list from what is reached with the keys, and leaves the wheel to the table.
class ChoiceBox : public QComboBox
{
public:
    using QComboBox::QComboBox;
    bool wasPicked() const { return m_isOpen; }
    void showPopup() override
    {
        m_isOpen = true;
        QComboBox::showPopup();
    }
    void hidePopup() override
    {
        QComboBox::hidePopup();
        QTimer::singleShot(0, this, [this] { m_isOpen = false; }); // what is picked is told right after this
    }

protected:
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }

private:
    bool m_isOpen = false;
};

} // namespace

ChoiceCellEditor::ChoiceCellEditor(RowsModel *model, const QModelIndex &index, const QList<Choice> &choices,
                                   QWidget *parent)
    : CellEditor(model, index, parent)
{
    auto *box = new ChoiceBox(this);
    m_box = box;
    m_box->setObjectName(QStringLiteral("cellChoice"));
    m_box->setAccessibleName(column().name);
    m_box->setStyleSheet(
        QStringLiteral("QComboBox { border: none; border-radius: 0; background: transparent; padding: 0 5px; }"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(m_box);
    for (const Choice &choice : choices) {
        add(choice);
    }
    if (isNullable()) {
        add({QStringLiteral("NULL"), {}});
    }
    addPart(m_box);
    connect(m_box, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_isShowing) {
            edited();
        }
    });
    connect(m_box, &QComboBox::activated, this, [this, box] {
        if (box->wasPicked()) {
            QTimer::singleShot(0, this, [this] { commit(); });
        }
    });
}

void ChoiceCellEditor::add(const Choice &choice)
{
    m_choices += choice;
    m_box->addItem(choice.text);
    if (!choice.value) {
        QFont font = m_box->font();
        font.setItalic(true);
        m_box->setItemData(m_box->count() - 1, font, Qt::FontRole);
        m_box->setItemData(m_box->count() - 1, Theme::instance().colors().subtle, Qt::ForegroundRole);
        m_box->setItemData(m_box->count() - 1, tr("null"), Qt::AccessibleTextRole);
    }
}

int ChoiceCellEditor::find(const CellValue &value) const
{
    for (qsizetype i = 0; i < m_choices.size(); ++i) {
        if (m_choices[i].value == value) {
            return int(i);
        }
    }
    return -1;
}

CellValue ChoiceCellEditor::value() const
{
    const int at = m_box->currentIndex();
    return at < 0 ? CellValue() : m_choices.at(at).value;
}

void ChoiceCellEditor::showValue(const CellValue &value)
{
    const QScopedValueRollback showing(m_isShowing, true);
    if (find(value) < 0) {
        add({value.value_or(QStringLiteral("NULL")), value}); // what stands there can be left as it is
    }
    m_box->setCurrentIndex(find(value));
}

void ChoiceCellEditor::setNull()
{
    if (const int null = find({}); null >= 0) {
        m_box->setCurrentIndex(null);
    }
}

} // namespace Roost

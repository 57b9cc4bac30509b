#pragma once

#include "postgres/rowfilter.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace Roost {

class RowsHeader;

/// A field a column under the header, for conditions as they are typed: "> 3", "1..10", "null". A text that is none
/// says why, in its place, and the rows stay as they were.
class FilterRow : public QWidget
{
    Q_OBJECT

public:
    FilterRow(RowsHeader *header, QWidget *parent = nullptr);

    QList<FilterCondition> conditions() const; ///< as announced last
    /// Shows these; announces nothing.
    void setConditions(const QList<FilterCondition> &conditions);
    /// Empties all fields, and announces it.
    void clear();
    /// The cursor into a column's field.
    void focusColumn(int column);
    QLineEdit *field(int column) const { return m_fields.value(column).line; }

    /// The header's columns changed.
    void rebuild();
    /// Sizes or the scroll place changed.
    void align();
    QSize sizeHint() const override;

signals:
    void conditionsChanged(const QList<Roost::FilterCondition> &conditions);
    void fieldEntered(int column); ///< the cursor came into its field
    void left();                   ///< Down, or Esc in an empty field: back to the rows

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    struct Field
    {
        QLineEdit *line = nullptr;
        QToolButton *operators = nullptr;
        RowColumn column;
        bool isWrong = false;
    };
    Field makeField(int section, const RowColumn &column);
    void openMenu(int section);
    void insert(int section, const QString &text, int selectFrom, int selectLength);
    void announce();
    void show(Field &field, const QString &problem);

    RowsHeader *m_header;
    QList<Field> m_fields; ///< by section
    QList<FilterCondition> m_conditions;
    QTimer m_typed;
};

} // namespace Roost

#pragma once

#include "gui/table/editors/valuekind.h"
#include "postgres/cellvalue.h"

#include <QHash>
#include <QWidget>

class QHBoxLayout;
class QPushButton;
class QStackedLayout;

namespace Roost {

class HexView;
class JobRunner;
class JsonTreePage;
class ListPage;
class PicturePage;
class TextPage;

/// A value in the forms that suit its type, a page each: text, tree, list, bytes, picture. Knows nothing of rows and
/// staging.
class ValueView : public QWidget
{
    Q_OBJECT

public:
    enum class View { Text, Tree, List, Hex, Picture };
    Q_ENUM(View)

    explicit ValueView(JobRunner *jobs, QWidget *parent = nullptr);

    /// Another cell: what was chosen for its type is in front.
    void setColumn(const RowColumn &column);
    /// `isWhole`: false when only the beginning is here, which then cannot be edited.
    void setValue(const CellValue &value, bool isWhole);
    void setEditable(bool isEditable);
    /// As the user left it.
    CellValue value() const;
    void setNull();
    bool isPartial() const; ///< the text shows only the beginning of a long value
    void show(View view);
    View view() const { return m_view; }
    /// Shows a place of the text.
    void goTo(qsizetype place);
    TextPage *textPage() const { return m_text; }
    const QByteArray &bytes() const;

signals:
    void edited();
    void pastedTooMuch(qsizetype characters);
    void bytesShown();

private:
    QList<View> viewsOf(ValueKind kind) const;
    void offer(const QList<View> &views);
    void fill();
    void showBytes();
    void bytesArrived(const QByteArray &bytes);
    QWidget *page(View view);
    static QString title(View view);

    JobRunner *m_jobs;
    RowColumn m_column;
    ValueKind m_kind = ValueKind::Other;
    CellValue m_value;
    bool m_isWhole = true;
    bool m_isEditable = true;
    bool m_isNew = true; ///< no value was set since setColumn()
    View m_view = View::Text;
    QHash<int, View> m_chosen; ///< by kind
    QHBoxLayout *m_bar;
    QWidget *m_barWidget;
    QHash<int, QPushButton *> m_buttons;
    QStackedLayout *m_stack;
    TextPage *m_text;
    JsonTreePage *m_tree = nullptr;
    ListPage *m_list = nullptr;
    HexView *m_hex;
    PicturePage *m_picture = nullptr;
    int m_generation = 0;
};

} // namespace Roost

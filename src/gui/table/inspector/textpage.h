#pragma once

#include "postgres/cellvalue.h"

#include <QWidget>

class QLabel;
class QTimer;
class QToolButton;

namespace Roost {

class ExactTextEdit;

/// A value as text, to read and to edit. Of what is too long to be edited, the beginning is shown.
class TextPage : public QWidget
{
    Q_OBJECT

public:
    static constexpr qsizetype shownOfLong = 200'000; ///< characters

    explicit TextPage(QWidget *parent = nullptr);

    /// `isJson`: a fixed-width font, and a button that writes a value a line.
    void setJson(bool isJson);
    void setEditable(bool isEditable);
    void setValue(const CellValue &value);
    CellValue value() const;
    /// NULL as the user's choice.
    void setNull();
    /// True when only the beginning is shown: value() is the value as it was set.
    bool isPartial() const { return m_isPartial; }
    void goTo(qsizetype place);
    ExactTextEdit *editor() const { return m_edit; }

signals:
    void edited();
    void pastedTooMuch(qsizetype characters);

private:
    void showNull(bool isNull);
    void showSize();
    void setMonospace(bool isMonospace);
    void format();

    ExactTextEdit *m_edit;
    QToolButton *m_wrap;
    QToolButton *m_monospace;
    QToolButton *m_format;
    QLabel *m_size;
    QTimer *m_sizePause;
    CellValue m_value; ///< as it was set
    bool m_isNull = false;
    bool m_isPartial = false;
    bool m_isEditable = true;
    bool m_isJson = false;
};

} // namespace Roost

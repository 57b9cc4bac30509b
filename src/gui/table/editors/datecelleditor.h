#pragma once

#include "gui/table/editors/linecelleditor.h"

namespace Roost {

/// A date or a moment, as text: whatever the server takes ("infinity", "0044-03-15 BC", microseconds) stays as it is
/// written. A calendar sets the day and leaves the rest.
class DateCellEditor : public LineCellEditor
{
    Q_OBJECT

public:
    DateCellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent);

    /// `text` with another day: what stands behind the day stays. A text without a day becomes one, at midnight where
    /// `hasTime`.
    [[nodiscard]] static QString withDay(const QString &text, const QDate &day, bool hasTime);
    /// The day at the text's beginning; invalid when it has none that a calendar knows.
    [[nodiscard]] static QDate dayOf(const QString &text);

protected:
    bool openAid() override;

private:
    void setNow();
};

} // namespace Roost

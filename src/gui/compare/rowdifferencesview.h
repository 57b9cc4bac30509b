#pragma once

#include "operations/rowcompare.h"

#include <QWidget>

#include <memory>
#include <optional>

class QButtonGroup;
class QCheckBox;
class QHBoxLayout;
class QLabel;
class QTableView;

namespace Roost {

class RowDifferencesModel;

/// The rows in which one table differs: how many in words, and side by side what stood in the first and in the second.
class RowDifferencesView : public QWidget
{
    Q_OBJECT

public:
    explicit RowDifferencesView(QWidget *parent = nullptr);

    void setSides(const QString &first, const QString &second);
    void show(const std::shared_ptr<const ComparedTable> &table);
    using QWidget::show;

private:
    void build();
    QHBoxLayout *buildBar();
    void fillSegments(const ComparedTable &table);
    void fit();
    void copy();

    RowDifferencesModel *m_model;
    QLabel *m_title;
    QLabel *m_words;
    QLabel *m_notes;
    QLabel *m_more;
    QTableView *m_rows;
    QButtonGroup *m_segments;
    QCheckBox *m_showEqual;
};

} // namespace Roost

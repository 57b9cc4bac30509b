#pragma once

#include <QListWidget>

namespace Roost {

/// The sections of a long page, at its left: names, with counts at the right.
class SectionList : public QListWidget
{
    Q_OBJECT

public:
    explicit SectionList(QWidget *parent = nullptr);

    /// `count`: 0 where there is nothing to count.
    void add(const QString &title, qsizetype count);
    /// As wide as its names.
    void fit();
};

} // namespace Roost

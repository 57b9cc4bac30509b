#pragma once

#include <QListView>

namespace Roost {

/// The list of what differs, with headings, and with how much at the right. For a DifferencesModel.
class DifferenceList : public QListView
{
    Q_OBJECT

public:
    explicit DifferenceList(QWidget *parent = nullptr);
};

} // namespace Roost

#pragma once

#include <QObject>
#include <QString>

class QWidget;

namespace Roost {

/// Lets a window take dumps that are dragged onto it, where nothing in it takes them itself. Owned by the window.
class BackupDrop : public QObject
{
    Q_OBJECT

public:
    explicit BackupDrop(QWidget *window);

signals:
    void dropped(const QString &file);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace Roost

#include "gui/backup/backupdrop.h"

#include <QDropEvent>
#include <QMimeData>
#include <QUrl>
#include <QWidget>

namespace Roost {

namespace {

/// The one dump among what is dragged; empty for anything else. By its name: a file is not read while it is dragged.
QString dumpIn(const QMimeData *dragged)
{
    const QList<QUrl> urls = dragged->urls();
    const QString file = urls.size() == 1 ? urls.first().toLocalFile() : QString();
    return file.endsWith(QStringLiteral(".dump"), Qt::CaseInsensitive) ? file : QString();
}

} // namespace

BackupDrop::BackupDrop(QWidget *window)
    : QObject(window)
{
    window->setAcceptDrops(true);
    window->installEventFilter(this);
}

bool BackupDrop::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::DragEnter && event->type() != QEvent::Drop) {
        return QObject::eventFilter(watched, event);
    }
    auto *drop = static_cast<QDropEvent *>(event); // a drag that enters is one, too
    const QString file = dumpIn(drop->mimeData());
    if (file.isEmpty()) {
        return false;
    }
    drop->setDropAction(Qt::CopyAction);
    drop->accept();
    if (event->type() == QEvent::Drop) {
        emit dropped(file);
    }
    return true;
}

} // namespace Roost

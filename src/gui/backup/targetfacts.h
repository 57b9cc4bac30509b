#pragma once

#include <QString>

#include <functional>

class QObject;

namespace Roost {

class Notice;
struct Services;

/// What is known of the place where a file is to be written.
struct TargetFacts
{
    QString file; ///< that this is about
    bool folderExists = false;
    bool isTaken = false;
    qint64 freeBytes = -1;
    QString gitWorkTree; ///< holds the folder, and git would commit the file

    bool isUsable() const { return folderExists && !isTaken; }
};

/// Looks off the GUI thread: a folder may be on a disk that does not answer.
void readTargetFacts(Services &services, const QString &file, QObject *receiver,
                     std::function<void(const TargetFacts &)> done);
/// A free name for a backup of the database, in `folder` or, when that is empty, among Roost's backups.
void suggestTarget(Services &services, const QString &folder, const QString &database, QObject *receiver,
                   std::function<void(const QString &file)> done);

/// Says what is wrong with the place, and offers the way out: another name, or a line in .gitignore.
struct TargetNoticeActions
{
    std::function<void()> useAnotherName;
    std::function<void(const QString &workTree)> ignoreDumps;
};
void showTargetNotice(Notice *notice, const TargetFacts &facts, const TargetNoticeActions &actions);

} // namespace Roost

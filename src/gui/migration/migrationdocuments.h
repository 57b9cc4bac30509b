#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace Roost {

class Notice;
struct Services;

/// A plan or a report, as it is saved and printed. Made when it is needed, on a worker thread: reports read files.
struct MigrationDocument
{
    QString title;
    QString fileName; ///< proposed, without suffix
    std::function<QString()> markdown;
    std::function<QString()> html;
};

/// Asks for a file: HTML when its name ends so, else Markdown. `notice` says what came of it.
void saveDocument(Services &services, QWidget *parent, const MigrationDocument &document, Notice *notice);
/// Asks for a printer.
void printDocument(Services &services, QWidget *parent, const MigrationDocument &document, Notice *notice);

} // namespace Roost

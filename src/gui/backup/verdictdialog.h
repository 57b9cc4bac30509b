#pragma once

#include "gui/dialogs/dialog.h"
#include "operations/verify.h"

class QPlainTextEdit;
class QTreeWidget;
class QVBoxLayout;

namespace Roost {

class Notice;

/// What came of a verification: proven, with what was counted; or not, with every difference and what to do now.
class VerdictDialog : public Dialog
{
    Q_OBJECT

public:
    VerdictDialog(const QString &file, const Result<Verification> &verification, QWidget *parent = nullptr);

    /// In a line, for the list of jobs.
    static QString summary(const Verification &verification);
    /// Without the notes.
    static int differenceCount(const Verification &verification);

private:
    void showError(const Error &error);
    void showVerification(const Verification &verification);
    void addFigures(const Manifest &manifest);
    void addDifferences(const QList<ManifestDifference> &differences);
    void addList(const char *name, const QString &title, const QStringList &lines);
    void addButtons();

    QString m_file;
    QVBoxLayout *m_column;
    Notice *m_notice;
};

} // namespace Roost

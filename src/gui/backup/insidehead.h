#pragma once

#include "operations/archivecontents.h"
#include "operations/backupproof.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace Roost {

class ElidedLabel;
class Pill;

/// What a dump says of itself and how it stands to its proof, with what can be done with it.
class InsideHead : public QWidget
{
    Q_OBJECT

public:
    explicit InsideHead(const QString &file, QWidget *parent = nullptr);

    void showContents(const ArchiveContents &contents);
    void showProof(const BackupProof &proof);
    /// The proof could not be looked at, and why.
    void showProofTrouble(const QString &why);
    void setChecking();
    /// The file is no dump, or too damaged to be looked into: whoever shows this says why.
    void showUnreadable();

signals:
    void verifyWanted();
    void restoreWanted();
    void revealWanted();

private:
    QLabel *m_title;
    Pill *m_pill;
    QLabel *m_facts;
    QLabel *m_proof;
    ElidedLabel *m_file;
    QPushButton *m_verify;
    QPushButton *m_restore;
    bool m_isUnreadable = false;
};

} // namespace Roost

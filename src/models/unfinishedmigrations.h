#pragma once

#include <QList>
#include <QObject>
#include <QString>

namespace Roost {

class JobRunner;

/// A migration that somebody began and did not end, as far as one line about it needs.
struct UnfinishedMigration
{
    QString id;
    QString profileId;
    QString name; ///< of the old instance; empty when the journal cannot be read
    int done = 0;
    int total = 0;
    bool mayGoBack = true;
    qint64 holder = 0; ///< the process that has it open; 0: none
    QString problem;   ///< translated: the journal cannot be read

    bool isOurs() const; ///< open in this program
    bool operator==(const UnfinishedMigration &) const = default;
};

/// The unfinished migrations of this user, the newest first. Lives in the GUI thread; reads off it.
class UnfinishedMigrations : public QObject
{
    Q_OBJECT

public:
    UnfinishedMigrations(JobRunner *jobs, QString folder, QObject *parent = nullptr);

    const QList<UnfinishedMigration> &all() const { return m_all; }
    const UnfinishedMigration *find(const QString &id) const;             ///< null when there is none
    const UnfinishedMigration *ofProfile(const QString &profileId) const; ///< the newest; null when there is none
    void reload();

signals:
    void changed();

private:
    JobRunner *m_jobs;
    QString m_folder;
    QList<UnfinishedMigration> m_all;
    bool m_isReading = false;
    bool m_isStale = false;
};

} // namespace Roost

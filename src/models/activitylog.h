#pragma once

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QString>

namespace Roost {

/// What Roost did on the user's behalf, in the words of a terminal: for the terminal lens. Never holds a secret or a
/// value. Lives in the GUI thread.
class ActivityLog : public QObject
{
    Q_OBJECT

public:
    struct Entry
    {
        QDateTime at;
        QString title;   ///< "Tables of bird_app_db"
        QString command; ///< what does the same in a terminal: `\dt`, or a shell line with $PGPASSWORD for the password
        QString sql;     ///< the statement sent; may be empty
    };

    explicit ActivityLog(QObject *parent = nullptr)
        : QObject(parent)
    {
    }

    void add(const QString &title, const QString &command, const QString &sql = {});
    const QList<Entry> &entries() const { return m_entries; } ///< newest last; the last 500

signals:
    void added(const Roost::ActivityLog::Entry &entry);

private:
    QList<Entry> m_entries;
};

} // namespace Roost

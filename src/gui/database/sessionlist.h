#pragma once

#include "core/error.h"
#include "postgres/catalog.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QFrame;

namespace Roost {

class PlainTable;

/// Who is connected to a database, and the question whether their sessions may be ended.
class SessionList : public QWidget
{
    Q_OBJECT

public:
    explicit SessionList(QWidget *parent = nullptr);

    void setWaiting();
    void setSessions(const QList<SessionInfo> &sessions);
    void setError(const Error &error);
    /// Nobody is in the way, or the user agreed to end their sessions.
    bool isClear() const;
    bool endSessions() const;

signals:
    void changed();

private:
    QLabel *m_label;
    QFrame *m_card;
    PlainTable *m_table = nullptr;
    QCheckBox *m_end;
    bool m_isKnown = false;
    qsizetype m_count = 0;
};

} // namespace Roost

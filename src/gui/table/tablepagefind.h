#pragma once

#include "core/result.h"
#include "gui/table/tablepageparts.h"
#include "postgres/cellvalue.h"

#include <QObject>

namespace Roost {

class FindBar;

/// Finding a text, and going to a row by number or key.
class TableFind : public QObject
{
    Q_OBJECT

public:
    TableFind(const TableParts &parts, FindBar *bar);

    void open();
    void next(bool backward);
    void goTo(); ///< asks where to
    void goToEnd();
    /// What is looked for on the server; empty: nothing.
    const QString &wait() const { return m_wait; }
    void stop();

signals:
    void waitChanged();
    void said(const QString &outcome);

private:
    void find(const QString &text, bool backward, bool wholeTable);
    void findOnServer(const QString &text, bool backward);
    void goToNumber(qint64 number);
    void goToKey(const RowKey &key);
    void setWait(const QString &what);
    void arrived(const Result<int> &row, int column);

    TableParts m_parts;
    FindBar *m_bar;
    QString m_wait;
};

} // namespace Roost

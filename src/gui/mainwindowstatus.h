#pragma once

#include <QHash>
#include <QStatusBar>

class QLabel;

namespace Roost {

class Page;
struct Services;

/// The status bar: where the page in front is, how the link is protected, how long the last answer took, how many rows,
/// what free instance ends soon, and how many jobs run.
class MainWindowStatus : public QStatusBar
{
    Q_OBJECT

public:
    explicit MainWindowStatus(Services &services, QWidget *parent = nullptr);
    void showPage(const Page *page);

private:
    void update();
    void updateExpiry(); ///< what ends soon
    QString placeText() const;

    Services &m_services;
    QString m_instanceId;
    QString m_database;
    QString m_pageText;
    QHash<QString, qint64> m_latency; ///< by instance and database
    QLabel *m_place;
    QLabel *m_expiry;
    QLabel *m_jobs;
    QLabel *m_rows;
};

} // namespace Roost

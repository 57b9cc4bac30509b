#pragma once

#include <QObject>
#include <QStringList>

namespace Roost {

struct Services;

/// What all bird apps of this process printed, for the dock: the last lines are kept for a log that is shown later.
/// Lives in the GUI thread, as long as the job runner.
class BirdAppOutput : public QObject
{
    Q_OBJECT

public:
    static BirdAppOutput *of(const Services &services);

    void add(const QString &app, const QStringList &lines);
    const QStringList &lines() const { return m_lines; }

signals:
    void printed(const QStringList &lines);

private:
    explicit BirdAppOutput(QObject *parent);
    QStringList m_lines;
};

} // namespace Roost

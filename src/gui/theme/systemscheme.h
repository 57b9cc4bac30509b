#pragma once

#include <QObject>

class QDBusVariant;

namespace Roost {

/// What the desktop says about dark or light and about contrast, through its settings portal. Asks without waiting;
/// silent where there is no session bus. Lives in the GUI thread.
class SystemScheme : public QObject
{
    Q_OBJECT

public:
    explicit SystemScheme(QObject *parent = nullptr);
    void ask();

signals:
    void darkChanged(bool isDark);
    void contrastChanged(bool isHigh);

private slots:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void request(const QString &key);
    void take(const QString &key, const QVariant &value);
};

} // namespace Roost

#pragma once

#include <QByteArray>
#include <QClipboard>
#include <QObject>
#include <QTimer>

#include <chrono>

namespace Roost {

/// Puts a text with a secret on the clipboard, marked so that clipboard histories leave it out, and takes it away after
/// a minute, and when the application ends, unless somebody has copied something else meanwhile. One for the process,
/// in the GUI thread.
class SecretClipboard : public QObject
{
    Q_OBJECT

public:
    /// The application's own, made on first use, gone with it.
    static SecretClipboard &instance();

    explicit SecretClipboard(std::chrono::milliseconds lifetime = std::chrono::seconds(60), QObject *parent = nullptr);
    ~SecretClipboard() override;

    void copy(const QString &text);
    std::chrono::milliseconds lifetime() const { return m_timer.intervalAsDuration(); }

public slots:
    /// Takes the text away now, from the clipboard and from the selection, where it still stands.
    void clear();

signals:
    void cleared();

private:
    void clearMode(QClipboard::Mode mode);
    QByteArray m_hash; ///< of what was copied: the text itself is not kept here
    QTimer m_timer;
};

} // namespace Roost

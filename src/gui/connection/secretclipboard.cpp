#include "gui/connection/secretclipboard.h"

#include <QCryptographicHash>
#include <QGuiApplication>
#include <QMimeData>

namespace Roost {

namespace {

QByteArray hashOf(const QString &text)
{
    return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
}

QMimeData *marked(const QString &text)
{
    auto *data = new QMimeData;
    data->setText(text);
    data->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
    data->setData(QStringLiteral("application/x-nspasteboard-concealed-type"), text.toUtf8());
    return data;
}

} // namespace

SecretClipboard &SecretClipboard::instance()
{
    static SecretClipboard *clipboard = new SecretClipboard(std::chrono::seconds(60), qApp);
    return *clipboard;
}

SecretClipboard::SecretClipboard(std::chrono::milliseconds lifetime, QObject *parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(lifetime);
    connect(&m_timer, &QTimer::timeout, this, &SecretClipboard::clear);
    // Early enough: what stands there at the very end is handed to the desktop's clipboard keeper.
    connect(qApp, &QCoreApplication::aboutToQuit, this, &SecretClipboard::clear);
}

SecretClipboard::~SecretClipboard()
{
    if (qApp) {
        clear();
    }
}

void SecretClipboard::copy(const QString &text)
{
    QClipboard *clipboard = QGuiApplication::clipboard();
    m_hash = hashOf(text);
    clipboard->setMimeData(marked(text), QClipboard::Clipboard);
    if (clipboard->supportsSelection()) {
        clipboard->setMimeData(marked(text), QClipboard::Selection);
    }
    m_timer.start();
}

void SecretClipboard::clear()
{
    m_timer.stop();
    if (m_hash.isEmpty()) {
        return;
    }
    clearMode(QClipboard::Clipboard);
    clearMode(QClipboard::Selection);
    m_hash.clear();
    emit cleared();
}

void SecretClipboard::clearMode(QClipboard::Mode mode)
{
    QClipboard *clipboard = QGuiApplication::clipboard();
    if (mode == QClipboard::Selection && !clipboard->supportsSelection()) {
        return;
    }
    if (hashOf(clipboard->text(mode)) == m_hash) {
        clipboard->clear(mode);
    }
}

} // namespace Roost

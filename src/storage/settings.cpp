#include "storage/settings.h"

#include "storage/paths.h"

#include <QFile>
#include <QFileInfo>

namespace Roost {

namespace {

constexpr int defaultBirdAppPort = 8000;
constexpr int usualZoom = 100;

const QString themeKey = QStringLiteral("look/theme");
const QString zoomKey = QStringLiteral("look/zoom");
const QString portKey = QStringLiteral("birdapp/port");
const QString systemDatabasesKey = QStringLiteral("navigator/systemDatabases");
const QString remindsKey = QStringLiteral("expiry/reminds");
const QString trayKey = QStringLiteral("expiry/tray");

QString windowKey(const QString &window, QStringView what)
{
    return QStringLiteral("windows/%1/%2").arg(window, what);
}

QString folderKey(const QString &purpose)
{
    return QStringLiteral("folders/") + purpose;
}

} // namespace

Settings::Settings(const QString &file)
    : m_values(file, QSettings::IniFormat)
{
    Paths::ensureFolder(QFileInfo(file).path());
}

ThemeChoice Settings::theme() const
{
    const QString name = m_values.value(themeKey).toString();
    return name == u"light" ? ThemeChoice::Light : name == u"dark" ? ThemeChoice::Dark : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice theme)
{
    m_values.setValue(themeKey, theme == ThemeChoice::Light  ? QStringLiteral("light")
                                : theme == ThemeChoice::Dark ? QStringLiteral("dark")
                                                             : QStringLiteral("system"));
}

int Settings::zoom() const
{
    const int percent = m_values.value(zoomKey, usualZoom).toInt();
    return percent >= 50 && percent <= 300 ? percent : usualZoom;
}

void Settings::setZoom(int percent)
{
    m_values.setValue(zoomKey, percent);
}

QByteArray Settings::geometry(const QString &window) const
{
    return m_values.value(windowKey(window, u"geometry")).toByteArray();
}

void Settings::setGeometry(const QString &window, const QByteArray &geometry)
{
    m_values.setValue(windowKey(window, u"geometry"), geometry);
}

QByteArray Settings::state(const QString &window) const
{
    return m_values.value(windowKey(window, u"state")).toByteArray();
}

void Settings::setState(const QString &window, const QByteArray &state)
{
    m_values.setValue(windowKey(window, u"state"), state);
}

int Settings::birdAppPort() const
{
    const int port = m_values.value(portKey, defaultBirdAppPort).toInt();
    return port > 0 && port <= 65535 ? port : defaultBirdAppPort;
}

void Settings::setBirdAppPort(int port)
{
    m_values.setValue(portKey, port);
}

QString Settings::lastFolder(const QString &purpose) const
{
    const QString folder = m_values.value(folderKey(purpose)).toString();
    return QFileInfo(folder).isDir() ? folder : QString();
}

void Settings::setLastFolder(const QString &purpose, const QString &folder)
{
    m_values.setValue(folderKey(purpose), folder);
}

bool Settings::showsSystemDatabases() const
{
    return m_values.value(systemDatabasesKey, false).toBool();
}

void Settings::setShowsSystemDatabases(bool shows)
{
    m_values.setValue(systemDatabasesKey, shows);
}

bool Settings::remindsOfExpiry() const
{
    return m_values.value(remindsKey, true).toBool();
}

void Settings::setRemindsOfExpiry(bool reminds)
{
    m_values.setValue(remindsKey, reminds);
}

bool Settings::keepsInTray() const
{
    return m_values.value(trayKey, false).toBool();
}

void Settings::setKeepsInTray(bool keeps)
{
    m_values.setValue(trayKey, keeps);
}

bool Settings::flush()
{
    m_values.sync();
    QFile::setPermissions(m_values.fileName(), QFile::ReadOwner | QFile::WriteOwner);
    return m_values.status() == QSettings::NoError;
}

} // namespace Roost

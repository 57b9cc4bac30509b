#pragma once

#include "core/connectionparameters.h"
#include "storage/profilestore.h"

#include <QMetaType>
#include <QString>

namespace Roost {

/// A PostgreSQL instance as the windows know it: a saved connection, or the practice instance of this computer.
struct Instance
{
    QString id;   ///< the profile's id, or practiceId()
    QString name; ///< as the user sees it
    bool isPractice = false;
    Profile profile; ///< of a saved connection; for practice only `parameters` count, while it runs

    static QString practiceId() { return QStringLiteral("practice"); }
    bool isNull() const { return id.isEmpty(); }
};

/// A database of an instance, ready to be connected to. What the dialogs are given.
struct DatabaseRef
{
    Instance instance;
    ConnectionSpec spec; ///< with the password; spec.parameters.database is the database meant

    const QString &database() const { return spec.parameters.database; }
};

} // namespace Roost

Q_DECLARE_METATYPE(Roost::Instance)

#pragma once

#include "gui/backup/targetfacts.h"

#include <QObject>
#include <QTimer>

class QLineEdit;
class QPushButton;

namespace Roost {

/// The field for a file to be written, with its button and its notice: suggests a name, looks at the place as it is
/// typed, offers the ways out. Belongs to the dialog that has the widgets.
class TargetField : public QObject
{
    Q_OBJECT

public:
    TargetField(Services &services, const QString &database, QLineEdit *field, QPushButton *choose, Notice *notice,
                QWidget *dialog);

    /// Fills in a free name, when the field is empty.
    void suggest();
    QString file() const;
    bool isUsable() const;
    const TargetFacts &facts() const { return m_facts; }
    /// Off: no notice, nothing is looked at.
    void setActive(bool active);

signals:
    void changed();

private:
    void lookAgain();
    void take(const TargetFacts &facts);
    void chooseFile();
    void ignoreDumps(const QString &workTree);

    Services &m_services;
    QString m_database;
    QLineEdit *m_field;
    Notice *m_notice;
    QWidget *m_dialog;
    TargetFacts m_facts;
    QTimer m_pause;
    bool m_isActive = true;
};

} // namespace Roost

#pragma once

#include "gui/dialogs/dialog.h"

#include <QList>

class QComboBox;
class QPushButton;
class QRadioButton;
class QVBoxLayout;

namespace Roost {

struct Services;

/// How deep a backup is looked at. A further depth is a further entry of VerifyDialog::depths() and a case in
/// startVerify().
enum class VerifyDepth {
    File,    ///< size, checksum, table of contents
    Content, ///< restored into a scratch database, and every table, sequence and object compared
    Live,    ///< held against the database as it is now: a comparison in a tab of its own
};

/// What was chosen.
struct VerifyChoice
{
    VerifyDepth depth = VerifyDepth::Content;
    QString instanceId; ///< where the scratch database goes; Instance::practiceId() for practice
};

/// Asks how deep to look at a backup, and where the scratch database may be.
class VerifyDialog : public Dialog
{
    Q_OBJECT

public:
    VerifyDialog(Services &services, const QString &file, QWidget *parent = nullptr);

    VerifyChoice choice() const; ///< once accepted

private:
    struct DepthText
    {
        VerifyDepth depth;
        const char *objectName;
        QString title;
        QString text;
    };
    static QList<DepthText> depths();
    void addDepth(const DepthText &depth, QVBoxLayout *column);
    void addPlaces(QVBoxLayout *column);
    void updateButtons();

    Services &m_services;
    QList<std::pair<VerifyDepth, QRadioButton *>> m_radios;
    QComboBox *m_place;
    QWidget *m_placeRow = nullptr;
    QPushButton *m_verify;
};

} // namespace Roost

#pragma once

#include "gui/compare/compareside.h"
#include "gui/widgets/card.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;

namespace Roost {

struct Services;

/// Where one side of a comparison comes from: the file of a backup, or a database of a saved instance or of practice.
class SideChooser : public Card
{
    Q_OBJECT

public:
    /// `name`: "first" or "second", for the names of its parts.
    SideChooser(Services &services, const QString &name, const QString &title, QWidget *parent = nullptr);

    CompareSide side() const;
    void setSide(const CompareSide &side);
    /// The file's name, or the database and its instance.
    QString shown() const;
    /// As roost-cli takes it.
    QString commandWord() const;

signals:
    void changed();

private:
    void build(const QString &name, const QString &title);
    void listSources();
    void listDatabases();
    void sourceChosen();
    void chooseFile();
    QString instanceId() const; ///< empty: a file

    Services &m_services;
    QComboBox *m_source;
    QComboBox *m_database;
    QLineEdit *m_file;
    QStackedWidget *m_stack;
    QLabel *m_state;
    CompareSide m_wanted; ///< what to choose once it is listed
    bool m_isListing = false;
};

} // namespace Roost

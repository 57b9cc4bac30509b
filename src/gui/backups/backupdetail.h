#pragma once

#include "operations/backuplist.h"

#include <QFrame>
#include <QHash>

#include <optional>

class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace Roost {

class BackupVerbs;
class Card;
class DetailView;
class Notice;
class Pill;

/// All that is known of one backup, with what can be done with it. Name and note are changed in place.
class BackupDetail : public QFrame
{
    Q_OBJECT

public:
    explicit BackupDetail(BackupVerbs *verbs, QWidget *parent = nullptr);

    void show(const ListedBackup *backup); ///< null: nothing is chosen
    void focusName();

private:
    void build();
    QPushButton *buttonFor(QAction *action);
    void showFailure(const BackupRecord &record);
    void showBackup(const ListedBackup &backup);
    void addField(const QString &title, QWidget *field);
    void setFieldVisible(QWidget *field, bool visible);
    void setFact(QLabel *label, const QString &text);

    BackupVerbs *m_verbs;
    std::optional<ListedBackup> m_backup;
    QLabel *m_title;
    Pill *m_pill;
    Notice *m_notice;
    QWidget *m_facts;
    QGridLayout
        *m_grid; ///< not a form layout: that of Qt 6.4 writes past its rows when some of several lines are hidden
    QHash<QWidget *, QLabel *> m_titles; ///< by field
    QLineEdit *m_name;
    QLineEdit *m_note;
    QLabel *m_source;
    QLabel *m_taken;
    QLabel *m_content;
    QLabel *m_versions;
    QLabel *m_place;
    QLabel *m_second;
    DetailView *m_log;
    QWidget *m_buttons;
};

} // namespace Roost

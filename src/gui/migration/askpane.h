#pragma once

#include "gui/migration/migrationpane.h"
#include "operations/migration.h"

class QGridLayout;
class QLineEdit;

namespace Roost {

class Card;
class Notice;
class PasteField;
struct Services;

/// What the user has to do, mostly in Render's dashboard: what to press, values to copy, and what to hand over. Roost
/// checks it when "I have done it" is pressed, and says on top what is not so yet.
class AskPane : public MigrationPane
{
    Q_OBJECT

public:
    explicit AskPane(Services &services, QWidget *parent = nullptr);
    ~AskPane() override;
    void show(const MigrationState &state, const MigrationPause &pause);
    using QWidget::show;

signals:
    void answered(const Roost::MigrationAnswer &answer);
    void stopWanted();
    void goBackWanted();

private:
    static QString headingOf(MigrationQuestion question);
    static QString verbOf(MigrationQuestion question);
    void fillDoing(const QStringList &doing);
    void fillValues(const QList<MigrationValue> &values);
    void takePaste(const QString &raw);
    void maskPaste();
    void chooseFolder();
    void copy(const MigrationValue &value);
    void answer();
    void update();

    Services &m_services;
    MigrationPause m_pause;
    Secret m_pasted;
    Notice *m_problems;
    QLabel *m_text;
    Card *m_doingCard;
    QGridLayout *m_doing;
    Card *m_valuesCard;
    QGridLayout *m_values;
    Card *m_pasteCard;
    PasteField *m_paste;
    QLabel *m_pasteText;
    Card *m_folderCard;
    QLineEdit *m_folder;
    QPushButton *m_back;
    QPushButton *m_done;
};

} // namespace Roost

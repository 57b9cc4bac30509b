#pragma once

#include "gui/backup/targetfacts.h"
#include "gui/dialogs/dialog.h"
#include "models/instance.h"
#include "operations/tableexport.h"

#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace Roost {

class DetailView;
class Fold;
class Notice;
struct Services;

/// Asks how and where the rows of a query are written.
class ExportDialog : public Dialog
{
    Q_OBJECT

public:
    ExportDialog(Services &services, const DatabaseRef &database, const TableQuery &query, qint64 expectedRows,
                 QWidget *parent = nullptr);

    ExportRequest request() const; ///< once accepted

private:
    void build();
    void buildWhat();
    void buildColumns();
    void formatChanged();
    void fileChanged();
    void look();
    void take(const TargetFacts &facts);
    void chooseFile();
    void update();
    ExportFormat format() const;
    QString file() const;
    QStringList columns() const;
    QString terminalLine() const;

    Services &m_services;
    DatabaseRef m_database;
    TableQuery m_query;
    qint64 m_expectedRows;
    TargetFacts m_facts;
    QTimer m_pause;
    QComboBox *m_format;
    QLabel *m_formatHint;
    QLineEdit *m_file;
    QCheckBox *m_header;
    QComboBox *m_delimiter;
    QLabel *m_delimiterLabel;
    QCheckBox *m_replace;
    QListWidget *m_columns;
    Fold *m_columnsFold;
    DetailView *m_command;
    Fold *m_commandFold;
    Notice *m_notice;
    QPushButton *m_export;
};

} // namespace Roost

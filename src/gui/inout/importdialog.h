#pragma once

#include "gui/dialogs/dialog.h"
#include "models/instance.h"
#include "operations/tableimport.h"

#include <QPointer>
#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;
class QTableView;

namespace Roost {

class ImportDialectBar;
class ImportMappingModel;
class ImportMappingView;
class ImportPreviewModel;
class Job;
class Notice;
struct Services;

/// Shows a file as an import would read it, and asks where its fields go. It stays until the import has succeeded, so
/// that what was chosen is not lost to a bad line.
class ImportDialog : public Dialog
{
    Q_OBJECT

public:
    ImportDialog(Services &services, const DatabaseRef &database, const TableId &table, const QString &file,
                 QWidget *parent = nullptr);
    ~ImportDialog() override;

    void chooseFile();
    /// What is known of the table; it is read by itself.
    void setTable(const Result<TableDescription> &table);
    ImportRequest request() const;
    /// After an import that failed: with what is to be said about it.
    void showAgain(const Error &error);

signals:
    void importRequested();

private:
    void build();
    QWidget *buildFile();
    QWidget *buildMiddle();
    QWidget *buildConflicts();
    QWidget *buildButtons();
    void readTable();
    void fileChanged();
    void dialectChanged();
    void mappingChanged();
    void look();
    void take(const Result<ImportPreview> &preview);
    void fitColumns();
    void sayProblem();
    bool isProblemFatal() const;
    QStringList warnings() const;
    void update();
    void updateConflicts();
    void check();
    void checked(const Result<ImportReport> &report);
    QString file() const;
    OnConflict onConflict() const;
    bool isReady() const;

    Services &m_services;
    DatabaseRef m_database;
    TableId m_tableId;
    std::optional<TableDescription> m_table;
    std::optional<ImportPreview> m_preview;
    std::optional<ImportDialect> m_known; ///< set by the user; nothing: it is recognised
    bool m_isStale = true;                ///< m_preview is not of what is set now
    int m_looks = 0;
    QTimer m_pause;
    QPointer<Job> m_checking;

    QLineEdit *m_file;
    ImportDialectBar *m_dialect;
    ImportMappingModel *m_mapping;
    ImportMappingView *m_mappingView;
    ImportPreviewModel *m_rows;
    QTableView *m_rowsView;
    QLabel *m_warnings;
    Notice *m_notice;
    QRadioButton *m_fail;
    QRadioButton *m_skip;
    QRadioButton *m_update;
    QLabel *m_conflictHint;
    QPushButton *m_check;
    QPushButton *m_import;
};

} // namespace Roost

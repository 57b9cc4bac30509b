#pragma once

#include "operations/archivecontents.h"

#include <QWidget>

class QLabel;
class QModelIndex;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace Roost {

class ArchiveRowsModel;
class Notice;
struct Services;

/// The rows of a table in a dump: a grid that asks for more at its end, the chosen value in full below it, and what
/// there is to say of the reading.
class ArchiveRowsView : public QWidget
{
    Q_OBJECT

public:
    explicit ArchiveRowsView(Services &services, QWidget *parent = nullptr);

    /// `expected`: rows as the manifest counted them; negative: not known.
    void open(const QString &file, const TableId &table, qint64 expected);
    void clear();
    QString statusText() const;

signals:
    void statusChanged();

private:
    QWidget *makeFoot();
    void showState();
    void showFoot();
    void showValue(const QModelIndex &index);
    void fitColumns();
    void exportRows();

    Services &m_services;
    ArchiveRowsModel *m_model;
    QTableView *m_grid;
    Notice *m_notice;
    QLabel *m_count;
    QPushButton *m_more;
    QWidget *m_detail;
    QLabel *m_detailTitle;
    QPlainTextEdit *m_detailText;
    QPushButton *m_export;
    QString m_file;
    TableId m_table;
    qint64 m_expected = -1;
    bool m_isFitted = false;
};

} // namespace Roost

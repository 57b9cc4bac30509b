#pragma once

#include "gui/dialogs/dialog.h"
#include "postgres/catalog.h"
#include "postgres/cellvalue.h"

#include <QList>

class QLineEdit;
class QPushButton;

namespace Roost {

/// Asks where to go: a row's number, or its key.
class GoToRow : public Dialog
{
    Q_OBJECT

public:
    /// `rows`: as many as there are, about, or -1. `key` holds what is to stand in the key's fields.
    GoToRow(const RelationInfo &relation, qint64 rows, const RowKey &key, QWidget *parent = nullptr);

signals:
    void numberChosen(qint64 number); ///< counted from 1
    void keyChosen(const Roost::RowKey &key);

private:
    void update();
    void go();

    QLineEdit *m_number;
    QList<QLineEdit *> m_keys;
    QPushButton *m_go;
};

} // namespace Roost

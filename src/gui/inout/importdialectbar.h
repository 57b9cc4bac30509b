#pragma once

#include "operations/tableimport.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QPushButton;

namespace Roost {

/// How a file is written, in one line: what was recognised, to be changed.
class ImportDialectBar : public QWidget
{
    Q_OBJECT

public:
    explicit ImportDialectBar(QWidget *parent = nullptr);

    ImportDialect dialect() const { return m_dialect; }
    void setDialect(const ImportDialect &dialect); ///< not answered by changed()
    /// A text that seems to stand for NULL; empty: none.
    void offerNull(const QString &text);

signals:
    void changed(); ///< by the user

private:
    void add(QGridLayout *grid, const QString &label, QWidget *field, const char *objectName);
    void take();
    void formatChosen();
    void updateEnabled();

    ImportDialect m_dialect;
    QComboBox *m_format;
    QComboBox *m_encoding;
    QComboBox *m_delimiter;
    QComboBox *m_quote;
    QLineEdit *m_null;
    QCheckBox *m_header;
    QPushButton *m_likelyNull;
    QString m_offered;
    bool m_isSetting = false;
};

} // namespace Roost

#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace Roost {

/// "Type bird_app_db to go on": the step before something that cannot be taken back.
class TypedName : public QWidget
{
    Q_OBJECT

public:
    explicit TypedName(QWidget *parent = nullptr);

    /// The name to type, and what typing it is for: "to drop it".
    void setExpected(const QString &name, const QString &purpose);
    bool matches() const;
    QLineEdit *field() const { return m_field; }

signals:
    void changed(bool matches);

private:
    QLabel *m_label;
    QLineEdit *m_field;
    QString m_expected;
};

} // namespace Roost

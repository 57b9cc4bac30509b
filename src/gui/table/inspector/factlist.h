#pragma once

#include <QList>
#include <QPair>
#include <QString>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace Roost {

/// Facts in two columns: what, and how it is. Plain text that can be selected.
class FactList : public QWidget
{
    Q_OBJECT

public:
    using Facts = QList<QPair<QString, QString>>;

    explicit FactList(QWidget *parent = nullptr);
    void setFacts(const Facts &facts);
    const Facts &facts() const { return m_facts; }

private:
    QGridLayout *m_grid;
    QList<QPair<QLabel *, QLabel *>> m_labels; ///< used again: cells change with every key
    Facts m_facts;
};

} // namespace Roost

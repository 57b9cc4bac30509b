#pragma once

#include <QSortFilterProxyModel>

namespace Roost {

/// What the side bar shows of its model: rows that hold the typed words, with what stands above them, and the system's
/// databases only when asked for.
class NavigatorFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit NavigatorFilter(QObject *parent = nullptr);

    void setText(const QString &text);
    const QString &text() const { return m_text; }
    void setShowsSystem(bool shows);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QString m_text;
    bool m_showsSystem = false;
};

} // namespace Roost

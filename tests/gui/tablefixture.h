#pragma once

#include "gui/mainwindowtabs.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/table/gridview.h"
#include "gui/table/tablepage.h"
#include "models/rowsmodel.h"
#include "windowfixture.h"

#include <QAction>
#include <QPushButton>
#include <QTest>

namespace Roost::Testing {

/// The real main window with a connection to one database, and its tables in tabs.
class TableFixture : public WindowFixture
{
public:
    explicit TableFixture(const ConnectionSpec &spec)
        : m_database(spec.parameters.database)
    {
        profile = save(QStringLiteral("home"), spec);
        open();
        window->activateWindow();
        [[maybe_unused]] const bool isActive = QTest::qWaitForWindowActive(window.get(), patience);
    }

    /// The table's tab, once its rows and what is known of it are there.
    TablePage *openTable(const QString &table)
    {
        TablePage *page = beginTable(table);
        const bool isHere = page && QTest::qWaitFor(
                                        [page] {
                                            return page->rows()->state() == RowsModel::State::Ready &&
                                                   page->rows()->description() && !page->rows()->isLoading();
                                        },
                                        patience);
        return isHere ? page : nullptr;
    }
    /// As openTable(), whatever becomes of its rows.
    TablePage *beginTable(const QString &table)
    {
        NavigatorModel *tree = window->navigator()->model();
        if (!QTest::qWaitFor([this] { return instances.hasSaved(); }, patience)) {
            return nullptr;
        }
        window->openInstance(profile.id);
        const TableId id{QStringLiteral("public"), table};
        const bool isListed = QTest::qWaitFor(
            [&] {
                window->navigator()->reveal(profile.id, m_database);
                return tree->indexOfRelation(profile.id, m_database, id).isValid();
            },
            patience);
        if (!isListed) {
            return nullptr;
        }
        window->openTable(profile.id, m_database,
                          tree->node(tree->indexOfRelation(profile.id, m_database, id))->relation);
        return currentPage();
    }
    TablePage *currentPage() const { return qobject_cast<TablePage *>(window->tabs()->current()); }
    QAction *action(const char *name) const { return window->findChild<QAction *>(QString::fromLatin1(name)); }
    template <class T>
    static T *in(const QWidget *place, const char *name)
    {
        return place->findChild<T *>(QString::fromLatin1(name));
    }

    Profile profile;
    static constexpr int patience = 20'000;

private:
    QString m_database;
};

/// What a cell holds, as the rows have it; NULL is "NULL".
[[nodiscard]] inline QString cellText(const TablePage *page, int row, int column)
{
    return page->rows()->value(row, column).value_or(QStringLiteral("NULL"));
}

} // namespace Roost::Testing

#include "gui/table/tablepagewhere.h"

#include "gui/theme/theme.h"
#include "postgres/rowfilter.h"

#include <QAction>
#include <QHash>
#include <QKeyEvent>
#include <QMenu>

namespace Roost {

namespace {

constexpr qsizetype kept = 20;
constexpr qsizetype longestShown = 80;

/// Of all tables, the newest first.
QHash<QString, QStringList> &history()
{
    static QHash<QString, QStringList> all;
    return all;
}

} // namespace

WhereBox::WhereBox(const QString &table, QWidget *parent)
    : QLineEdit(parent)
    , m_table(table)
    , m_history(addAction(Theme::icon(QStringLiteral("go-down")), TrailingPosition))
{
    setObjectName(QStringLiteral("whereBox"));
    setAccessibleName(tr("WHERE"));
    setPlaceholderText(tr("WHERE …    species ilike 'p%'"));
    setToolTip(tr("An SQL expression that the rows must meet; Enter applies it (Ctrl+L)"));
    setClearButtonEnabled(true);
    m_history->setToolTip(tr("Applied before (Down)"));
    m_history->setVisible(!history().value(table).isEmpty());
    connect(m_history, &QAction::triggered, this, &WhereBox::openHistory);
    connect(this, &QLineEdit::textEdited, this, [this] { setProblem({}); });
    // Emptied by its button it shows all rows; emptied by hand something else is to be typed.
    if (auto *clearing = findChild<QAction *>(QStringLiteral("_q_qlineeditclearaction"))) {
        connect(clearing, &QAction::triggered, this, &WhereBox::apply);
    }
}

void WhereBox::setApplied(const QString &where)
{
    m_applied = where;
    if (text() != where) {
        setText(where);
    }
    setProblem({});
}

void WhereBox::setProblem(const QString &problem)
{
    setProperty("state", problem.isEmpty() ? QVariant() : QVariant(QStringLiteral("error")));
    Theme::restyle(this);
    setAccessibleDescription(problem);
    emit problemChanged(problem);
}

void WhereBox::apply()
{
    const QString where = text().trimmed();
    if (const Result<void> checked = checkWhere(where); !where.isEmpty() && !checked) {
        setProblem(checked.error().message);
        return;
    }
    setProblem({});
    m_applied = where;
    remember();
    emit wanted(where);
}

void WhereBox::remember() const
{
    if (m_applied.isEmpty()) {
        return;
    }
    QStringList &mine = history()[m_table];
    mine.removeAll(m_applied);
    mine.prepend(m_applied);
    mine.resize(qMin(mine.size(), kept));
    m_history->setVisible(true);
}

void WhereBox::openHistory()
{
    const QStringList mine = history().value(m_table);
    if (mine.isEmpty()) {
        return;
    }
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("whereHistory"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString &where : mine) {
        QString shown = where.size() > longestShown ? where.left(longestShown) + QChar(0x2026) : where;
        QAction *action = menu->addAction(shown.replace(u'&', QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, where] {
            setText(where);
            apply();
        });
    }
    menu->setMinimumWidth(width());
    menu->popup(mapToGlobal(QPoint(0, height())));
}

void WhereBox::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        apply();
        break;
    case Qt::Key_Down:
        openHistory();
        break;
    case Qt::Key_Escape:
        emit left();
        break;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

} // namespace Roost

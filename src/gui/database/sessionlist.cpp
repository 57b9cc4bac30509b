#include "gui/database/sessionlist.h"

#include "gui/theme/theme.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int visibleRows = 4;
constexpr int rowHeight = 26;

} // namespace

SessionList::SessionList(QWidget *parent)
    : QWidget(parent)
    , m_label(new QLabel(this))
    , m_tree(new QTreeWidget(this))
    , m_end(new QCheckBox(this))
{
    m_label->setObjectName(QStringLiteral("sessionsLabel"));
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_end->setObjectName(QStringLiteral("endSessionsCheck"));
    m_tree->setObjectName(QStringLiteral("sessionsTree"));
    m_tree->setAccessibleName(tr("Sessions on the database"));
    m_tree->setHeaderLabels({tr("User"), tr("Program"), tr("From"), tr("State"), tr("Since")});
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setSelectionMode(QAbstractItemView::NoSelection);
    m_tree->setFocusPolicy(Qt::NoFocus);
    m_tree->header()->setStretchLastSection(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_label);
    layout->addWidget(m_tree);
    layout->addWidget(m_end);
    connect(m_end, &QCheckBox::toggled, this, &SessionList::changed);
    setWaiting();
}

void SessionList::setWaiting()
{
    m_isKnown = false;
    m_label->setText(tr("Looking who is connected…"));
    m_tree->hide();
    m_end->hide();
    emit changed();
}

void SessionList::setSessions(const QList<SessionInfo> &sessions)
{
    m_isKnown = true;
    m_count = sessions.size();
    m_tree->clear();
    for (const SessionInfo &session : sessions) {
        const QString from = session.clientAddress.isEmpty() ? tr("this server") : session.clientAddress;
        auto *item = new QTreeWidgetItem(
            m_tree, {session.user, session.applicationName, from, session.state, session.since.left(16)});
        item->setSizeHint(0, QSize(0, rowHeight));
    }
    for (int column = 0; column < m_tree->columnCount(); ++column) {
        m_tree->resizeColumnToContents(column);
    }
    m_tree->setFixedHeight(m_tree->header()->sizeHint().height() + 2 +
                           rowHeight * int(qMin<qsizetype>(m_count, visibleRows)));
    m_label->setText(m_count == 0 ? tr("Nobody else is connected to it.")
                                  : tr("%n session(s) of others are in the way:", nullptr, int(m_count)));
    m_end->setText(tr("&End %n session(s)", nullptr, int(m_count)));
    m_tree->setVisible(m_count > 0);
    m_end->setVisible(m_count > 0);
    emit changed();
}

void SessionList::setError(const Error &error)
{
    m_isKnown = true;
    m_count = 0;
    m_label->setText(tr("It is not known who is connected. %1").arg(error.message));
    m_tree->hide();
    m_end->setText(tr("&End the sessions that are in the way"));
    m_end->show();
    emit changed();
}

bool SessionList::isClear() const
{
    return m_isKnown && (m_count == 0 || m_end->isChecked());
}

bool SessionList::endSessions() const
{
    return m_end->isChecked();
}

} // namespace Roost

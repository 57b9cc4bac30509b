#include "gui/database/sessionlist.h"

#include "gui/theme/theme.h"
#include "gui/widgets/plaintable.h"

#include <QCheckBox>
#include <QFrame>
#include <QLabel>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr qsizetype shownSessions = 5;

} // namespace

SessionList::SessionList(QWidget *parent)
    : QWidget(parent)
    , m_label(new QLabel(this))
    , m_card(new QFrame(this))
    , m_end(new QCheckBox(this))
{
    m_label->setObjectName(QStringLiteral("sessionsLabel"));
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_end->setObjectName(QStringLiteral("endSessionsCheck"));
    m_card->setProperty("card", true);
    auto *inside = new QVBoxLayout(m_card);
    inside->setContentsMargins(1, 1, 1, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_label);
    layout->addWidget(m_card);
    layout->addWidget(m_end);
    connect(m_end, &QCheckBox::toggled, this, &SessionList::changed);
    setWaiting();
}

void SessionList::setWaiting()
{
    m_isKnown = false;
    m_label->setText(tr("Looking who is connected…"));
    m_card->hide();
    m_end->hide();
    emit changed();
}

void SessionList::setSessions(const QList<SessionInfo> &sessions)
{
    m_isKnown = true;
    m_count = sessions.size();
    delete m_table;
    m_table = new PlainTable({tr("User"), tr("Program"), tr("From"), tr("State"), tr("Since")}, m_card);
    m_table->setObjectName(QStringLiteral("sessionsTable"));
    m_table->setAccessibleName(tr("Sessions on the database"));
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::NoFocus);
    for (const SessionInfo &session : sessions.mid(0, shownSessions)) {
        m_table->addRow({session.user, session.applicationName,
                         session.clientAddress.isEmpty() ? tr("this server") : session.clientAddress, session.state,
                         session.since.mid(5, 11)});
    }
    m_card->layout()->addWidget(m_table);
    m_table->fit();
    QString text = m_count == 0 ? tr("Nobody else is connected to it.")
                                : tr("%n session(s) of others are in the way:", nullptr, int(m_count));
    if (m_count > shownSessions) {
        text += u' ' + tr("(the oldest %1 are listed)").arg(shownSessions);
    }
    m_label->setText(text);
    m_end->setText(tr("&End %n session(s)", nullptr, int(m_count)));
    m_card->setVisible(m_count > 0);
    m_end->setVisible(m_count > 0);
    emit changed();
}

void SessionList::setError(const Error &error)
{
    m_isKnown = true;
    m_count = 0;
    m_label->setText(tr("It is not known who is connected. %1").arg(error.message));
    m_card->hide();
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

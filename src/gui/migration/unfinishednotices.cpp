#include "gui/migration/unfinishednotices.h"

#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "models/unfinishedmigrations.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

UnfinishedNotices::UnfinishedNotices(UnfinishedMigrations *migrations, const QString &profileId, QWidget *parent)
    : QWidget(parent)
    , m_migrations(migrations)
    , m_profileId(profileId)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("unfinishedNotices"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Spacing::unit);
    connect(migrations, &UnfinishedMigrations::changed, this, &UnfinishedNotices::update);
    update();
}

void UnfinishedNotices::update()
{
    const QList<Notice *> before = findChildren<Notice *>(QString(), Qt::FindDirectChildrenOnly);
    for (Notice *notice : before) {
        m_column->removeWidget(notice);
        notice->hide();
        notice->deleteLater();
    }
    bool hasAny = false;
    for (const UnfinishedMigration &one : m_migrations->all()) {
        if (m_profileId.isEmpty() || one.profileId == m_profileId) {
            add(one);
            hasAny = true;
        }
    }
    setVisible(hasAny);
}

void UnfinishedNotices::add(const UnfinishedMigration &one)
{
    auto *notice = new Notice(this);
    notice->setObjectName(QStringLiteral("unfinished-") + one.id);
    m_column->addWidget(notice);
    const auto button = [this, notice, id = one.id](const char *name, const QString &text,
                                                    void (UnfinishedNotices::*wanted)(const QString &)) {
        connect(notice->addButton(QString::fromLatin1(name), text), &QPushButton::clicked, this,
                [this, id, wanted] { emit(this->*wanted)(id); });
    };
    if (!one.problem.isEmpty()) {
        notice->say(Tone::Warning, tr("A move is not finished, and its journal cannot be read"), one.problem);
        button("unfinishedShow", tr("Show it"), &UnfinishedNotices::showWanted);
        return;
    }
    const QString steps = tr("%1 of %2 steps").arg(one.done).arg(one.total);
    if (one.isOurs()) {
        notice->say(Tone::Neutral, tr("Moving %1 is under way: %2.").arg(one.name, steps));
        button("unfinishedShow", tr("Show it"), &UnfinishedNotices::showWanted);
        return;
    }
    const QString lead = tr("Moving %1 is not finished: %2.").arg(one.name, steps);
    if (one.holder != 0) {
        notice->say(Tone::Warning, lead,
                    tr("Another program has it open (process %1): a window of Roost, or roost-cli in a terminal.")
                        .arg(one.holder));
        button("unfinishedShow", tr("Look at it"), &UnfinishedNotices::showWanted);
        return;
    }
    notice->say(Tone::Warning, lead,
                one.mayGoBack ? tr("The old instance is untouched. Go on where it stopped, or give it up.")
                              : tr("The old instance is suspended or gone; the proven backups are on this computer. Go "
                                   "on where it stopped."));
    button("unfinishedGoOn", tr("Go on"), &UnfinishedNotices::goOnWanted);
    if (one.mayGoBack) {
        button("unfinishedGiveUp", tr("Give up…"), &UnfinishedNotices::giveUpWanted);
    }
}

} // namespace Roost

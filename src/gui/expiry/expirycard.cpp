#include "gui/expiry/expirycard.h"

#include "gui/theme/theme.h"
#include "gui/widgets/expirytone.h"
#include "gui/widgets/pill.h"
#include "models/plaintext.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

QPushButton *verb(const char *name, const QString &text)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    return button;
}

QString longDate(const QDate &date)
{
    return QLocale().toString(date, ExpiryCard::tr("d MMMM yyyy"));
}

} // namespace

ExpiryCard::ExpiryCard(QWidget *parent)
    : Card(parent)
    , m_name(verb("expiryInstance", {}))
    , m_badge(new Pill)
    , m_dates(paragraph({}))
    , m_proven(paragraph({}))
    , m_backUp(verb("expiryBackUp", tr("Back up now…")))
    , m_move(verb("expiryMove", tr("Move…")))
    , m_date(verb("expirySetDate", tr("Set the creation date…")))
    , m_dashboard(verb("expiryDashboard", tr("Upgrade in the dashboard…")))
{
    setObjectName(QStringLiteral("expiryInstanceCard"));
    m_name->setProperty("kind", QStringLiteral("link"));
    m_name->setToolTip(tr("Open the instance in a tab"));
    m_badge->setObjectName(QStringLiteral("expiryBadge"));
    m_dates->setObjectName(QStringLiteral("expiryDates"));
    m_proven->setObjectName(QStringLiteral("expiryProven"));
    auto *head = new QHBoxLayout;
    head->setSpacing(Spacing::unit);
    head->addWidget(m_name);
    head->addWidget(m_badge);
    head->addStretch();
    auto *verbs = new QHBoxLayout;
    verbs->setSpacing(Spacing::unit);
    for (QPushButton *button : {m_backUp, m_move, m_dashboard, m_date}) {
        verbs->addWidget(button);
    }
    verbs->addStretch();
    body()->setSpacing(Spacing::unit);
    body()->addLayout(head);
    body()->addWidget(m_dates);
    body()->addWidget(m_proven);
    body()->addSpacing(Spacing::unit / 2);
    body()->addLayout(verbs);
    connect(m_name, &QPushButton::clicked, this, &ExpiryCard::opened);
    connect(m_backUp, &QPushButton::clicked, this, &ExpiryCard::backUpWanted);
    connect(m_move, &QPushButton::clicked, this, &ExpiryCard::moveWanted);
    connect(m_date, &QPushButton::clicked, this, &ExpiryCard::creationDateWanted);
    connect(m_dashboard, &QPushButton::clicked, this, &ExpiryCard::dashboardWanted);
}

void ExpiryCard::setCanMove(bool can)
{
    m_canMove = can;
    showVerbs();
}

void ExpiryCard::show(const ExpiringInstance &instance, const ProvenState &proven, bool hasProofs)
{
    m_instance = instance;
    QString name = instance.profile.name;
    m_name->setText(name.replace(u'&', QStringLiteral("&&")));
    m_badge->setVisible(instance.expiry.isKnown());
    if (instance.expiry.isKnown()) {
        m_badge->setTone(toneOf(instance.expiry.stage(instance.now)));
        m_badge->setText(instance.expiry.badge(instance.now));
    }
    m_dates->setText(datesText());
    m_proven->setText(provenText(proven, hasProofs));
    const bool isWorst = hasProofs && proven.hasDatabases && !proven.without.isEmpty();
    m_proven->setProperty("role", isWorst ? QStringLiteral("warning") : QStringLiteral("subtle"));
    Theme::restyle(m_proven);
    const auto about = [&instance](QPushButton *button) {
        button->setAccessibleName(
            tr("%1: %2", "an instance and what is done").arg(instance.profile.name, button->text()));
    };
    for (QPushButton *button : {m_backUp, m_move, m_dashboard, m_date}) {
        about(button);
    }
    showVerbs();
}

QString ExpiryCard::datesText() const
{
    const Expiry &expiry = m_instance.expiry;
    if (!expiry.isKnown()) {
        return tr("Nobody said when it was created. If it is a free one, it stops working 30 days after that, and is "
                  "erased 14 days later with everything in it.");
    }
    const QString stops = longDate(expiry.stopsOn());
    const QString erased = longDate(expiry.erasedOn());
    const QString source = sourceText(m_instance);
    switch (expiry.stage(m_instance.now)) {
    case Expiry::Stage::Gone:
        return tr("Stopped working on %1, erased on %2 with everything in it (%3).").arg(stops, erased, source);
    case Expiry::Stage::Grace:
        return tr("Stopped working on %1, is erased on %2 with everything in it (%3). Upgrading it in Render's "
                  "dashboard rescues it.")
            .arg(stops, erased, source);
    default:
        return tr("Stops working on %1, is erased on %2 with everything in it (%3).").arg(stops, erased, source);
    }
}

QString ExpiryCard::provenText(const ProvenState &proven, bool hasProofs) const
{
    if (!hasProofs) {
        return tr("Reading the list of backups…");
    }
    if (!proven.hasDatabases) {
        return tr("No backup of it is known.");
    }
    if (!proven.without.isEmpty()) {
        return tr("No proven backup of %1.").arg(proven.without.join(QStringLiteral(", ")));
    }
    const QString age = ageText(proven.oldest.takenAt, QDateTime::currentDateTimeUtc());
    return tr("Last proven backup: %1 (%2).").arg(age, proven.oldest.database);
}

void ExpiryCard::showVerbs()
{
    const Expiry &expiry = m_instance.expiry;
    const bool isOver = expiry.isOver(m_instance.now);
    const bool isGone = isOver && expiry.stage(m_instance.now) == Expiry::Stage::Gone;
    const bool isPressing = expiry.isKnown() && !isOver && expiry.stage(m_instance.now) != Expiry::Stage::Fine;
    m_name->setEnabled(m_instance.isSaved);
    m_backUp->setVisible(m_instance.isSaved && !isGone);
    m_backUp->setProperty("kind", isPressing ? QStringLiteral("primary") : QString());
    Theme::restyle(m_backUp);
    m_move->setVisible(m_canMove && m_instance.isSaved && !isGone);
    m_dashboard->setVisible(!m_instance.profile.renderId.isEmpty() && isOver && !isGone);
    m_date->setVisible(m_instance.isSaved && expiry.source != Expiry::Source::Api);
    m_date->setText(expiry.isKnown() ? tr("Change the creation date…") : tr("Set the creation date…"));
}

} // namespace Roost

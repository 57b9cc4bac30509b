#include "gui/overview/welcomepage.h"

#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/instancelist.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

struct Choice
{
    QString icon;
    QString title;
    QString text;
    QList<QPushButton *> buttons;
};

QWidget *choiceCard(const Choice &choice)
{
    constexpr int iconSize = 22;
    auto *card = new Card;
    auto *row = new QHBoxLayout;
    row->setSpacing(Spacing::card);
    auto *icon = new QLabel;
    const auto draw = [icon, name = choice.icon] {
        icon->setPixmap(Theme::icon(name).pixmap(QSize(iconSize, iconSize)));
    };
    draw();
    QObject::connect(&Theme::instance(), &Theme::changed, icon, draw);
    row->addWidget(icon, 0, Qt::AlignTop);
    auto *words = new QVBoxLayout;
    words->setSpacing(Spacing::unit / 2);
    words->addWidget(roleLabel(choice.title, "strong"));
    QLabel *text = paragraph(choice.text);
    text->setProperty("role", QStringLiteral("subtle"));
    words->addWidget(text);
    row->addLayout(words, 1);
    for (QPushButton *button : choice.buttons) {
        row->addWidget(button, 0, Qt::AlignVCenter);
    }
    card->body()->addLayout(row);
    return card;
}

QPushButton *namedButton(const QString &name, const QString &text)
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    return button;
}

} // namespace

WelcomePage::WelcomePage(Services &services, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_practice(namedButton(QStringLiteral("welcomePractice"), tr("Start practice")))
    , m_column(nullptr)
{
    setObjectName(QStringLiteral("welcomePage"));
    constexpr int widest = 860;
    QPushButton *add = namedButton(QStringLiteral("welcomeAdd"), tr("Add a connection…"));
    add->setProperty("kind", QStringLiteral("primary"));
    QPushButton *account = namedButton(QStringLiteral("welcomeAccount"), tr("Add an account…"));
    QPushButton *practiceAccount = namedButton(QStringLiteral("welcomePracticeAccount"), tr("Practice account"));
    practiceAccount->setToolTip(
        tr("A stand-in for Render on this computer: no key, no card, nothing that can be lost"));
    QPushButton *newApp = namedButton(QStringLiteral("welcomeNewApp"), tr("New bird app…"));
    QPushButton *openApp = namedButton(QStringLiteral("welcomeOpenApp"), tr("Open app folder…"));

    auto *column = new QVBoxLayout;
    column->setSpacing(Spacing::card - 4);
    column->addWidget(titleLabel(tr("Welcome to Roost")));
    QLabel *lead =
        paragraph(tr("Look after your PostgreSQL databases on Render: browse them, back them up, restore and "
                     "reset them, and run your API against them."));
    lead->setProperty("role", QStringLiteral("subtle"));
    column->addWidget(lead);
    column->addSpacing(Spacing::unit);
    column->addWidget(choiceCard({QStringLiteral("network-connect"),
                                  tr("Connect to Render"),
                                  tr("With an API key Roost sees your instances and services. Without one, paste the "
                                     "External URL or the PSQL Command from Render's dashboard. Keys and passwords go "
                                     "into your keychain and nowhere else."),
                                  {account, add}}));
    column->addWidget(
        choiceCard({QStringLiteral("media-playback-start"),
                    tr("Practise on this computer"),
                    tr("A private PostgreSQL with an empty database and one full of birds; or a whole account with an "
                       "instance that expires and a service. Nothing you do there can harm anything else."),
                    {practiceAccount, m_practice}}));
    column->addWidget(choiceCard({QStringLiteral("folder-development"),
                                  tr("Run the bird API"),
                                  tr("Start from a small Flask app, or open the folder of your own, and launch it "
                                     "against any of your databases."),
                                  {newApp, openApp}}));
    auto *inner = new QWidget;
    inner->setMaximumWidth(widest);
    inner->setLayout(column);
    column->setContentsMargins(0, 0, 0, 0);
    m_column = column;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page, Spacing::page, Spacing::page, Spacing::page);
    layout->addWidget(inner);
    layout->addStretch();

    connect(add, &QPushButton::clicked, this, &WelcomePage::addWanted);
    connect(account, &QPushButton::clicked, this, &WelcomePage::accountWanted);
    connect(m_practice, &QPushButton::clicked, this, &WelcomePage::practiceWanted);
    connect(practiceAccount, &QPushButton::clicked, this, &WelcomePage::practiceAccountWanted);
    connect(newApp, &QPushButton::clicked, this, &WelcomePage::newAppWanted);
    connect(openApp, &QPushButton::clicked, this, &WelcomePage::openAppWanted);
    connect(services.instances, &InstanceList::practiceChanged, this, &WelcomePage::updatePractice);
    updatePractice();
}

void WelcomePage::addBanner(QWidget *banner)
{
    constexpr int belowLead = 2;
    m_column->insertWidget(belowLead, banner);
}

void WelcomePage::updatePractice()
{
    const InstanceList::Practice practice = m_services.instances->practice();
    m_practice->setEnabled(practice == InstanceList::Practice::Stopped);
    m_practice->setText(practice == InstanceList::Practice::Running    ? tr("Practice is running")
                        : practice == InstanceList::Practice::Starting ? tr("Starting…")
                                                                       : tr("Start practice"));
}

} // namespace Roost

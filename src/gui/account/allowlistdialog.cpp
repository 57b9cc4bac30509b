#include "gui/account/allowlistdialog.h"

#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "operations/instancechanges.h"

#include <QGridLayout>
#include <QHostAddress>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QNetworkInterface>
#include <QPushButton>
#include <QUrl>

#include <algorithm>

namespace Roost {

namespace {

const QString everywhere = QStringLiteral("0.0.0.0/0");

/// Of home and office networks, and of providers that share one address among many: nobody outside sees it.
bool isPrivate(const QHostAddress &address)
{
    const QStringList ranges{QStringLiteral("10.0.0.0/8"), QStringLiteral("172.16.0.0/12"),
                             QStringLiteral("192.168.0.0/16"), QStringLiteral("100.64.0.0/10"),
                             QStringLiteral("169.254.0.0/16")};
    return std::any_of(ranges.begin(), ranges.end(), [&address](const QString &range) {
        return address.isInSubnet(QHostAddress::parseSubnet(range));
    });
}

QPushButton *namedButton(const char *name, const QString &text)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setAutoDefault(false);
    return button;
}

} // namespace

QStringList ownAddresses(const QUrl &api)
{
    if (QHostAddress(api.host()).isLoopback() || api.host() == u"localhost") {
        return {QStringLiteral("127.0.0.1")};
    }
    QStringList found;
    const QList<QHostAddress> all = QNetworkInterface::allAddresses();
    for (const QHostAddress &address : all) {
        if (address.protocol() == QAbstractSocket::IPv4Protocol && address.isGlobal() && !isPrivate(address)) {
            found += address.toString();
        }
    }
    return found;
}

AllowListDialog::AllowListDialog(const PostgresInstance &instance, const QStringList &ownAddresses, QWidget *parent)
    : Dialog(parent)
    , m_instance(instance)
    , m_own(ownAddresses)
    , m_addresses(instance.allowedAddresses)
    , m_list(new QListWidget)
    , m_cidr(new QLineEdit)
    , m_description(new QLineEdit)
    , m_problem(roleLabel({}, "danger"))
    , m_notice(new Notice)
    , m_remove(namedButton("removeAddress", tr("&Remove")))
    , m_save(namedButton("saveAllowList", tr("&Save the list")))
{
    setObjectName(QStringLiteral("allowListDialog"));
    setWindowTitle(tr("Who may connect to %1").arg(instance.name));
    m_list->setObjectName(QStringLiteral("allowList"));
    m_list->setAccessibleName(tr("Addresses that may connect"));
    m_list->setMinimumHeight(Spacing::unit * 16);
    m_notice->setObjectName(QStringLiteral("allowListNotice"));
    m_problem->setObjectName(QStringLiteral("allowListProblem"));
    m_problem->setWordWrap(true);
    m_save->setProperty("kind", QStringLiteral("primary"));
    auto *cancel = namedButton("cancelButton", tr("Cancel"));
    QLabel *intro = paragraph(tr("From outside of Render only these addresses can connect, this computer's too. "
                                 "Services inside Render always can. A change counts after a few seconds."));
    intro->setProperty("role", QStringLiteral("subtle"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card);
    layout->setSpacing(Spacing::card - 4);
    layout->addWidget(headingLabel(windowTitle()));
    layout->addWidget(intro);
    auto *listed = new QHBoxLayout;
    listed->setSpacing(Spacing::unit);
    listed->addWidget(m_list, 1);
    listed->addWidget(m_remove, 0, Qt::AlignTop);
    layout->addLayout(listed);
    layout->addLayout(buildAdding());
    layout->addWidget(m_problem);
    layout->addWidget(m_notice);
    layout->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    layout->addLayout(buttons);
    connect(m_remove, &QPushButton::clicked, this, &AllowListDialog::removeChosen);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) { m_remove->setEnabled(row >= 0); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &QDialog::accept);
    update();
}

QLayout *AllowListDialog::buildAdding()
{
    m_cidr->setObjectName(QStringLiteral("allowCidr"));
    m_cidr->setPlaceholderText(QStringLiteral("203.0.113.7/32"));
    m_description->setObjectName(QStringLiteral("allowDescription"));
    m_description->setPlaceholderText(tr("school"));
    auto *cidrLabel = new QLabel(tr("&Address"));
    cidrLabel->setBuddy(m_cidr);
    auto *descriptionLabel = new QLabel(tr("&Description"));
    descriptionLabel->setBuddy(m_description);
    QPushButton *addButton = namedButton("addAddress", tr("A&dd"));
    QPushButton *allButton = namedButton("addEverywhere", tr("Allow &every address"));
    auto *form = new QGridLayout;
    form->setHorizontalSpacing(Spacing::unit);
    form->setVerticalSpacing(Spacing::unit / 2);
    form->addWidget(cidrLabel, 0, 0);
    form->addWidget(descriptionLabel, 0, 1);
    form->addWidget(m_cidr, 1, 0);
    form->addWidget(m_description, 1, 1);
    form->addWidget(addButton, 1, 2);
    form->addWidget(allButton, 1, 3);
    connect(addButton, &QPushButton::clicked, this, &AllowListDialog::addTyped);
    connect(m_cidr, &QLineEdit::returnPressed, this, &AllowListDialog::addTyped);
    connect(m_description, &QLineEdit::returnPressed, this, &AllowListDialog::addTyped);
    connect(m_cidr, &QLineEdit::textChanged, m_problem, [this] { m_problem->clear(); });
    connect(allButton, &QPushButton::clicked, this, [this] { add(everywhere, QStringLiteral("everywhere")); });
    return form;
}

void AllowListDialog::add(const QString &cidr, const QString &description)
{
    const QString problem = cidrProblem(cidr);
    m_problem->setText(problem);
    if (!problem.isEmpty()) {
        return;
    }
    m_addresses.removeIf([&](const AllowedAddresses &one) { return one.cidrBlock == cidr; });
    m_addresses += AllowedAddresses{cidr, description};
    m_cidr->clear();
    m_description->clear();
    update();
}

void AllowListDialog::addTyped()
{
    QString cidr = m_cidr->text().trimmed();
    if (!cidr.isEmpty() && !cidr.contains(u'/')) {
        cidr += QStringLiteral("/32"); // one address
    }
    add(cidr, m_description->text().trimmed());
}

void AllowListDialog::removeChosen()
{
    const int row = m_list->currentRow();
    if (row >= 0) {
        m_addresses.removeAt(row);
        update();
    }
}

void AllowListDialog::update()
{
    m_list->clear();
    for (const AllowedAddresses &one : std::as_const(m_addresses)) {
        m_list->addItem(one.description.isEmpty() ? one.cidrBlock : tr("%1   %2").arg(one.cidrBlock, one.description));
    }
    m_remove->setEnabled(false);
    m_save->setEnabled(m_addresses != m_instance.allowedAddresses);
    const auto outside =
        std::find_if(m_own.cbegin(), m_own.cend(), [this](const QString &own) { return !isAllowed(own, m_addresses); });
    if (m_addresses.isEmpty()) {
        m_notice->say(Tone::Warning, tr("Nobody can connect from outside of Render"),
                      tr("Neither can Roost: without this computer's address there is no backup either."));
    } else if (outside != m_own.cend()) {
        m_notice->say(Tone::Warning, tr("Your address %1 is not on it").arg(*outside));
    } else {
        m_notice->clear();
        return;
    }
    if (outside != m_own.cend()) {
        connect(m_notice->addButton(QStringLiteral("addOwnAddress"), tr("Add my address")), &QPushButton::clicked, this,
                [this, own = *outside] { add(own + QStringLiteral("/32"), tr("added by Roost")); });
    }
}

} // namespace Roost

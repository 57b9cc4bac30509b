#include "gui/services/deployappdialog.h"

#include "gui/dialogs/notice.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/accountnodes.h"
#include "models/instancelist.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace Roost {

namespace {

/// A name that Render takes, from a folder's.
QString serviceName(const QString &folder)
{
    static const QRegularExpression others(QStringLiteral("[^a-z0-9]+"));
    static const QRegularExpression ends(QStringLiteral("^-+|-+$"));
    return QFileInfo(folder).fileName().toLower().replace(others, QStringLiteral("-")).remove(ends);
}

} // namespace

DeployAppDialog::DeployAppDialog(Services &services, const QString &accountId, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_accountId(accountId)
    , m_folder(new QLineEdit)
    , m_online(new QCheckBox(tr("Ask the &remote, too")))
    , m_items(new QVBoxLayout)
    , m_name(new QLineEdit)
    , m_instance(new QComboBox)
    , m_database(new QComboBox)
    , m_where(roleLabel({}, "small"))
    , m_build(new QLineEdit)
    , m_start(new QLineEdit)
    , m_notice(new Notice)
    , m_again(new QPushButton(tr("Check a&gain")))
    , m_create(new QPushButton(tr("Create the service")))
{
    setObjectName(QStringLiteral("deployAppDialog"));
    setWindowTitle(tr("Deploy the bird app"));
    setResizable();
    build();
    fillInstances();
    fillDatabases();
    connect(m_instance, &QComboBox::currentIndexChanged, this, &DeployAppDialog::fillDatabases);
    connect(services.instances, &InstanceList::changed, this, &DeployAppDialog::fillDatabases);
    connect(m_folder, &QLineEdit::editingFinished, this, [this] {
        if (QDir(m_folder->text()) != QDir(m_check.folder)) {
            check();
        }
    });
    connect(m_online, &QCheckBox::toggled, this, &DeployAppDialog::check);
    connect(m_again, &QPushButton::clicked, this, &DeployAppDialog::check);
    connect(m_create, &QPushButton::clicked, this, &DeployAppDialog::accept);
    for (QLineEdit *field : {m_name, m_build, m_start}) {
        connect(field, &QLineEdit::textChanged, this, &DeployAppDialog::updateButtons);
    }
    showItems();
    updateButtons();
    m_folder->setFocus();
}

void DeployAppDialog::build()
{
    constexpr QSize usual(780, 720);
    resize(usual);
    m_folder->setObjectName(QStringLiteral("deployFolder"));
    m_folder->setAccessibleName(tr("Folder of the app"));
    m_folder->setPlaceholderText(tr("The folder of your Flask app"));
    m_online->setObjectName(QStringLiteral("askRemote"));
    m_again->setObjectName(QStringLiteral("checkAgain"));
    m_again->setAutoDefault(false);
    auto *choose = new QPushButton(tr("Choose…"));
    choose->setObjectName(QStringLiteral("chooseFolder"));
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, [this] {
        m_services.prompts->chooseFolder(this, tr("The folder of your Flask app"), m_folder->text(),
                                         [this](const QString &folder) { setFolder(folder); });
    });
    auto *folderRow = new QHBoxLayout;
    folderRow->addWidget(m_folder, 1);
    folderRow->addWidget(choose);
    auto *checkRow = new QHBoxLayout;
    checkRow->addWidget(headingLabel(tr("Check list")));
    checkRow->addStretch();
    checkRow->addWidget(m_online);
    checkRow->addWidget(m_again);
    auto *inner = new QWidget;
    inner->setProperty("page", true);
    m_items->setContentsMargins(0, 0, Spacing::unit, 0);
    m_items->setSpacing(Spacing::unit);
    inner->setLayout(m_items);
    auto *scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("checkList"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(inner);
    auto *grid = new QGridLayout;
    buildService(grid);
    m_notice->setObjectName(QStringLiteral("deployNotice"));
    m_create->setObjectName(QStringLiteral("createServiceButton"));
    m_create->setProperty("kind", QStringLiteral("primary"));
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_create);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 20);
    column->setSpacing(12);
    column->addWidget(headingLabel(tr("Deploy the bird app to Render")));
    column->addLayout(folderRow);
    column->addLayout(checkRow);
    column->addWidget(scroll, 1);
    column->addWidget(hairline());
    column->addLayout(grid);
    column->addWidget(m_notice);
    column->addLayout(buttons);
}

void DeployAppDialog::buildService(QGridLayout *grid)
{
    grid->setHorizontalSpacing(Spacing::card);
    grid->setVerticalSpacing(Spacing::unit);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    const auto add = [grid](int row, int column, const QString &text, QWidget *field, const char *name) {
        auto *label = new QLabel(text);
        label->setBuddy(field);
        field->setObjectName(QString::fromLatin1(name));
        grid->addWidget(label, row, column);
        grid->addWidget(field, row, column + 1);
    };
    add(0, 0, tr("&Name"), m_name, "serviceName");
    add(0, 2, tr("&Instance"), m_instance, "serviceInstance");
    add(1, 0, tr("&Build command"), m_build, "buildCommand");
    add(1, 2, tr("Da&tabase"), m_database, "serviceDatabase");
    add(2, 0, tr("&Start command"), m_start, "startCommand");
    m_build->setText(QStringLiteral("pip install -r requirements.txt"));
    m_start->setText(QStringLiteral("gunicorn app:app"));
    m_where->setObjectName(QStringLiteral("serviceWhere"));
    m_where->setWordWrap(true);
    grid->addWidget(m_where, 2, 2, 1, 2);
}

const PostgresInstance *DeployAppDialog::instance() const
{
    const AccountList::Entry *account = m_services.accounts->find(m_accountId);
    return account && account->overview ? account->overview->instance(m_instance->currentData().toString()) : nullptr;
}

void DeployAppDialog::fillInstances()
{
    const AccountList::Entry *account = m_services.accounts->find(m_accountId);
    if (!account || !account->overview) {
        return;
    }
    for (const PostgresInstance &each : account->overview->instances) {
        if (each.isAvailable()) {
            m_instance->addItem(each.name, each.id);
        }
    }
}

void DeployAppDialog::fillDatabases()
{
    const PostgresInstance *chosen = instance();
    QStringList names;
    for (const InstanceList::Entry &entry : m_services.instances->entries()) {
        if (chosen && entry.instance.profile.renderId == chosen->id) {
            names = m_services.instances->databaseNames(entry.instance.id);
            if (entry.state == InstanceList::State::Closed) {
                m_services.instances->open(entry.instance.id);
            }
            break;
        }
    }
    if (names.isEmpty() && chosen) {
        names += chosen->databaseName;
    }
    QStringList before;
    for (int i = 0; i < m_database->count(); ++i) {
        before += m_database->itemText(i);
    }
    if (before != names) {
        const QString kept = m_database->currentText();
        m_database->clear();
        m_database->addItems(names);
        const QString wanted = names.contains(kept) && before.size() > 1 ? kept : QStringLiteral("bird_app_db");
        m_database->setCurrentIndex(std::max(0, m_database->findText(wanted)));
    }
    m_where->setText(chosen ? tr("In %1, beside its database: it uses the internal address, in DATABASE_URI and "
                                 "DATABASE_URL. On the free plan.")
                                  .arg(regionText(chosen->region))
                            : tr("There is no instance that could be used. Create one first."));
    updateButtons();
}

void DeployAppDialog::setFolder(const QString &folder)
{
    m_folder->setText(folder);
    if (m_name->text().isEmpty()) {
        m_name->setText(serviceName(folder));
    }
    check();
}

void DeployAppDialog::check()
{
    m_isBusy = true;
    updateButtons();
    const int generation = ++m_generation;
    const DeployCheckRequest request{m_folder->text(), m_online->isChecked()};
    m_services.jobs->runQuietly<DeployCheck>(
        [request](JobContext &context) { return checkDeployable(request, context); }, this,
        [this, generation](const Result<DeployCheck> &check) {
            if (generation == m_generation) {
                take(check);
            }
        });
}

void DeployAppDialog::take(const Result<DeployCheck> &check)
{
    m_isBusy = false;
    m_check = check.value_or(DeployCheck());
    m_notice->clear();
    if (!check) {
        m_notice->sayError(tr("The folder could not be looked at"), check.error());
    } else {
        m_build->setText(check->buildCommand);
        m_start->setText(check->startCommand);
    }
    showItems();
    updateButtons();
}

void DeployAppDialog::updateButtons()
{
    static const QRegularExpression name(QStringLiteral(R"(\A[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\z)"));
    const bool isNamed = name.match(m_name->text()).hasMatch();
    m_name->setProperty("state", isNamed || m_name->text().isEmpty() ? QString() : QStringLiteral("error"));
    Theme::restyle(m_name);
    m_name->setToolTip(tr("Small letters, digits and hyphens: it becomes part of the address"));
    m_again->setEnabled(!m_isBusy && !m_folder->text().isEmpty());
    m_create->setEnabled(!m_isBusy && m_check.mayDeploy() && isNamed && instance() && !m_build->text().isEmpty() &&
                         !m_start->text().isEmpty());
    m_create->setToolTip(m_check.items.isEmpty() || m_check.mayDeploy()
                             ? QString()
                             : tr("Mend the points of the check list that are marked “to mend”"));
}

DeployAppRequest DeployAppDialog::request() const
{
    DeployAppRequest request;
    ServiceDraft &draft = request.draft;
    draft.name = m_name->text();
    draft.repository = m_check.repository;
    draft.branch = m_check.branch;
    draft.rootFolder = m_check.rootFolder;
    draft.buildCommand = m_build->text();
    draft.startCommand = m_start->text();
    draft.variables = m_variables;
    if (const PostgresInstance *chosen = instance()) {
        draft.ownerId = chosen->owner.id;
        draft.region = chosen->region;
    }
    return request;
}

/// The database's address is taken from Render first: without it the service would start into nothing.
void DeployAppDialog::accept()
{
    m_isBusy = true;
    updateButtons();
    const auto refuse = [this](const Error &error) {
        m_isBusy = false;
        m_notice->sayError(tr("The database's address could not be taken from Render"), error);
        updateButtons();
    };
    m_services.accounts->access(m_accountId, this, [this, refuse](const Result<RenderAccess> &access) {
        if (!access) {
            refuse(access.error());
            return;
        }
        m_services.jobs->runQuietly<PointTarget>(
            [access = *access, id = m_instance->currentData().toString()](JobContext &context) {
                RenderClient client(access, context);
                return readPointTarget(client, id);
            },
            this,
            [this, refuse](const Result<PointTarget> &target) {
                if (!target) {
                    refuse(target.error());
                    return;
                }
                m_variables = databaseVariables(request().draft, *target, m_database->currentText());
                Dialog::accept();
            });
    });
}

} // namespace Roost

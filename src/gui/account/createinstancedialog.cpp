#include "gui/account/createinstancedialog.h"

#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/accountnodes.h"
#include "postgres/renderhost.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace Roost {

namespace {

const QString freePlan = QStringLiteral("free");

/// The plans that the lesson's users come across; Render has larger ones, which its dashboard offers.
QStringList offeredPlans()
{
    return {freePlan,
            QStringLiteral("basic_256mb"),
            QStringLiteral("basic_1gb"),
            QStringLiteral("basic_4gb"),
            QStringLiteral("pro_4gb"),
            QStringLiteral("pro_8gb"),
            QStringLiteral("pro_16gb")};
}

} // namespace

CreateInstanceDialog::CreateInstanceDialog(const AccountOverview &overview, const QString &ownerId, QWidget *parent)
    : Dialog(parent)
    , m_overview(overview)
    , m_planText(paragraph({}))
    , m_problem(roleLabel({}, "danger"))
    , m_notice(new Notice)
    , m_create(new QPushButton)
{
    setObjectName(QStringLiteral("createInstanceDialog"));
    setWindowTitle(tr("Create an instance"));
    m_planText->setObjectName(QStringLiteral("planText"));
    m_planText->setProperty("role", QStringLiteral("subtle"));
    m_problem->setObjectName(QStringLiteral("createProblem"));
    m_problem->setWordWrap(true);
    m_notice->setObjectName(QStringLiteral("createNotice"));
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    m_create->setObjectName(QStringLiteral("createInstanceButton"));
    m_create->setProperty("kind", QStringLiteral("primary"));
    m_create->setDefault(true);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card);
    layout->setSpacing(Spacing::card - 4);
    layout->addWidget(headingLabel(windowTitle()));
    auto *form = new QGridLayout;
    form->setHorizontalSpacing(Spacing::card);
    form->setVerticalSpacing(Spacing::unit);
    form->setColumnStretch(1, 1);
    buildForm(form);
    layout->addLayout(form);
    layout->addWidget(m_notice);
    layout->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    buttons->addWidget(m_problem, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_create);
    layout->addLayout(buttons);

    fillChoices(ownerId);
    for (QComboBox *choice : {m_owner, m_region, m_version, m_plan}) {
        connect(choice, &QComboBox::currentIndexChanged, this, &CreateInstanceDialog::update);
    }
    for (QLineEdit *field : {m_name, m_database, m_user}) {
        connect(field, &QLineEdit::textChanged, this, &CreateInstanceDialog::update);
    }
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_create, &QPushButton::clicked, this, &QDialog::accept);
    m_name->setFocus();
    update();
}

QComboBox *CreateInstanceDialog::addChoice(QGridLayout *form, const char *name, const QString &label)
{
    auto *choice = new QComboBox;
    choice->setObjectName(QString::fromLatin1(name));
    auto *words = new QLabel(label);
    words->setBuddy(choice);
    const int row = form->rowCount();
    form->addWidget(words, row, 0);
    form->addWidget(choice, row, 1);
    return choice;
}

QLineEdit *CreateInstanceDialog::addField(QGridLayout *form, const char *name, const QString &label,
                                          const QString &placeholder)
{
    constexpr int fieldWidth = 380;
    auto *field = new QLineEdit;
    field->setObjectName(QString::fromLatin1(name));
    field->setPlaceholderText(placeholder);
    field->setMinimumWidth(fieldWidth);
    auto *words = new QLabel(label);
    words->setBuddy(field);
    const int row = form->rowCount();
    form->addWidget(words, row, 0);
    form->addWidget(field, row, 1);
    return field;
}

void CreateInstanceDialog::buildForm(QGridLayout *form)
{
    m_name = addField(form, "instanceName", tr("&Name"), tr("birds-2026"));
    m_owner = addChoice(form, "instanceOwner", tr("&Workspace"));
    m_region = addChoice(form, "instanceRegion", tr("&Region"));
    m_version = addChoice(form, "instanceVersion", tr("PostgreSQL &version"));
    m_plan = addChoice(form, "instancePlan", tr("&Plan"));
    form->addWidget(m_planText, form->rowCount(), 1);
    m_database = addField(form, "instanceDatabase", tr("First &database"), tr("as Render names it"));
    m_user = addField(form, "instanceUser", tr("&User"), tr("as Render names it"));
    m_region->setToolTip(tr("Cannot be changed later. Services reach it by its internal address only from the same "
                            "region."));
    m_version->setToolTip(tr("Cannot be lowered later"));
}

void CreateInstanceDialog::fillChoices(const QString &ownerId)
{
    for (const Owner &owner : std::as_const(m_overview.owners)) {
        m_owner->addItem(owner.name.isEmpty() ? owner.id : owner.name, owner.id);
    }
    m_owner->setCurrentIndex(qMax(0, m_owner->findData(ownerId)));
    m_owner->setEnabled(m_owner->count() > 1);
    const QStringList regions = renderRegions();
    for (const QString &region : regions) {
        m_region->addItem(regionText(region), region);
    }
    // Where the workspace's services are, their database belongs.
    for (const Service &service : std::as_const(m_overview.services)) {
        if (service.ownerId == m_owner->currentData() && m_region->findData(service.region) >= 0) {
            m_region->setCurrentIndex(m_region->findData(service.region));
            break;
        }
    }
    for (int version = 18; version >= 13; --version) {
        m_version->addItem(QString::number(version));
    }
    const QStringList plans = offeredPlans();
    for (const QString &plan : plans) {
        m_plan->addItem(planText(plan), plan);
    }
}

PostgresDraft CreateInstanceDialog::draft() const
{
    PostgresDraft draft;
    draft.name = m_name->text();
    draft.ownerId = m_owner->currentData().toString();
    draft.plan = m_plan->currentData().toString();
    draft.version = m_version->currentText();
    draft.region = m_region->currentData().toString();
    draft.databaseName = m_database->text();
    draft.databaseUser = m_user->text();
    return draft;
}

QStringList CreateInstanceDialog::takenNames() const
{
    QStringList names;
    for (const PostgresInstance &instance : m_overview.instances) {
        if (instance.owner.id == m_owner->currentData()) {
            names += instance.name;
        }
    }
    return names;
}

QString CreateInstanceDialog::problem() const
{
    if (m_owner->count() == 0) {
        return tr("The key sees no workspace.");
    }
    for (const QString &problem : {instanceNameProblem(m_name->text(), takenNames()),
                                   databaseWordProblem(m_database->text()), databaseWordProblem(m_user->text())}) {
        if (!problem.isEmpty()) {
            return problem;
        }
    }
    return {};
}

void CreateInstanceDialog::updatePlan()
{
    const bool isFree = m_plan->currentData() == freePlan;
    m_planText->setText(
        isFree ? tr("Free: works for 30 days, is kept 14 days more for an upgrade, and is then erased with everything "
                    "in it. 1 GB, no backups by Render, one active free instance a workspace.")
               : tr("Costs money every month, and Render asks for a payment card; render.com/pricing says how much. It "
                    "does not expire."));
    const QList<PostgresInstance> free = activeFreeInstances(m_overview.instances, m_owner->currentData().toString());
    if (isFree && !free.isEmpty()) {
        m_notice->say(
            Tone::Warning, tr("There is a free instance already: %1").arg(instanceInWords(free.first())),
            tr("Render allows one active free instance a workspace. Back that one up and suspend or delete it "
               "first, or choose a paid plan or another workspace."));
    } else if (!m_overview.instancesAreKnown) {
        m_notice->say(Tone::Warning, tr("What is in the workspace could not be read"), m_overview.gaps.join(u' '));
    } else {
        m_notice->clear();
    }
}

void CreateInstanceDialog::update()
{
    updatePlan();
    const QString why = problem();
    // An empty field is no mistake yet.
    m_problem->setText(m_name->text().isEmpty() ? QString() : why);
    const bool isInTheWay = m_plan->currentData() == freePlan &&
                            !activeFreeInstances(m_overview.instances, m_owner->currentData().toString()).isEmpty();
    QString name = m_name->text();
    m_create->setText(name.isEmpty() || !why.isEmpty() ? tr("Create")
                                                       : tr("Create %1").arg(name.replace(u'&', QStringLiteral("&&"))));
    m_create->setEnabled(why.isEmpty() && !isInTheWay);
}

} // namespace Roost

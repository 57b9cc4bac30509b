#include "gui/migration/plandraft.h"

#include "gui/theme/theme.h"
#include "models/accountnodes.h"
#include "operations/instancecreation.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>

namespace Roost {

namespace {

QStringList offeredPlans()
{
    return {QStringLiteral("free"),      QStringLiteral("basic_256mb"), QStringLiteral("basic_1gb"),
            QStringLiteral("basic_4gb"), QStringLiteral("pro_4gb"),     QStringLiteral("pro_8gb")};
}

void choose(QComboBox *box, const QString &data, const QString &text)
{
    const QSignalBlocker quiet(box);
    if (box->findData(data) < 0 && !data.isEmpty()) {
        box->addItem(text, data);
    }
    box->setCurrentIndex(box->findData(data));
}

} // namespace

PlanDraft::PlanDraft(QWidget *parent)
    : Card(parent)
    , m_name(new QLineEdit)
    , m_version(new QComboBox)
    , m_plan(new QComboBox)
    , m_fixed(subtleLabel({}))
    , m_problem(roleLabel({}, "danger"))
{
    setObjectName(QStringLiteral("planDraft"));
    m_name->setObjectName(QStringLiteral("draftName"));
    m_version->setObjectName(QStringLiteral("draftVersion"));
    m_plan->setObjectName(QStringLiteral("draftPlan"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_fixed->setWordWrap(true);
    constexpr int newest = 18;
    constexpr int oldest = 13;
    for (int version = newest; version >= oldest; --version) {
        m_version->addItem(QString::number(version), QString::number(version));
    }
    const QStringList plans = offeredPlans();
    for (const QString &plan : plans) {
        m_plan->addItem(planText(plan), plan);
    }
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(Spacing::card);
    grid->setVerticalSpacing(Spacing::unit / 2);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(1, 2);
    grid->setColumnStretch(2, 2);
    int column = 0;
    for (const auto &[text, field] : {std::pair<QString, QWidget *>{tr("&Name"), m_name},
                                      {tr("PostgreSQL &version"), m_version},
                                      {tr("P&lan"), m_plan}}) {
        auto *label = roleLabel(text, "small");
        label->setBuddy(field);
        grid->addWidget(label, 0, column);
        grid->addWidget(field, 1, column);
        ++column;
    }
    body()->setSpacing(Spacing::unit);
    body()->addWidget(roleLabel(tr("The new instance"), "strong"));
    body()->addLayout(grid);
    body()->addWidget(m_problem);
    body()->addWidget(m_fixed);
    connect(m_name, &QLineEdit::textChanged, this, [this] {
        m_problem->setText(problem());
        m_problem->setVisible(!problem().isEmpty());
    });
    connect(m_name, &QLineEdit::textEdited, this, &PlanDraft::changed);
    connect(m_version, &QComboBox::activated, this, &PlanDraft::changed);
    connect(m_plan, &QComboBox::activated, this, &PlanDraft::changed);
}

void PlanDraft::show(const MigrationPlan &plan)
{
    m_draft = plan.draft;
    if (m_name->text() != plan.draft.name && !m_name->hasFocus()) {
        m_name->setText(plan.draft.name);
    }
    choose(m_version, plan.draft.version, plan.draft.version);
    choose(m_plan, plan.draft.plan, planText(plan.draft.plan));
    const bool isInPlace = plan.path == MigrationPath::UpgradeInPlace;
    m_name->setEnabled(!isInPlace);
    m_version->setEnabled(!isInPlace);
    QStringList fixed;
    if (!plan.draft.region.isEmpty()) {
        fixed += tr("Region %1").arg(regionText(plan.draft.region));
    }
    if (!plan.draft.databaseName.isEmpty()) {
        fixed += tr("database %1").arg(plan.draft.databaseName);
    }
    if (!plan.draft.databaseUser.isEmpty()) {
        fixed += tr("user %1").arg(plan.draft.databaseUser);
    }
    if (!isInPlace && !fixed.isEmpty()) {
        m_fixed->setText(tr("%1, and who may connect: as on the old one.").arg(fixed.join(QStringLiteral(", "))));
    } else {
        m_fixed->setText(isInPlace ? tr("Name, address, password and content stay as they are.") : QString());
    }
    m_fixed->setVisible(!m_fixed->text().isEmpty());
}

PostgresDraft PlanDraft::draft() const
{
    PostgresDraft draft = m_draft;
    draft.name = m_name->text();
    draft.version = m_version->currentData().toString();
    draft.plan = m_plan->currentData().toString();
    return draft;
}

QString PlanDraft::problem() const
{
    return m_name->isEnabled() ? instanceNameProblem(m_name->text()) : QString();
}

} // namespace Roost

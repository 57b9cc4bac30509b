#include "gui/migration/gatepane.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/typedname.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/plaintable.h"
#include "models/plaintext.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace Roost {

namespace {

enum Column { DatabaseColumn, RowsColumn, BackupColumn, ProofColumn, WrittenColumn };

QString proofText(const MigrationState &state, const QString &database)
{
    const QJsonObject proof = state.proofOf(database);
    const QJsonObject backup = state.backupOf(database);
    if (backup.isEmpty()) {
        return {};
    }
    if (proof.isEmpty() || proof[u"sha256"] != backup[u"sha256"]) {
        return GatePane::tr("not proven");
    }
    return GatePane::tr("restored and compared");
}

QString writtenText(const MigrationState &state, const QString &database)
{
    const QJsonObject live = state.facts.value(MigrationStep::CompareLive)[u"databases"][database].toObject();
    const bool isOfThis = !live.isEmpty() && live[u"sha256"] == state.backupOf(database)[u"sha256"];
    return isOfThis && live[u"equal"].toBool() ? GatePane::tr("no") : GatePane::tr("not known");
}

QString backupText(const MigrationState &state, const QString &database)
{
    const QJsonObject backup = state.backupOf(database);
    if (backup.isEmpty()) {
        return GatePane::tr("none");
    }
    const QString size = sizeText(backup[u"size"].toInteger());
    return state.secondCopyOf(database).isEmpty() ? GatePane::tr("%1, 1 copy").arg(size)
                                                  : GatePane::tr("%1, 2 copies").arg(size);
}

} // namespace

GatePane::GatePane(QWidget *parent)
    : MigrationPane({}, parent)
    , m_problems(new Notice)
    , m_why(paragraph({}))
    , m_table(new PlainTable({tr("Database"), tr("Rows"), tr("Backup"), tr("Proof"), tr("Written since")}))
    , m_gone(paragraph({}))
    , m_stays(paragraph({}))
    , m_typedCard(new Card)
    , m_typed(new TypedName)
{
    setObjectName(QStringLiteral("migrationGate"));
    m_problems->setObjectName(QStringLiteral("gateProblems"));
    m_why->setObjectName(QStringLiteral("gateWhy"));
    m_table->setObjectName(QStringLiteral("gateTable"));
    m_table->setAccessibleName(tr("What is proven"));
    m_gone->setObjectName(QStringLiteral("gateGone"));
    m_stays->setObjectName(QStringLiteral("gateStays"));
    auto *tableCard = new Card;
    tableCard->body()->setContentsMargins(2, 2, 2, 2);
    tableCard->body()->addWidget(m_table);
    auto *whatCard = new Card;
    auto *columns = new QHBoxLayout;
    columns->setSpacing(Spacing::page);
    for (const auto &[title, text] : {std::pair{tr("Gone for ever"), m_gone}, {tr("Stays"), m_stays}}) {
        auto *column = new QVBoxLayout;
        column->setSpacing(Spacing::unit / 2);
        column->addWidget(roleLabel(title, "strong"));
        text->setProperty("role", QStringLiteral("subtle"));
        column->addWidget(text);
        column->addStretch();
        columns->addLayout(column, 1);
    }
    whatCard->body()->addLayout(columns);
    m_typedCard->body()->addWidget(m_typed);
    for (QWidget *part : std::initializer_list<QWidget *>{m_problems, m_why, tableCard, whatCard}) {
        body()->addWidget(part);
    }
    addFixed(m_typedCard);
    QPushButton *stop = addButton("gateStop", tr("&Save and stop here"));
    stop->setToolTip(tr("All is written down already; go on whenever you like"));
    m_back = addButton("gateGoBack", tr("&Undo the freeze"));
    m_back->setToolTip(tr("Lets the services run again and gives the move up; the backups stay"));
    m_again = addButton("gateLookAgain", tr("&Look again"), true, "primary");
    m_open = addButton("gateOpen", {}, true, "primary");
    connect(stop, &QPushButton::clicked, this, &GatePane::stopWanted);
    connect(m_back, &QPushButton::clicked, this, &GatePane::goBackWanted);
    connect(m_again, &QPushButton::clicked, this, &GatePane::lookAgainWanted);
    connect(m_open, &QPushButton::clicked, this, [this] { emit opened(m_typed->field()->text()); });
    connect(m_typed, &TypedName::changed, this, &GatePane::update);
    connect(m_typed->field(), &QLineEdit::returnPressed, this, [this] {
        if (m_open->isEnabled()) {
            m_open->click();
        }
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        if (!m_state.plan.id.isEmpty()) {
            fillTable();
        }
    });
}

QString GatePane::headingOf(const MigrationState &state, bool isOpen)
{
    if (!isOpen) {
        return tr("The gate stays shut: something is not proven");
    }
    return state.plan.path == MigrationPath::SideBySide
               ? tr("The new instance serves. The old one can go.")
               : tr("Everything is proven. From here the old instance can go.");
}

QString GatePane::goneText(const MigrationPlan &plan)
{
    const QString id = plan.source.id.isEmpty() ? plan.connection.host : plan.source.id;
    return tr("The instance %1 (%2), with its address and its password.").arg(plan.source.name, id);
}

QString GatePane::staysText(const MigrationState &state)
{
    QStringList stays{tr("Two copies of each backup")};
    if (!state.plan.services.isEmpty()) {
        stays += tr("your services");
    }
    stays += tr("the plan and its journal");
    QString text = stays.join(QStringLiteral(", ")) + u'.';
    if (const QDateTime &end = state.plan.source.expiresAt; end.isValid()) {
        text += u' ' + tr("You can also stop here and go on until %1, when the instance stops working.")
                           .arg(QLocale().toString(end.toLocalTime().date(), tr("d MMMM yyyy")));
    }
    return text;
}

QString GatePane::verbOf(const MigrationPlan &plan)
{
    if (plan.isByHand()) {
        return tr("&Open the gate");
    }
    return plan.path == MigrationPath::SideBySide ? tr("Suspend the &old instance")
                                                  : tr("Suspend &old instance, create new one");
}

void GatePane::show(const MigrationState &state, const MigrationPause &pause)
{
    m_state = state;
    m_isOpen = pause.mayBeAnswered;
    setHeading(headingOf(state, m_isOpen));
    if (pause.problems.isEmpty()) {
        m_problems->clear();
    } else {
        m_problems->say(m_isOpen ? Tone::Warning : Tone::Danger,
                        m_isOpen ? tr("Not yet") : tr("The old instance is not touched before this is put right"),
                        QStringLiteral("• ") + pause.problems.join(QStringLiteral("\n• ")));
    }
    m_why->setText(pause.text);
    m_why->setVisible(!pause.text.isEmpty());
    m_gone->setText(goneText(state.plan));
    m_stays->setText(staysText(state));
    m_typed->setExpected(state.plan.source.name, tr("to open the gate"));
    m_typedCard->setVisible(m_isOpen);
    m_again->setVisible(!m_isOpen);
    m_open->setVisible(m_isOpen);
    m_open->setText(verbOf(state.plan));
    m_back->setVisible(!state.isPastGate());
    const bool hasFrozen = !state.facts.value(MigrationStep::Freeze)[u"services"].toObject().isEmpty();
    m_back->setText(hasFrozen ? tr("&Undo the freeze") : tr("&Give up this move"));
    fillTable();
    update();
    scrollToTop();
    setFocusProxy(m_isOpen ? static_cast<QWidget *>(m_typed) : m_again);
}

void GatePane::fillTable()
{
    auto *model = qobject_cast<QStandardItemModel *>(m_table->model());
    model->setRowCount(0);
    const Colors &colors = Theme::instance().colors();
    for (const MigrationDatabase &database : std::as_const(m_state.plan.databases)) {
        const QString &name = database.properties.name;
        const QJsonObject backup = m_state.backupOf(name);
        const QString proof = proofText(m_state, name);
        m_table->addRow({name, backup.contains(u"rows") ? countText(backup[u"rows"].toInteger()) : QString(),
                         backupText(m_state, name), proof, writtenText(m_state, name)});
        const int row = model->rowCount() - 1;
        model->item(row, RowsColumn)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        const bool isProven = proof == tr("restored and compared");
        model->item(row, ProofColumn)->setForeground(colors.lineText(isProven ? Tone::Good : Tone::Danger));
        model->item(row, BackupColumn)->setToolTip(backup[u"file"].toString());
        if (writtenText(m_state, name) != tr("no")) {
            model->item(row, WrittenColumn)->setForeground(colors.lineText(Tone::Warning));
        }
    }
    model->horizontalHeaderItem(RowsColumn)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->fit();
    constexpr int less = 20; // all of it has to be in sight
    m_table->horizontalHeader()->setStretchLastSection(false);
    for (int column = 0; column <= WrittenColumn; ++column) {
        m_table->setColumnWidth(column, m_table->columnWidth(column) - less);
    }
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->fitHeight();
}

void GatePane::update()
{
    m_open->setEnabled(m_isOpen && m_typed->matches());
    m_open->setToolTip(m_open->isEnabled() ? QString() : tr("Type the instance's name first"));
}

} // namespace Roost

#include "gui/compare/comparepage.h"

#include "gui/compare/definitionview.h"
#include "gui/compare/differencelist.h"
#include "gui/compare/rowdifferencesview.h"
#include "gui/compare/sidechooser.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/emptystate.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/differencesmodel.h"
#include "models/instancelist.h"
#include "models/plaintext.h"
#include "models/sessionpool.h"
#include "operations/rowsummary.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int steps = 1000;

QPushButton *namedButton(const char *name, const QString &text, const QString &hint = {})
{
    auto *button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    button->setToolTip(hint);
    return button;
}

/// What is to be known of two databases that are equal.
QString notesOf(const ContentComparison &comparison)
{
    QStringList notes;
    for (const ManifestDifference &one : comparison.databases.differences) {
        notes += ComparePage::tr("To be known: %1 %2.").arg(one.what, one.text);
    }
    return notes.join(u'\n');
}

} // namespace

ComparePage::ComparePage(Services &services, const CompareSide &first, const CompareSide &second, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_first(new SideChooser(services, QStringLiteral("first"), tr("&First: as it was")))
    , m_second(new SideChooser(services, QStringLiteral("second"), tr("&Second: as it is")))
    , m_compare(namedButton("compareNow", tr("&Compare"), tr("Nothing is changed on either side")))
    , m_notice(new Notice)
    , m_progress(new QWidget)
    , m_bar(new QProgressBar)
    , m_step(new ElidedLabel)
    , m_cancel(namedButton("cancelCompare", tr("Cancel")))
    , m_summary(paragraph({}))
    , m_stack(new QStackedWidget)
    , m_nothingYet(new EmptyState({}, {}, {}))
    , m_equal(new EmptyState(QStringLiteral("dialog-ok-apply"), tr("They are equal"), {}))
    , m_list(new DifferenceList)
    , m_differences(new DifferencesModel(this))
    , m_right(new QStackedWidget)
    , m_rows(new RowDifferencesView)
    , m_definition(new DefinitionView)
{
    setObjectName(QStringLiteral("comparePage"));
    build();
    connect(m_first, &SideChooser::changed, this, &ComparePage::update);
    connect(m_second, &SideChooser::changed, this, &ComparePage::update);
    connect(m_compare, &QPushButton::clicked, this, &ComparePage::compare);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_job) {
            m_job->cancel();
        }
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) { showDifference(current.row()); });
    setFocusProxy(first.isNull() || !second.isNull() ? m_first : m_second); // what is to be chosen
    m_first->setSide(first);
    m_second->setSide(second);
    update();
    if (!first.isNull() && !second.isNull()) {
        QMetaObject::invokeMethod(this, &ComparePage::compare, Qt::QueuedConnection);
    }
}

ComparePage::~ComparePage()
{
    if (m_job) {
        m_job->cancel();
    }
}

void ComparePage::build()
{
    m_notice->setObjectName(QStringLiteral("compareNotice"));
    m_summary->setObjectName(QStringLiteral("compareSummary"));
    m_summary->setProperty("role", QStringLiteral("strong"));
    m_nothingYet->setObjectName(QStringLiteral("nothingCompared"));
    m_equal->setObjectName(QStringLiteral("comparedEqual"));
    m_stack->setObjectName(QStringLiteral("compareStack"));
    constexpr int leastHeight = 160; // a message above must not make the window grow
    m_stack->setMinimumHeight(leastHeight);
    m_stack->addWidget(m_nothingYet);
    m_stack->addWidget(m_equal);
    m_stack->addWidget(buildResult());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page, Spacing::page - 6, Spacing::page, Spacing::card);
    layout->setSpacing(Spacing::card);
    layout->addLayout(buildHead());
    layout->addWidget(m_notice);
    layout->addLayout(buildProgress());
    layout->addWidget(m_summary);
    layout->addWidget(m_stack, 1);
    m_summary->hide();
    m_progress->hide();
}

QBoxLayout *ComparePage::buildHead()
{
    m_compare->setProperty("kind", QStringLiteral("primary"));
    auto *swapSides = namedButton("swapSides", QStringLiteral("⇄"), tr("Swap the two sides"));
    swapSides->setAccessibleName(tr("Swap the two sides"));
    connect(swapSides, &QPushButton::clicked, this, &ComparePage::swap);
    auto *top = new QHBoxLayout;
    top->addWidget(titleLabel(tr("Compare")));
    top->addStretch();
    top->addWidget(m_compare);
    auto *sides = new QHBoxLayout;
    sides->setSpacing(Spacing::card);
    sides->addWidget(m_first, 1);
    sides->addWidget(swapSides);
    sides->addWidget(m_second, 1);
    auto *head = new QVBoxLayout;
    head->setSpacing(Spacing::card);
    head->addLayout(top);
    head->addLayout(sides);
    return head;
}

QBoxLayout *ComparePage::buildProgress()
{
    m_bar->setObjectName(QStringLiteral("compareProgress"));
    m_bar->setAccessibleName(tr("How far the comparison is"));
    m_bar->setRange(0, steps);
    m_bar->setTextVisible(false);
    m_step->setObjectName(QStringLiteral("compareStep"));
    auto *row = new QHBoxLayout(m_progress);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Spacing::card);
    row->addWidget(m_bar, 2);
    row->addWidget(m_step, 3);
    row->addWidget(m_cancel);
    auto *layout = new QVBoxLayout;
    layout->addWidget(m_progress);
    return layout;
}

QWidget *ComparePage::buildResult()
{
    m_list->setModel(m_differences);
    m_right->addWidget(m_rows);
    m_right->addWidget(m_definition);
    auto *rightCard = new Card;
    rightCard->body()->setContentsMargins(1, 1, 1, 1);
    rightCard->body()->addWidget(m_right);
    m_result = new QSplitter(Qt::Horizontal);
    m_result->setObjectName(QStringLiteral("compareSplitter"));
    m_result->setHandleWidth(Spacing::unit);
    m_result->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    m_result->setChildrenCollapsible(false);
    m_result->addWidget(m_list);
    m_result->addWidget(rightCard);
    m_result->setStretchFactor(1, 1);
    constexpr int listWidth = 270;
    constexpr int rowsWidth = 800;
    m_result->setSizes({listWidth, rowsWidth});
    return m_result;
}

void ComparePage::update()
{
    const bool isRunning = m_job && !m_job->isEnded();
    const bool isSame = m_first->side() == m_second->side();
    const bool isChosen = !m_first->side().isNull() && !m_second->side().isNull();
    m_compare->setEnabled(isChosen && !isSame && !isRunning && !m_isResolving);
    m_compare->setText(m_comparison && m_comparedFirst == m_first->side() && m_comparedSecond == m_second->side()
                           ? tr("&Compare again")
                           : tr("&Compare"));
    if (isRunning) {
        m_nothingYet->setText(tr("Comparing"), tr("What differs will be shown here. Nothing is changed."));
    } else if (isChosen) {
        m_nothingYet->setText(tr("Not compared yet"), tr("Press Compare: it reads both sides, and changes nothing."));
    } else {
        m_nothingYet->setText(tr("Choose two sides"),
                              tr("A backup, a database, or the same database of another instance. Tables that differ "
                                 "are compared row by row, by their keys; nothing is changed."));
    }
    if (isChosen && isSame) {
        m_notice->say(Tone::Warning, tr("Both sides are the same"), tr("Choose another one for one of them."));
    } else if (m_notice->tone() == Tone::Warning) {
        m_notice->clear();
    }
}

void ComparePage::swap()
{
    const CompareSide first = m_first->side();
    m_first->setSide(m_second->side());
    m_second->setSide(first);
}

void ComparePage::resolve(const CompareSide &side, const std::function<void(const Result<ComparedSide> &)> &done)
{
    if (side.isFile()) {
        done(ComparedSide{side.file, {}});
        return;
    }
    const InstanceList::Entry *entry = m_services.instances->find(side.instanceId);
    if (!entry) {
        done(failure(ErrorCode::NotFound, tr("The connection was removed meanwhile. Choose another one.")));
        return;
    }
    m_services.sessions->withSpec(entry->instance, this, [side, done](const Result<ConnectionSpec> &spec) {
        done(spec ? Result<ComparedSide>(ComparedSide{{}, spec->withDatabase(side.database)}) : failure(spec.error()));
    });
}

void ComparePage::compare()
{
    const CompareSide first = m_first->side();
    const CompareSide second = m_second->side();
    if (first.isNull() || second.isNull() || first == second || m_isResolving || (m_job && !m_job->isEnded())) {
        return;
    }
    m_isResolving = true;
    m_notice->clear();
    update();
    const auto failed = [this](const Error &error) {
        m_isResolving = false;
        m_notice->sayError(tr("They could not be compared"), error);
        update();
    };
    resolve(first, [this, second, failed](const Result<ComparedSide> &one) {
        if (!one) {
            failed(one.error());
            return;
        }
        resolve(second, [this, one = *one, failed](const Result<ComparedSide> &other) {
            if (!other) {
                failed(other.error());
                return;
            }
            m_isResolving = false;
            start(one, *other);
        });
    });
}

void ComparePage::start(const ComparedSide &first, const ComparedSide &second)
{
    m_comparedFirst = m_first->side();
    m_comparedSecond = m_second->side();
    const QString firstName = m_first->shown();
    const QString secondName = m_second->shown();
    m_rows->setSides(firstName, secondName);
    m_definition->setSides(firstName, secondName);
    const QString title = tr("Compare %1 with %2").arg(firstName, secondName);
    m_services.activity->add(
        title, QStringLiteral("roost-cli compare --rows %1 %2")
                   .arg(TerminalLine::quoted(m_first->commandWord()), TerminalLine::quoted(m_second->commandWord())));
    m_job = m_services.jobs->start<Comparison>(
        title,
        [first, second](JobContext &context) -> Result<Comparison> {
            auto comparison = compareContents(first, second, {}, context);
            return comparison ? Result<Comparison>(std::make_shared<const ContentComparison>(std::move(*comparison)))
                              : failure(comparison.error());
        },
        this, [this](const Result<Comparison> &result) { take(result); },
        [](const Comparison &comparison) {
            return isProven(comparison->databases.differences) ? tr("They are equal.") : tr("They differ.");
        });
    connect(m_job, &Job::changed, this, &ComparePage::showProgress);
    showProgress();
    update();
}

void ComparePage::showProgress()
{
    const bool isRunning = m_job && !m_job->isEnded();
    m_progress->setVisible(isRunning);
    if (!isRunning) {
        return;
    }
    const Progress &progress = m_job->progress();
    const bool isCancelling = m_job->state() == Job::State::Cancelling;
    m_bar->setValue(int(qMax(0.0, progress.fraction()) * steps));
    m_step->setText(isCancelling                ? tr("Cancelling…")
                    : progress.amount.isEmpty() ? progress.step
                                                : progress.step + QStringLiteral(" · ") + progress.amount);
    m_cancel->setEnabled(!isCancelling);
}

void ComparePage::take(const Result<Comparison> &result)
{
    m_progress->hide();
    if (!result) {
        // What was shown before stays: it is said of which sides it is.
        m_notice->sayError(tr("They could not be compared"), result.error());
        update();
        emit statusChanged();
        return;
    }
    m_comparison = *result;
    m_differences->show(m_comparison);
    isProven(m_comparison->databases.differences) ? showEqual() : showDifferences();
    update();
    emit statusChanged();
}

void ComparePage::showEqual()
{
    const Manifest &manifest = m_comparison->databases.second;
    m_equal->setText(tr("They are equal"),
                     tr("%1 tables, %2 rows: every one, and all sequences and other objects.")
                             .arg(countText(manifest.tables.size()), countText(manifest.rowCount())) +
                         u'\n' + notesOf(*m_comparison));
    m_summary->hide();
    m_stack->setCurrentWidget(m_equal);
}

void ComparePage::showDifferences()
{
    m_summary->setText(comparisonInWords(*m_comparison, m_comparedFirst.isFile() && !m_comparedSecond.isFile()));
    m_summary->show();
    m_stack->setCurrentWidget(m_result);
    m_list->setCurrentIndex(m_differences->index(m_differences->firstRow()));
    m_list->setFocus();
}

void ComparePage::showDifference(int row)
{
    const ManifestDifference *difference = m_differences->differenceAt(row);
    if (!difference) {
        return;
    }
    const std::shared_ptr<const ComparedTable> table = m_differences->tableAt(row);
    m_rows->show(table);
    if (!table) {
        m_definition->show(*difference);
    }
    m_right->setCurrentWidget(table ? static_cast<QWidget *>(m_rows) : m_definition);
}

QString ComparePage::statusText() const
{
    if (!m_comparison) {
        return {};
    }
    return isProven(m_comparison->databases.differences)
               ? tr("equal")
               : tr("%Ln table(s) differ", nullptr, int(m_comparison->tables.size()));
}

} // namespace Roost

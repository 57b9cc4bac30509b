#include "gui/table/sequencepage.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/table/ddlview.h"
#include "gui/table/structuretable.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace Roost {

namespace {

/// In groups, as numbers are read.
QString grouped(const QString &number)
{
    bool isNumber = false;
    const qlonglong value = number.toLongLong(&isNumber);
    return isNumber ? QLocale().toString(value) : number;
}

/// The number that comes next; empty where that is not known, or where the sequence is at its end.
QString nextOf(const SequenceInfo &sequence)
{
    if (sequence.lastValue.isEmpty() || !sequence.isCalled) {
        return sequence.lastValue;
    }
    const qint64 last = sequence.lastValue.toLongLong();
    const qint64 step = sequence.increment.toLongLong();
    // Distances, which have room in unsigned numbers whatever the limits are.
    const quint64 room = step > 0 ? quint64(sequence.most.toLongLong()) - quint64(last)
                                  : quint64(last) - quint64(sequence.least.toLongLong());
    const quint64 stride = step > 0 ? quint64(step) : 0 - quint64(step);
    if (stride <= room) {
        return QString::number(last + step);
    }
    return !sequence.cycles ? QString() : sequence.increment.startsWith(u'-') ? sequence.most : sequence.least;
}

} // namespace

SequencePage::SequencePage(Services &services, const Instance &instance, const QString &database,
                           const RelationInfo &relation, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_instance(instance)
    , m_database(database)
    , m_relation(relation)
    , m_notice(new Notice)
    , m_stack(new QStackedWidget)
    , m_facts(nullptr)
    , m_ddl(new DdlView(services, relation.id.name))
{
    setObjectName(QStringLiteral("sequencePage"));
    m_notice->setObjectName(QStringLiteral("sequenceNotice"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    buildBar();
    auto *noticeRow = new QVBoxLayout;
    noticeRow->setContentsMargins(Spacing::card, 0, Spacing::card, 0);
    noticeRow->addWidget(m_notice);
    layout->addLayout(noticeRow);
    layout->addWidget(hairline());
    auto *page = new QWidget;
    m_facts = new QVBoxLayout(page);
    m_facts->setContentsMargins(Spacing::page, Spacing::page - Spacing::unit, Spacing::page, Spacing::page);
    m_facts->setSpacing(Spacing::unit);
    m_facts->addWidget(subtleLabel(tr("Loading…")));
    m_facts->addStretch();
    m_stack->addWidget(page);
    m_stack->addWidget(m_ddl);
    layout->addWidget(m_stack, 1);
    connect(m_ddl, &DdlView::reloadRequested, this, &SequencePage::loadDdl);
    load();
}

void SequencePage::buildBar()
{
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Spacing::card - 4, Spacing::unit, Spacing::card - 4, Spacing::unit);
    bar->setSpacing(2);
    auto *segments = new QButtonGroup(this);
    const auto segment = [&](const QString &text, const QString &name, int id) {
        auto *button = new QPushButton(text);
        button->setObjectName(name);
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        segments->addButton(button, id);
        bar->addWidget(button);
    };
    segment(tr("Sequence"), QStringLiteral("sequenceSegment"), 0);
    segment(tr("DDL"), QStringLiteral("ddlSegment"), 1);
    segments->button(0)->setChecked(true);
    connect(segments, &QButtonGroup::idClicked, m_stack, &QStackedWidget::setCurrentIndex);
    bar->addSpacing(Spacing::card);
    const QString place =
        m_relation.id.schema == u"public" ? m_database : tr("%1, schema %2").arg(m_database, m_relation.id.schema);
    bar->addWidget(subtleLabel(tr("sequence in %1").arg(place)));
    bar->addStretch();
    static_cast<QVBoxLayout *>(layout())->addLayout(bar);
}

void SequencePage::refresh()
{
    load();
    m_ddl->invalidate();
}

void SequencePage::load()
{
    const int generation = ++m_generation;
    m_services.sessions->read<SequenceInfo>(
        m_instance, m_database, this,
        [id = m_relation.id](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::sequence(connection, id, stop);
        },
        [this, generation](const Result<SequenceInfo> &sequence) {
            if (generation == m_generation) {
                arrived(sequence);
            }
        });
}

void SequencePage::loadDdl()
{
    const int generation = ++m_ddlGeneration;
    m_ddl->setLoading();
    m_services.sessions->read<QString>(
        m_instance, m_database, this,
        [id = m_relation.id](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::ddl(connection, id, stop);
        },
        [this, generation](const Result<QString> &sql) {
            if (generation == m_ddlGeneration) {
                sql ? m_ddl->show(*sql) : m_ddl->showError(sql.error());
            }
        });
    m_services.activity->add(tr("DDL of %1").arg(m_relation.id.name),
                             QStringLiteral("pg_dump --schema-only --table '%1'").arg(m_relation.id.quoted()),
                             CatalogReader::sql(CatalogReader::Statement::Ddl));
}

void SequencePage::arrived(const Result<SequenceInfo> &sequence)
{
    if (!sequence) {
        m_notice->sayError(tr("The sequence could not be read."), sequence.error());
        connect(m_notice->addButton(QStringLiteral("retrySequence"), tr("Try again")), &QPushButton::clicked, this,
                &SequencePage::load);
        return;
    }
    m_notice->clear();
    while (QLayoutItem *item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!sequence->comment.isEmpty()) {
        m_facts->addWidget(paragraph(sequence->comment));
    }
    const QString unknown = tr("not to be seen with your rights, or somebody has locked it");
    const QString next = nextOf(*sequence);
    QString last = grouped(sequence->lastValue);
    last = sequence->lastValue.isEmpty() ? unknown : sequence->isCalled ? last : tr("none yet");
    QList<StructureTable::Row> rows{{{tr("Last value"), last}, {}, {}},
                                    {{tr("Next value"), !next.isEmpty()                 ? grouped(next)
                                                        : sequence->lastValue.isEmpty() ? unknown
                                                                                        : tr("none: it is at its end")},
                                     {},
                                     {}},
                                    {{tr("Step"), grouped(sequence->increment)}, {}, {}},
                                    {{tr("Begins with"), grouped(sequence->start)}, {}, {}},
                                    {{tr("Least"), grouped(sequence->least)}, {}, {}},
                                    {{tr("Greatest"), grouped(sequence->most)}, {}, {}},
                                    {{tr("At the end"), sequence->cycles ? tr("begins again") : tr("refuses")}, {}, {}},
                                    {{tr("Kept ahead by a session"), grouped(sequence->cache)}, {}, {}},
                                    {{tr("Type"), sequence->type}, {}, {}},
                                    {{tr("Owner"), sequence->owner}, {}, {}}};
    if (!sequence->column.isEmpty()) {
        const QString column = sequence->table.name + QLatin1Char('.') + sequence->column;
        rows += {{tr("Belongs to"), sequence->isIdentity ? tr("%1, an identity column").arg(column) : column},
                 sequence->table,
                 {QString(), tr("Enter or a click opens %1").arg(sequence->table.name)}};
    }
    auto *table =
        new StructureTable(QStringLiteral("sequenceFacts"), tr("Sequence"), {tr("What"), tr("Value")}, rows, 1);
    connect(table, &StructureTable::tableRequested, this, &SequencePage::tableRequested);
    auto *card = new Card;
    card->body()->setContentsMargins(2, 2, 2, 2);
    card->body()->addWidget(table);
    m_facts->addWidget(card);
    m_facts->addStretch();
    m_services.activity->add(tr("Sequence %1").arg(m_relation.id.name),
                             QStringLiteral("\\d+ %1").arg(m_relation.id.quoted()),
                             CatalogReader::sql(CatalogReader::Statement::Sequence));
}

} // namespace Roost

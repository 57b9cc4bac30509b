#include "gui/table/structureview.h"

#include "gui/dialogs/notice.h"
#include "gui/table/sectionlist.h"
#include "gui/table/structuretable.h"
#include "gui/table/structurewords.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/sqlhighlighter.h"
#include "models/plaintext.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace Roost {

StructureView::StructureView(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget)
    , m_sections(new SectionList)
    , m_scroll(new QScrollArea)
{
    setObjectName(QStringLiteral("structureView"));
    setAccessibleName(tr("Structure"));
    m_scroll->setObjectName(QStringLiteral("structureScroll"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);

    auto *loading = new QLabel(tr("Loading…"));
    loading->setAlignment(Qt::AlignCenter);
    loading->setProperty("role", QStringLiteral("subtle"));
    auto *page = new QWidget;
    auto *row = new QHBoxLayout(page);
    row->setContentsMargins(Spacing::card, Spacing::card, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sections);
    row->addWidget(m_scroll, 1);
    m_stack->addWidget(loading);
    m_stack->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_sections, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem *item) { choose(item); });
    connect(m_sections, &QListWidget::itemClicked, this, [this](const QListWidgetItem *item) { choose(item); });
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, &StructureView::followScroll);
}

void StructureView::setLoading()
{
    if (m_headings.isEmpty()) {
        m_stack->setCurrentIndex(0);
    }
}

void StructureView::show(const TableDescription &description)
{
    const int before = m_scroll->verticalScrollBar()->value();
    m_headings.clear();
    auto *page = new QWidget;
    page->setProperty("page", true);
    m_layout = new QVBoxLayout(page);
    m_layout->setContentsMargins(Spacing::page, 0, Spacing::page, Spacing::page);
    m_layout->setSpacing(Spacing::unit);
    addFacts(description);
    addColumns(description);
    addConstraintsAndLinks(description);
    addDetails({tr("Triggers"), QStringLiteral("structureTriggers"), tr("Fires")}, description.triggers);
    addPartitions(description);
    addDetails({description.rowSecurity.isEmpty() ? tr("Policies (row security is off)") : tr("Policies"),
                QStringLiteral("structurePolicies"), tr("Applies")},
               description.policies);
    addDetails({tr("Rules"), QStringLiteral("structureRules"), tr("Definition")}, description.rules);
    addDetails({tr("Extended statistics"), QStringLiteral("structureStatistics"), tr("Definition")},
               description.statistics);
    addText(tr("Definition"), QStringLiteral("structureDefinition"), description.viewDefinition);
    m_layout->addStretch();
    m_scroll->setWidget(page);
    fillSections();
    m_stack->setCurrentIndex(1);
    // Read again, it stays where it was; the layout knows its height only later.
    QTimer::singleShot(0, this, [this, before] { m_scroll->verticalScrollBar()->setValue(before); });
}

void StructureView::addFacts(const TableDescription &description)
{
    const RelationInfo &relation = description.relation;
    auto *line = paragraph(StructureWords::facts(description).join(QStringLiteral(" · ")));
    line->setObjectName(QStringLiteral("structureFacts"));
    line->setProperty("role", QStringLiteral("subtle"));
    line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_layout->addWidget(line);
    if (description.tableBytes >= 0) {
        auto *size = subtleLabel(StructureWords::sizes(description).join(QStringLiteral(" · ")));
        size->setObjectName(QStringLiteral("structureSizes"));
        m_layout->addWidget(size);
    }
    if (!relation.comment.isEmpty()) {
        auto *comment = paragraph(relation.comment);
        comment->setObjectName(QStringLiteral("structureComment"));
        comment->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_layout->addWidget(comment);
    }
    if (description.isLocked) {
        auto *notice = new Notice;
        notice->setObjectName(QStringLiteral("structureNotice"));
        notice->say(Tone::Warning, tr("Somebody is changing this right now."),
                    tr("Defaults, indexes and other definitions would have to wait for that, and are left out. Read "
                       "again in a moment (F5)."));
        m_layout->addWidget(notice);
    }
}

void StructureView::addColumns(const TableDescription &description)
{
    QList<StructureTable::Row> rows;
    for (const ColumnInfo &column : description.columns) {
        const QStringList cells{column.name,
                                column.type,
                                column.isKey ? tr("key") : QString(),
                                column.notNull ? tr("no") : tr("yes"),
                                StructureWords::defaultText(column),
                                StructureWords::typeFacts(column),
                                column.comment,
                                column.collation,
                                column.storage,
                                column.compression,
                                column.statisticsTarget,
                                column.options.join(QStringLiteral(", "))};
        rows += StructureTable::Row{cells, {}, {}};
    }
    addTable(tr("Columns"), new StructureTable(QStringLiteral("structureColumns"), tr("Columns"),
                                               {tr("Name"), tr("Type"), tr("Key"), tr("May be NULL"), tr("Default"),
                                                tr("Values or base"), tr("Comment"), tr("Collation"), tr("Storage"),
                                                tr("Compression"), tr("Statistics"), tr("Options")},
                                               rows));
}

void StructureView::addConstraintsAndLinks(const TableDescription &description)
{
    addDetails({tr("Keys"), QStringLiteral("structureKeys"), tr("Definition")}, description.keys);
    addDetails({tr("Indexes"), QStringLiteral("structureIndexes"), tr("Definition")}, description.indexes);
    addDetails({tr("Check constraints"), QStringLiteral("structureChecks"), tr("Condition")}, description.checks);
    addLinks(tr("Foreign keys"), QStringLiteral("structureForeignKeys"), description.links, description.foreignKeys,
             false);
    addLinks(tr("Referenced by"), QStringLiteral("structureReferencedBy"), description.incomingLinks,
             description.referencedBy, true);
}

void StructureView::addDetails(const Detail &section, const QList<TableDetail> &details)
{
    QList<StructureTable::Row> rows;
    for (const TableDetail &detail : details) {
        const QString brief = StructureWords::shortDefinition(detail.definition);
        const QString whole = brief == detail.definition ? QString() : detail.definition;
        rows += StructureTable::Row{{detail.name, detail.note, detail.comment, brief}, {}, {{}, {}, {}, whole}};
    }
    if (!rows.isEmpty()) {
        const QStringList headers{tr("Name"), tr("State"), tr("Comment"), section.definitionTitle};
        addTable(section.title, new StructureTable(section.objectName, section.title, headers, rows));
    }
}

void StructureView::addLinks(const QString &title, const QString &objectName, const QList<ForeignKey> &links,
                             const QList<TableDetail> &details, bool isIncoming)
{
    QList<StructureTable::Row> rows;
    for (qsizetype i = 0; i < links.size(); ++i) {
        const ForeignKey &link = links.at(i);
        const TableId other = isIncoming ? link.from : link.to;
        const QString own = (isIncoming ? link.toColumns : link.columns).join(QStringLiteral(", "));
        const QString theirs = QStringLiteral("%1 (%2)").arg(
            StructureWords::nameOf(other), (isIncoming ? link.columns : link.toColumns).join(QStringLiteral(", ")));
        const QString hint = tr("Enter or a click opens %1").arg(StructureWords::nameOf(other));
        rows += StructureTable::Row{
            {link.name, own, theirs, details.value(i).comment, StructureWords::linkRules(details.value(i).definition)},
            other,
            {QString(), QString(), hint}};
    }
    if (!rows.isEmpty()) {
        constexpr int linkColumn = 2;
        auto *table =
            new StructureTable(objectName, title,
                               {tr("Name"), tr("Columns"), isIncoming ? tr("Referred to by") : tr("Refers to"),
                                tr("Comment"), tr("Rules")},
                               rows, linkColumn);
        connect(table, &StructureTable::tableRequested, this, &StructureView::tableRequested);
        addTable(title, table);
    }
}

void StructureView::addPartitions(const TableDescription &description)
{
    QList<StructureTable::Row> facts;
    for (const TableDetail &part : description.partitioning) {
        facts += StructureTable::Row{{part.name, part.definition}, {}, {}};
    }
    if (!facts.isEmpty()) {
        addTable(tr("Partitioning"), new StructureTable(QStringLiteral("structurePartitioning"), tr("Partitioning"),
                                                        {tr("What"), tr("Definition")}, facts));
    }
    QList<StructureTable::Row> rows;
    for (const TableDetail &part : description.partitions) {
        rows += StructureTable::Row{
            {part.name, part.note, part.definition}, part.table, {tr("Enter or a click opens %1").arg(part.name)}};
    }
    if (!rows.isEmpty()) {
        const bool areParts = description.relation.kind == RelationKind::PartitionedTable;
        const QString title = areParts ? tr("Partitions") : tr("Tables that inherit from it");
        auto *table = new StructureTable(QStringLiteral("structurePartitions"), title,
                                         {tr("Table"), tr("Kind"), tr("Bounds")}, rows, 0);
        connect(table, &StructureTable::tableRequested, this, &StructureView::tableRequested);
        addTable(title, table);
    }
}

void StructureView::addText(const QString &title, const QString &objectName, const QString &text)
{
    if (text.isEmpty()) {
        return;
    }
    addHeading(title, 0);
    auto *card = new Card;
    auto *view = new QPlainTextEdit;
    view->setObjectName(objectName);
    view->setAccessibleName(title);
    view->setReadOnly(true);
    view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    view->setLineWrapMode(QPlainTextEdit::NoWrap);
    view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    view->setFrameShape(QFrame::NoFrame);
    view->setProperty("role", QStringLiteral("mono"));
    view->setProperty("plain", true);
    view->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    view->setTabChangesFocus(true);
    new SqlHighlighter(view->document());
    view->setPlainText(text.trimmed());
    constexpr int mostLines = 40;
    const int lines = qMin(view->document()->blockCount(), mostLines) + 1;
    view->setFixedHeight(lines * view->fontMetrics().lineSpacing() + 2 * Spacing::card);
    card->body()->setContentsMargins(2, 2, 2, 2);
    card->body()->addWidget(view);
    m_layout->addWidget(card);
}

void StructureView::addTable(const QString &title, StructureTable *table)
{
    addHeading(title, table->model()->rowCount());
    auto *card = new Card;
    card->body()->setContentsMargins(2, 2, 2, 2);
    card->body()->addWidget(table);
    m_layout->addWidget(card);
}

void StructureView::addHeading(const QString &title, qsizetype count)
{
    m_layout->addSpacing(Spacing::unit);
    auto *row = new QHBoxLayout;
    row->setSpacing(Spacing::unit);
    QLabel *heading = headingLabel(title);
    row->addWidget(heading);
    if (count > 0) {
        row->addWidget(subtleLabel(countText(count)));
    }
    row->addStretch();
    m_layout->addLayout(row);
    m_headings += Section{title, count, heading};
}

void StructureView::fillSections()
{
    const QSignalBlocker quiet(m_sections);
    const int before = m_sections->currentRow();
    m_sections->clear();
    for (const Section &section : std::as_const(m_headings)) {
        m_sections->add(section.title, section.count);
    }
    m_sections->setCurrentRow(before < m_sections->count() && before >= 0 ? before : 0);
    m_sections->fit();
}

void StructureView::choose(const QListWidgetItem *item)
{
    const int row = item ? m_sections->row(item) : -1;
    if (row < 0 || row >= m_headings.size() || m_isChoosing) {
        return;
    }
    m_isChoosing = true;
    const int top = m_headings.at(row).heading->mapTo(m_scroll->widget(), QPoint()).y();
    m_scroll->verticalScrollBar()->setValue(row == 0 ? 0 : top - Spacing::unit);
    m_isChoosing = false;
}

void StructureView::followScroll()
{
    if (m_isChoosing || m_headings.isEmpty()) {
        return;
    }
    const int y = m_scroll->verticalScrollBar()->value();
    int row = 0;
    for (int i = 0; i < m_headings.size(); ++i) {
        const int top = m_headings.at(i).heading->mapTo(m_scroll->widget(), QPoint()).y();
        row = top <= y + Spacing::row ? i : row;
    }
    const QSignalBlocker quiet(m_sections);
    m_sections->setCurrentRow(row);
}

bool StructureView::copySelection()
{
    for (StructureTable *table : findChildren<StructureTable *>()) {
        if (table->hasFocus()) {
            table->copySelected();
            return true;
        }
    }
    return false;
}

} // namespace Roost

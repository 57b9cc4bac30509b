#include "gui/table/structureview.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/plaintable.h"
#include "models/plaintext.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace Roost {

namespace {

QString defaultText(const ColumnInfo &column)
{
    if (!column.identity.isEmpty()) {
        return StructureView::tr("generated %1 as identity").arg(column.identity);
    }
    if (column.generated) {
        return StructureView::tr("computed: %1").arg(column.defaultExpression);
    }
    return column.defaultExpression;
}

QLabel *selectable(const QString &text, const char *role)
{
    QLabel *label = roleLabel(text, role);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setWordWrap(true);
    return label;
}

} // namespace

StructureView::StructureView(QWidget *parent)
    : QScrollArea(parent)
{
    setObjectName(QStringLiteral("structureView"));
    setAccessibleName(tr("Structure"));
    setWidgetResizable(true);
    setFrameShape(NoFrame);
}

void StructureView::show(const TableDescription &description)
{
    auto *page = new QWidget;
    page->setProperty("page", true);
    m_layout = new QVBoxLayout(page);
    m_layout->setContentsMargins(Spacing::page, Spacing::card, Spacing::page, Spacing::page);
    m_layout->setSpacing(Spacing::unit);

    QStringList facts{relationKindName(description.relation.kind), tr("owner %1").arg(description.relation.owner)};
    if (description.relation.sizeBytes >= 0) {
        facts += tr("%1 with indexes").arg(sizeText(description.relation.sizeBytes));
    }
    m_layout->addWidget(subtleLabel(facts.join(QStringLiteral(" · "))));
    if (!description.relation.comment.isEmpty()) {
        m_layout->addWidget(paragraph(description.relation.comment));
    }
    addColumns(description);
    addDetails(tr("Indexes"), QStringLiteral("structureIndexes"), description.indexes);
    addDetails(tr("Check constraints"), QStringLiteral("structureChecks"), description.checks);
    addDetails(tr("Foreign keys"), QStringLiteral("structureForeignKeys"), description.foreignKeys);
    addDetails(tr("Referenced by"), QStringLiteral("structureReferencedBy"), description.referencedBy);
    addDetails(tr("Triggers"), QStringLiteral("structureTriggers"), description.triggers);
    addText(tr("Definition"), QStringLiteral("structureDefinition"), description.viewDefinition);
    m_layout->addStretch();
    setWidget(page);
}

void StructureView::addHeading(const QString &title, qsizetype count)
{
    m_layout->addSpacing(Spacing::unit);
    auto *row = new QHBoxLayout;
    row->setSpacing(Spacing::unit);
    row->addWidget(headingLabel(title));
    if (count > 0) {
        row->addWidget(subtleLabel(countText(count)));
    }
    row->addStretch();
    m_layout->addLayout(row);
}

void StructureView::addColumns(const TableDescription &description)
{
    addHeading(tr("Columns"), description.columns.size());
    auto *table = new PlainTable({tr("Name"), tr("Type"), tr("May be NULL"), tr("Default"), tr("Key"), tr("Comment")});
    table->setObjectName(QStringLiteral("structureColumns"));
    table->setAccessibleName(tr("Columns"));
    for (const ColumnInfo &column : description.columns) {
        const QString type =
            column.collation.isEmpty() ? column.type : tr("%1, collation %2").arg(column.type, column.collation);
        table->addRow({column.name, type, column.notNull ? tr("no") : tr("yes"), defaultText(column),
                       column.isKey ? tr("key") : QString(), column.comment});
    }
    table->fit();
    auto *card = new Card;
    card->body()->setContentsMargins(2, 2, 2, 2);
    card->body()->addWidget(table);
    m_layout->addWidget(card);
}

void StructureView::addDetails(const QString &title, const QString &objectName, const QList<TableDetail> &details)
{
    if (details.isEmpty()) {
        return;
    }
    addHeading(title, details.size());
    auto *card = new Card;
    card->setObjectName(objectName);
    card->setAccessibleName(title);
    card->body()->setSpacing(Spacing::unit);
    for (const TableDetail &detail : details) {
        if (&detail != &details.first()) {
            card->body()->addWidget(hairline());
        }
        card->body()->addWidget(selectable(detail.name, "strong"));
        card->body()->addWidget(selectable(detail.definition, "mono"));
    }
    m_layout->addWidget(card);
}

void StructureView::addText(const QString &title, const QString &objectName, const QString &text)
{
    if (text.isEmpty()) {
        return;
    }
    addHeading(title, 0);
    auto *card = new Card;
    card->setObjectName(objectName);
    card->body()->addWidget(selectable(text, "mono"));
    m_layout->addWidget(card);
}

} // namespace Roost

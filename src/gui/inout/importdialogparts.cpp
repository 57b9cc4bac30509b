// What the import's dialog is made of.
#include "gui/dialogs/notice.h"
#include "gui/inout/importdialectbar.h"
#include "gui/inout/importdialog.h"
#include "gui/inout/importmapping.h"
#include "gui/inout/importpreviewmodel.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSplitter>
#include <QTableView>

namespace Roost {

namespace {

/// A table in a frame of one hairline.
QWidget *framed(QTableView *view)
{
    auto *card = new Card;
    card->body()->setContentsMargins(1, 1, 1, 1);
    card->body()->addWidget(view);
    return card;
}

} // namespace

void ImportDialog::build()
{
    constexpr QSize usual(960, 660);
    constexpr int edge = 24;
    constexpr int gap = 12;
    resize(usual);
    setResizable();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(edge, edge, edge, edge - 4);
    layout->setSpacing(gap);
    layout->addWidget(headingLabel(tr("Import into %1").arg(m_tableId.name)));
    layout->addWidget(buildFile());
    layout->addWidget(m_dialect);
    layout->addWidget(buildMiddle(), 1);
    m_warnings->setObjectName(QStringLiteral("importWarnings"));
    m_warnings->setTextFormat(Qt::PlainText);
    m_warnings->setWordWrap(true);
    m_warnings->setProperty("role", QStringLiteral("warning"));
    m_warnings->hide();
    layout->addWidget(m_warnings);
    m_notice->setObjectName(QStringLiteral("importNotice"));
    layout->addWidget(m_notice);
    layout->addWidget(buildConflicts());
    layout->addWidget(buildButtons());
}

QWidget *ImportDialog::buildFile()
{
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    auto *label = new QLabel(tr("&File"));
    label->setBuddy(m_file);
    m_file->setObjectName(QStringLiteral("importFileField"));
    m_file->setAccessibleName(tr("File to read"));
    m_file->setPlaceholderText(tr("CSV, TSV or NDJSON"));
    auto *choose = new QPushButton(tr("&Choose…"));
    choose->setObjectName(QStringLiteral("importChooseButton"));
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &ImportDialog::chooseFile);
    layout->addWidget(label);
    layout->addWidget(m_file, 1);
    layout->addWidget(choose);
    return line;
}

QWidget *ImportDialog::buildMiddle()
{
    m_mappingView->setObjectName(QStringLiteral("importMapping"));
    m_mappingView->setAccessibleName(tr("Columns for the fields of the file"));
    m_mappingView->setModel(m_mapping);
    m_rowsView->setObjectName(QStringLiteral("importPreview"));
    m_rowsView->setAccessibleName(tr("The first rows of the file"));
    m_rowsView->setModel(m_rows);
    m_rowsView->setItemDelegate(new ImportPreviewDelegate(m_rowsView));
    m_rowsView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rowsView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_rowsView->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rowsView->setWordWrap(false);
    m_rowsView->setTabKeyNavigation(false);
    m_rowsView->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_rowsView->setCornerButtonEnabled(false);
    m_rowsView->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_rowsView->verticalHeader()->setDefaultSectionSize(Spacing::row);
    m_rowsView->verticalHeader()->setHighlightSections(false);
    m_rowsView->verticalHeader()->setSectionsClickable(false);
    m_rowsView->verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_rowsView->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_rowsView->horizontalHeader()->setHighlightSections(false);
    m_rowsView->horizontalHeader()->setSectionsClickable(false);

    auto *middle = new QSplitter(Qt::Horizontal);
    middle->setObjectName(QStringLiteral("importSplitter"));
    middle->setChildrenCollapsible(false);
    middle->setHandleWidth(Spacing::unit);
    middle->addWidget(framed(m_mappingView));
    middle->addWidget(framed(m_rowsView));
    middle->setStretchFactor(1, 1);
    constexpr int mappingWidth = 300;
    constexpr int previewWidth = 600;
    middle->setSizes({mappingWidth, previewWidth});
    constexpr int leastHeight = 150;
    middle->setMinimumHeight(leastHeight);
    return middle;
}

QWidget *ImportDialog::buildConflicts()
{
    auto *part = new QWidget;
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(roleLabel(tr("When a row with the same key is there already"), "small"));
    auto *line = new QHBoxLayout;
    constexpr int between = 20;
    line->setSpacing(between);
    auto *group = new QButtonGroup(this);
    const std::pair<QRadioButton *, const char *> choices[]{
        {m_fail, "conflictFail"}, {m_skip, "conflictSkip"}, {m_update, "conflictUpdate"}};
    for (const auto &[radio, name] : choices) {
        radio->setObjectName(QLatin1String(name));
        group->addButton(radio);
        line->addWidget(radio);
    }
    m_fail->setChecked(true);
    line->addStretch();
    layout->addLayout(line);
    m_conflictHint->setObjectName(QStringLiteral("conflictHint"));
    m_conflictHint->setWordWrap(true);
    m_conflictHint->hide();
    layout->addWidget(m_conflictHint);
    return part;
}

QWidget *ImportDialog::buildButtons()
{
    auto *line = new QWidget;
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, Spacing::unit, 0, 0);
    layout->setSpacing(Spacing::unit);
    m_check->setObjectName(QStringLiteral("checkButton"));
    m_check->setAutoDefault(false);
    m_check->setToolTip(tr("Reads the whole file and tries every value, without changing anything"));
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    cancel->setAutoDefault(false);
    m_import->setObjectName(QStringLiteral("importButton"));
    m_import->setProperty("kind", QStringLiteral("primary"));
    m_import->setDefault(true);
    connect(m_check, &QPushButton::clicked, this, &ImportDialog::check);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_import, &QPushButton::clicked, this, &ImportDialog::importRequested);
    layout->addWidget(m_check);
    layout->addStretch();
    layout->addWidget(cancel);
    layout->addWidget(m_import);
    return line;
}

} // namespace Roost

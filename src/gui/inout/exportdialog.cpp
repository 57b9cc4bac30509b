#include "gui/inout/exportdialog.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/fold.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/terminalline.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"
#include "storage/settings.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QStandardPaths>

namespace Roost {

namespace {

constexpr int typingPauseMs = 150;

struct Choice
{
    ExportFormat format;
    const char *suffix;
    const char *name;
    const char *hint;
};

const Choice choices[] = {
    {ExportFormat::Csv, "csv", QT_TRANSLATE_NOOP("Roost::ExportDialog", "CSV"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog",
                       "What psql's \\copy writes, byte for byte; Roost reads it back exactly.")},
    {ExportFormat::Tsv, "tsv", QT_TRANSLATE_NOOP("Roost::ExportDialog", "TSV (tabs)"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog", "As CSV, with tabs: pastes well into a spreadsheet.")},
    {ExportFormat::Xlsx, "xlsx", QT_TRANSLATE_NOOP("Roost::ExportDialog", "Excel workbook"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog", "Numbers that Excel would round stay texts; 1,048,575 rows at most.")},
    {ExportFormat::Json, "json", QT_TRANSLATE_NOOP("Roost::ExportDialog", "JSON"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog",
                       "One array of objects; numeric and dates as texts, so that none changes.")},
    {ExportFormat::NdJson, "ndjson", QT_TRANSLATE_NOOP("Roost::ExportDialog", "NDJSON (an object a line)"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog", "For programs that read line by line, and for reading it back.")},
    {ExportFormat::SqlInsert, "sql", QT_TRANSLATE_NOOP("Roost::ExportDialog", "SQL: INSERT"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog", "Statements that any PostgreSQL runs; sequences are set at the end.")},
    {ExportFormat::SqlCopy, "sql", QT_TRANSLATE_NOOP("Roost::ExportDialog", "SQL: COPY"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog", "The fastest to read back, with psql -f; sequences are set at the end.")},
    {ExportFormat::Markdown, "md", QT_TRANSLATE_NOOP("Roost::ExportDialog", "Markdown table"),
     QT_TRANSLATE_NOOP("Roost::ExportDialog", "For a README or an issue.")},
};

QLabel *fieldLabel(const QString &text, QWidget *buddy = nullptr)
{
    auto *label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

} // namespace

ExportDialog::ExportDialog(Services &services, const DatabaseRef &database, const TableQuery &query,
                           qint64 expectedRows, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_database(database)
    , m_query(query)
    , m_expectedRows(expectedRows)
    , m_format(new QComboBox)
    , m_formatHint(subtleLabel({}))
    , m_file(new QLineEdit)
    , m_header(new QCheckBox(tr("First line with the columns' &names")))
    , m_delimiter(new QComboBox)
    , m_delimiterLabel(fieldLabel(tr("&Between values"), m_delimiter))
    , m_replace(new QCheckBox(tr("&Replace the file that is there")))
    , m_columns(new QListWidget)
    , m_columnsFold(new Fold)
    , m_command(new DetailView(this))
    , m_commandFold(new Fold)
    , m_notice(new Notice)
    , m_export(new QPushButton(tr("&Export")))
{
    setObjectName(QStringLiteral("ExportDialog"));
    setWindowTitle(tr("Export %1").arg(query.table.name));
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPauseMs);
    build();
    connect(&m_pause, &QTimer::timeout, this, &ExportDialog::look);
    connect(m_file, &QLineEdit::textChanged, this, &ExportDialog::fileChanged);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::formatChanged);
    connect(m_delimiter, &QComboBox::currentIndexChanged, this, &ExportDialog::update);
    connect(m_header, &QCheckBox::toggled, this, &ExportDialog::update);
    connect(m_replace, &QCheckBox::toggled, this, &ExportDialog::update);
    connect(m_columns, &QListWidget::itemChanged, this, &ExportDialog::update);
    const QString used = services.settings ? services.settings->lastFolder(QStringLiteral("export")) : QString();
    const QString folder = used.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) : used;
    m_file->setText(QDir::cleanPath(folder + u'/' + query.table.name + QStringLiteral(".csv")));
    formatChanged();
}

void ExportDialog::build()
{
    constexpr int edge = 24;
    constexpr int gap = 12;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(edge, edge, edge, edge - 4);
    layout->setSpacing(gap);
    auto *heading = new QLabel(tr("Export %1").arg(m_query.table.name));
    heading->setTextFormat(Qt::PlainText);
    heading->setProperty("role", QStringLiteral("heading"));
    layout->addWidget(heading);
    buildWhat();
    buildColumns();
    layout->addWidget(m_columnsFold);
    m_command->setVisibleLines(4);
    m_commandFold->setTitle(tr("What does the same in a &terminal"));
    m_commandFold->setContent(m_command);
    layout->addWidget(m_commandFold);
    m_notice->setObjectName(QStringLiteral("exportNotice"));
    layout->addWidget(m_notice);
    m_replace->setObjectName(QStringLiteral("replaceCheck"));
    m_replace->hide();
    layout->addWidget(m_replace);

    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    cancel->setAutoDefault(false);
    m_export->setObjectName(QStringLiteral("exportButton"));
    m_export->setProperty("kind", QStringLiteral("primary"));
    m_export->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_export, &QPushButton::clicked, this, &QDialog::accept);
    buttons->addWidget(cancel);
    buttons->addWidget(m_export);
    layout->addSpacing(Spacing::unit);
    layout->addLayout(buttons);
    constexpr int width = 620;
    setMinimumWidth(width);
}

/// The grid of fields.
void ExportDialog::buildWhat()
{
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(Spacing::card);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(1, 1);
    auto *rows = new QLabel(m_query.filter.isEmpty()
                                ? (m_expectedRows < 0 ? tr("all") : tr("all, about %1").arg(countText(m_expectedRows)))
                                : tr("those of the filter that is set"));
    rows->setObjectName(QStringLiteral("rowsValue"));
    QLabel *rowsLabel = subtleLabel(tr("Rows"));
    grid->addWidget(rowsLabel, 0, 0);
    grid->addWidget(rows, 0, 1);

    for (const Choice &choice : choices) {
        m_format->addItem(tr(choice.name), int(choice.format));
    }
    m_format->setObjectName(QStringLiteral("formatCombo"));
    m_format->setAccessibleName(tr("Format"));
    grid->addWidget(fieldLabel(tr("F&ormat"), m_format), 1, 0);
    grid->addWidget(m_format, 1, 1);
    m_formatHint->setWordWrap(true);
    grid->addWidget(m_formatHint, 2, 1);

    auto *file = new QHBoxLayout;
    m_file->setObjectName(QStringLiteral("fileField"));
    m_file->setAccessibleName(tr("File to write"));
    auto *choose = new QPushButton(tr("&Choose…"));
    choose->setObjectName(QStringLiteral("chooseButton"));
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    file->addWidget(m_file, 1);
    file->addWidget(choose);
    grid->addWidget(fieldLabel(tr("&File"), m_file), 3, 0);
    grid->addLayout(file, 3, 1);

    m_delimiter->addItem(tr("comma"), QStringLiteral(","));
    m_delimiter->addItem(tr("semicolon (spreadsheets in much of Europe)"), QStringLiteral(";"));
    m_delimiter->addItem(tr("vertical bar"), QStringLiteral("|"));
    m_delimiter->setObjectName(QStringLiteral("delimiterCombo"));
    m_delimiter->setAccessibleName(tr("Between values"));
    grid->addWidget(m_delimiterLabel, 4, 0);
    grid->addWidget(m_delimiter, 4, 1);
    m_header->setObjectName(QStringLiteral("headerCheck"));
    m_header->setChecked(true);
    grid->addWidget(m_header, 5, 1);
    static_cast<QVBoxLayout *>(layout())->addLayout(grid);
}

void ExportDialog::buildColumns()
{
    for (const RowColumn &column : std::as_const(m_query.columns)) {
        auto *item = new QListWidgetItem(QStringLiteral("%1  ·  %2").arg(column.name, column.shortType), m_columns);
        item->setData(Qt::UserRole, column.name);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Checked);
    }
    constexpr int height = 168;
    m_columns->setObjectName(QStringLiteral("columnsList"));
    m_columns->setAccessibleName(tr("Columns"));
    m_columns->setFixedHeight(height);
    m_columnsFold->setContent(m_columns);
    m_columnsFold->setVisible(m_columns->count() > 0);
}

ExportFormat ExportDialog::format() const
{
    return ExportFormat(m_format->currentData().toInt());
}

QString ExportDialog::file() const
{
    return m_file->text().trimmed();
}

/// Empty: all of them.
QStringList ExportDialog::columns() const
{
    QStringList names;
    for (int i = 0; i < m_columns->count(); ++i) {
        if (m_columns->item(i)->checkState() == Qt::Checked) {
            names += m_columns->item(i)->data(Qt::UserRole).toString();
        }
    }
    return names.size() == m_columns->count() ? QStringList() : names;
}

void ExportDialog::formatChanged()
{
    const Choice &choice = choices[m_format->currentIndex()];
    m_formatHint->setText(tr(choice.hint));
    const QFileInfo now(file());
    const bool hasOurs = std::any_of(std::begin(choices), std::end(choices),
                                     [&now](const Choice &each) { return now.suffix() == QLatin1String(each.suffix); });
    if (hasOurs) {
        m_file->setText(now.path() + u'/' + now.completeBaseName() + u'.' + QLatin1String(choice.suffix));
    }
    const bool isCsv = choice.format == ExportFormat::Csv;
    m_delimiter->setVisible(isCsv);
    m_delimiterLabel->setVisible(isCsv);
    m_header->setVisible(isCsv || choice.format == ExportFormat::Tsv || choice.format == ExportFormat::Xlsx);
    update();
}

void ExportDialog::fileChanged()
{
    m_facts = {};
    m_pause.start();
    update();
}

void ExportDialog::look()
{
    readTargetFacts(m_services, file(), this, [this](const TargetFacts &facts) { take(facts); });
}

void ExportDialog::take(const TargetFacts &facts)
{
    if (facts.file != file()) {
        return; // typed on meanwhile
    }
    m_facts = facts;
    m_replace->setVisible(facts.isTaken);
    if (!facts.folderExists) {
        m_notice->say(Tone::Danger, tr("There is no such folder"),
                      tr("Choose a folder that exists, or make it first."));
    } else if (facts.isTaken) {
        m_notice->say(Tone::Warning, tr("There is a file of this name"),
                      tr("It stays as it is unless you allow it to be replaced."));
    } else {
        m_notice->clear();
    }
    update();
}

void ExportDialog::chooseFile()
{
    m_services.prompts->saveFile(this, tr("Export to"), file(), tr("All files (*)"),
                                 [field = QPointer<QLineEdit>(m_file)](const QString &path) {
                                     if (field) {
                                         field->setText(path);
                                     }
                                 });
}

QString ExportDialog::terminalLine() const
{
    static const QMap<ExportFormat, QString> names{
        {ExportFormat::Csv, QStringLiteral("csv")},          {ExportFormat::Tsv, QStringLiteral("tsv")},
        {ExportFormat::Json, QStringLiteral("json")},        {ExportFormat::NdJson, QStringLiteral("ndjson")},
        {ExportFormat::SqlInsert, QStringLiteral("insert")}, {ExportFormat::SqlCopy, QStringLiteral("copy")},
        {ExportFormat::Xlsx, QStringLiteral("xlsx")},        {ExportFormat::Markdown, QStringLiteral("markdown")}};
    const ExportRequest what = request();
    const QString select =
        QStringLiteral("SELECT %1 FROM %2")
            .arg(what.columns.isEmpty() ? QStringLiteral("*") : what.columns.join(u','), m_query.table.quoted());
    QString line =
        QStringLiteral("roost-cli export %1/%2 %3 --to %4 --format %5")
            .arg(TerminalLine::quoted(m_database.instance.name), TerminalLine::quoted(m_database.database()),
                 TerminalLine::quoted(m_query.table.name), TerminalLine::quoted(file()), names.value(format()));
    if (format() == ExportFormat::Csv && m_query.filter.isEmpty()) {
        const QString copy = QStringLiteral("\\copy (%1) to '%2' csv%3")
                                 .arg(select, file(), what.header ? QStringLiteral(" header") : QString());
        line += u'\n' + TerminalLine::psql(m_database.spec.parameters) + QStringLiteral(" -c ") +
                TerminalLine::quoted(copy);
    }
    return line;
}

void ExportDialog::update()
{
    const QStringList chosen = columns();
    const qsizetype count = chosen.isEmpty() ? m_columns->count() : chosen.size();
    bool isAnyChosen = m_columns->count() == 0;
    for (int i = 0; i < m_columns->count(); ++i) {
        isAnyChosen = isAnyChosen || m_columns->item(i)->checkState() == Qt::Checked;
    }
    m_columnsFold->setTitle(chosen.isEmpty() && isAnyChosen
                                ? tr("Co&lumns: all %1").arg(count)
                                : tr("Co&lumns: %1 of %2").arg(isAnyChosen ? count : 0).arg(m_columns->count()));
    m_command->setText(terminalLine());
    const bool isPlaceUsable =
        m_facts.file == file() && m_facts.folderExists && (!m_facts.isTaken || m_replace->isChecked());
    m_export->setEnabled(isPlaceUsable && isAnyChosen);
}

ExportRequest ExportDialog::request() const
{
    ExportRequest request;
    request.query = m_query;
    request.columns = columns();
    request.format = format();
    request.file = file();
    request.overwrite = m_facts.isTaken && m_replace->isChecked();
    request.header = m_header->isChecked();
    request.delimiter = m_delimiter->currentData().toString().at(0);
    request.expectedRows = m_expectedRows;
    return request;
}

} // namespace Roost

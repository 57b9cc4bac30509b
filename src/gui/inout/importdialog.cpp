#include "gui/inout/importdialog.h"

#include "gui/dialogs/notice.h"
#include "gui/inout/importdialectbar.h"
#include "gui/inout/importmapping.h"
#include "gui/inout/importpreviewmodel.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/plaintext.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "storage/settings.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QStandardPaths>
#include <QTableView>

#include <algorithm>
#include <limits>

namespace Roost {

namespace {

constexpr int pauseMs = 150;
constexpr qsizetype namesShown = 8;

/// For %n, which is an int.
int plural(qint64 count)
{
    return int(qMin<qint64>(count, std::numeric_limits<int>::max()));
}

QString listed(const QStringList &names)
{
    const QString list = names.mid(0, namesShown).join(QStringLiteral(", "));
    return names.size() > namesShown ? list + QStringLiteral(", …") : list;
}

} // namespace

ImportDialog::ImportDialog(Services &services, const DatabaseRef &database, const TableId &table, const QString &file,
                           QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_database(database)
    , m_tableId(table)
    , m_file(new QLineEdit)
    , m_dialect(new ImportDialectBar)
    , m_mapping(new ImportMappingModel(this))
    , m_mappingView(new ImportMappingView)
    , m_rows(new ImportPreviewModel(this))
    , m_rowsView(new QTableView)
    , m_warnings(new QLabel)
    , m_notice(new Notice)
    , m_fail(new QRadioButton(tr("&Stop, and change nothing")))
    , m_skip(new QRadioButton(tr("&Leave the row that is there")))
    , m_update(new QRadioButton(tr("U&pdate it from the file")))
    , m_conflictHint(subtleLabel({}))
    , m_check(new QPushButton(tr("Chec&k")))
    , m_import(new QPushButton)
{
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import into %1").arg(table.name));
    build();
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &ImportDialog::look);
    connect(m_file, &QLineEdit::textChanged, this, &ImportDialog::fileChanged);
    connect(m_dialect, &ImportDialectBar::changed, this, &ImportDialog::dialectChanged);
    connect(m_mapping, &ImportMappingModel::mappingChanged, this, &ImportDialog::mappingChanged);
    connect(m_mappingView->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) {
                if (current.isValid() && m_rows->rowCount() > 0) {
                    const int top = qMax(0, m_rowsView->rowAt(0));
                    m_rowsView->scrollTo(m_rows->index(top, current.row()));
                }
            });
    m_file->setText(file);
    update();
    readTable();
}

ImportDialog::~ImportDialog()
{
    if (m_checking) {
        m_checking->cancel();
    }
}

QString ImportDialog::file() const
{
    return m_file->text().trimmed();
}

void ImportDialog::readTable()
{
    m_services.sessions->read<TableDescription>(
        m_database.instance, m_database.database(), this,
        [table = m_tableId](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::describe(connection, table, stop);
        },
        [this](const Result<TableDescription> &table) {
            if (!m_table) {
                setTable(table);
            }
        });
}

void ImportDialog::setTable(const Result<TableDescription> &table)
{
    if (!table) {
        m_notice->sayError(tr("What %1 looks like could not be read").arg(m_tableId.name), table.error());
        connect(m_notice->addButton(QStringLiteral("retryButton"), tr("Try again")), &QPushButton::clicked, this,
                [this] {
                    m_notice->clear();
                    readTable();
                });
        return;
    }
    m_table = *table;
    m_mapping->setTable(*table);
    look();
}

void ImportDialog::chooseFile()
{
    const QString used = m_services.settings ? m_services.settings->lastFolder(QStringLiteral("import")) : QString();
    const QString folder = !file().isEmpty() ? QFileInfo(file()).absolutePath()
                           : used.isEmpty()  ? QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)
                                             : used;
    m_services.prompts->openFile(this, tr("Choose a file to import"), folder,
                                 tr("Rows (*.csv *.tsv *.tab *.txt *.ndjson *.jsonl);;All files (*)"),
                                 [field = QPointer<QLineEdit>(m_file)](const QString &path) {
                                     if (field) {
                                         field->setText(path);
                                     }
                                 });
}

void ImportDialog::fileChanged()
{
    m_known.reset();
    m_isStale = true;
    m_pause.start();
    update();
}

void ImportDialog::dialectChanged()
{
    m_known = m_dialect->dialect();
    m_isStale = true;
    m_pause.start();
    update();
}

void ImportDialog::mappingChanged()
{
    m_rows->setMapping(m_mapping->mapping());
    if (m_preview && !m_isStale) {
        sayProblem(); // what a check said is of another mapping
    }
    update();
}

void ImportDialog::look()
{
    m_pause.stop();
    const int number = ++m_looks;
    if (!m_table) {
        return; // it is looked at once the table is known
    }
    if (file().isEmpty()) {
        take(failure(ErrorCode::Cancelled, {}));
        return;
    }
    QStringList names;
    for (const ColumnInfo &column : std::as_const(m_table->columns)) {
        names += column.name;
    }
    m_services.jobs->runQuietly<ImportPreview>(
        [file = file(), known = m_known, names](JobContext &) { return inspectImport(file, known, names); }, this,
        [this, number](const Result<ImportPreview> &preview) {
            if (number == m_looks) {
                take(preview);
            }
        });
}

void ImportDialog::take(const Result<ImportPreview> &preview)
{
    m_isStale = !preview;
    m_preview = preview ? std::optional(*preview) : std::nullopt;
    m_rows->setPreview(preview ? *preview : ImportPreview());
    m_mapping->setFields(preview ? preview->header : QStringList());
    m_rows->setMapping(m_mapping->mapping());
    m_dialect->offerNull(preview ? preview->likelyNull : QString());
    if (preview) {
        m_dialect->setDialect(preview->dialect);
        fitColumns();
        sayProblem();
    } else {
        m_notice->sayError(tr("This file cannot be imported"), preview.error());
        m_notice->setVisible(!preview.error().isCancelled());
    }
    update();
}

void ImportDialog::fitColumns()
{
    constexpr int narrowest = 56;
    constexpr int widest = 220;
    constexpr int air = 20;
    constexpr int measured = 60; // of a file with a thousand columns, the rest keeps its usual width
    for (int column = 0; column < qMin(measured, m_rows->columnCount()); ++column) {
        m_rowsView->resizeColumnToContents(column);
        m_rowsView->setColumnWidth(column, qBound(narrowest, m_rowsView->columnWidth(column) + air, widest));
    }
    if (m_rows->problemRow() >= 0) {
        m_rowsView->scrollTo(m_rows->index(m_rows->problemRow(), 0), QAbstractItemView::PositionAtCenter);
    }
}

/// A header that has a name twice is no obstacle once it is said which of them goes where.
bool ImportDialog::isProblemFatal() const
{
    if (!m_preview || !m_preview->problem) {
        return false;
    }
    QStringList header = m_preview->header;
    return m_preview->problemLine > 0 || header.removeDuplicates() == 0;
}

void ImportDialog::sayProblem()
{
    if (!m_preview->problem) {
        m_notice->clear();
    } else if (isProblemFatal()) {
        m_notice->sayError(tr("The file has a mistake. Mend it there, then choose it again."), *m_preview->problem);
    } else {
        m_notice->say(Tone::Warning, tr("Look at the columns"), m_preview->problem->message);
    }
}

QStringList ImportDialog::warnings() const
{
    QStringList lines;
    if (!m_preview || !m_table) {
        return lines;
    }
    if (!m_table->mayInsert) {
        lines += tr("You may not add rows to %1, so the server will probably refuse them.").arg(m_tableId.name);
    }
    const QStringList missing = m_mapping->missingColumns();
    if (!missing.isEmpty()) {
        lines += tr("Must have a value, and gets none from the file: %1").arg(listed(missing));
    }
    const QStringList leftOut = m_mapping->fieldsLeftOut();
    if (!leftOut.isEmpty()) {
        lines += tr("Left out, of the file: %1").arg(listed(leftOut));
    }
    return lines;
}

void ImportDialog::updateConflicts()
{
    QString hint;
    if (m_table) {
        const RelationKind kind = m_table->relation.kind;
        QStringList key;
        for (const ColumnInfo &column : std::as_const(m_table->columns)) {
            key += column.isKey ? QStringList(column.name) : QStringList();
        }
        const bool hasOther =
            std::any_of(m_table->indexes.begin(), m_table->indexes.end(),
                        [](const TableDetail &each) { return each.definition.startsWith(u"CREATE UNIQUE INDEX"); });
        const QStringList mapping = m_mapping->mapping();
        const bool isKeyMapped =
            std::all_of(key.begin(), key.end(), [&mapping](const QString &name) { return mapping.contains(name); });
        if (kind != RelationKind::Table && kind != RelationKind::PartitionedTable) {
            hint = tr("Rows can be recognised by their key only in tables.");
        } else if (key.isEmpty() && !hasOther) {
            hint = tr("%1 has no key, so it cannot be told which rows are there already.").arg(m_tableId.name);
        } else if (m_preview && !isKeyMapped && m_table->indexes.size() <= 1) {
            hint = tr("For the others, the key must come from the file: %1.").arg(listed(key));
        }
    }
    for (QRadioButton *radio : {m_skip, m_update}) {
        radio->setEnabled(m_table && hint.isEmpty());
        if (radio->isChecked() && !hint.isEmpty()) {
            m_fail->setChecked(true);
        }
    }
    m_conflictHint->setText(hint);
    m_conflictHint->setVisible(!hint.isEmpty());
}

bool ImportDialog::isReady() const
{
    const QStringList mapping = m_mapping->mapping();
    const bool isAnyMapped =
        std::any_of(mapping.begin(), mapping.end(), [](const QString &name) { return !name.isEmpty(); });
    return m_table && m_preview && !m_isStale && !isProblemFatal() && isAnyMapped;
}

void ImportDialog::update()
{
    updateConflicts();
    const QStringList lines = warnings();
    m_warnings->setText(lines.join(u'\n'));
    m_warnings->setVisible(!lines.isEmpty());
    m_dialect->setEnabled(m_preview.has_value());
    const qint64 rows = m_preview ? m_preview->estimatedRows : 0;
    m_import->setText(!m_preview           ? tr("&Import")
                      : m_preview->isWhole ? tr("&Import %Ln row(s)", nullptr, plural(rows))
                                           : tr("&Import about %Ln row(s)", nullptr, plural(rows)));
    m_import->setEnabled(isReady() && !m_checking);
    m_check->setEnabled(isReady() || m_checking);
    m_check->setText(m_checking ? tr("Stop chec&king") : tr("Chec&k"));
}

OnConflict ImportDialog::onConflict() const
{
    return m_skip->isChecked() ? OnConflict::Skip : m_update->isChecked() ? OnConflict::Update : OnConflict::Fail;
}

ImportRequest ImportDialog::request() const
{
    ImportRequest request;
    request.file = file();
    request.table = m_tableId;
    request.dialect = m_preview ? m_preview->dialect : ImportDialect();
    request.mapping = m_mapping->mapping();
    request.fields = m_mapping->fields();
    request.onConflict = onConflict();
    return request;
}

void ImportDialog::check()
{
    if (m_checking) {
        m_checking->cancel();
        return;
    }
    m_notice->say(Tone::Neutral, tr("Checking every line and value…"));
    m_checking = m_services.jobs->start<ImportReport>(
        tr("Check %1").arg(QFileInfo(file()).fileName()),
        [request = request(), spec = m_database.spec](JobContext &context) -> Result<ImportReport> {
            const auto connection = DatabaseConnection::open(spec, context.stopToken());
            return connection ? checkImport(**connection, request, context) : failure(connection.error());
        },
        this,
        [this, asked = request()](const Result<ImportReport> &report) {
            m_checking.clear();
            const ImportRequest now = request();
            if (now.file == asked.file && now.dialect == asked.dialect && now.mapping == asked.mapping && !m_isStale) {
                checked(report);
            }
            update();
        });
    update();
}

void ImportDialog::checked(const Result<ImportReport> &report)
{
    if (report) {
        m_notice->say(Tone::Good, tr("%Ln row(s) read: every value fits its column", nullptr, plural(report->rowsRead)),
                      tr("Nothing was changed. Keys and references are checked by the import itself, which takes all "
                         "rows or none."));
    } else if (report.error().isCancelled()) {
        sayProblem();
    } else {
        m_notice->sayError(tr("The import would stop here"), report.error());
    }
}

void ImportDialog::showAgain(const Error &error)
{
    m_pause.start(); // the file may have been mended meanwhile
    open();
    if (!error.isCancelled()) {
        m_notice->sayError(tr("Nothing was imported"), error);
    }
}

} // namespace Roost

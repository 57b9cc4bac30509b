#include "gui/backup/archiverowsview.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/shownjob.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/inset.h"
#include "models/archiverowsmodel.h"
#include "models/plaintext.h"
#include "operations/archiveexport.h"
#include "storage/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace Roost {

namespace {

using State = ArchiveRowsModel::State;

/// NULL is no text: slanted and pale.
class NullDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.data(ArchiveRowsModel::NullRole).toBool()) {
            option->font.setItalic(true);
            const Colors &colors = Theme::instance().colors();
            option->palette.setColor(QPalette::Text, colors.subtle);
            option->palette.setColor(QPalette::HighlightedText, colors.selectionSubtle);
        }
    }
};

} // namespace

ArchiveRowsView::ArchiveRowsView(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_model(new ArchiveRowsModel(services.jobs, this))
    , m_grid(new QTableView)
    , m_notice(new Notice)
    , m_count(subtleLabel({}))
    , m_more(new QPushButton(tr("Load &more")))
    , m_detail(new QWidget)
    , m_detailTitle(subtleLabel({}))
    , m_detailText(new QPlainTextEdit)
    , m_export(new QPushButton(tr("E&xport…")))
{
    m_grid->setObjectName(QStringLiteral("insideRows"));
    m_grid->setAccessibleName(tr("Rows in the backup"));
    m_grid->setModel(m_model);
    m_grid->setItemDelegate(new NullDelegate(m_grid));
    m_grid->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_grid->setWordWrap(false);
    m_grid->setTabKeyNavigation(false);
    m_grid->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_grid->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_grid->verticalHeader()->setDefaultSectionSize(Spacing::row);
    m_grid->horizontalHeader()->setHighlightSections(false);
    m_notice->setObjectName(QStringLiteral("insideRowsNotice"));
    m_detailText->setObjectName(QStringLiteral("insideValue"));
    m_detailText->setAccessibleName(tr("The chosen value"));
    m_detailText->setReadOnly(true);
    m_detailText->setTabChangesFocus(true);
    m_detailText->setProperty("plain", true);
    m_detailText->document()->setDocumentMargin(Spacing::card - 4);
    m_detailText->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_detailTitle->setObjectName(QStringLiteral("insideValueTitle"));
    auto *detail = new QVBoxLayout(m_detail);
    detail->setContentsMargins(0, 0, 0, 0);
    detail->setSpacing(0);
    m_detailTitle->setContentsMargins(Spacing::card, Spacing::unit, Spacing::card, Spacing::unit / 2);
    detail->addWidget(m_detailTitle);
    detail->addWidget(m_detailText, 1);
    auto *split = new QSplitter(Qt::Vertical);
    split->addWidget(m_grid);
    split->addWidget(m_detail);
    split->setStretchFactor(0, 1);
    split->setSizes({520, 110});
    split->setCollapsible(0, false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new Inset(m_notice, {Spacing::card, Spacing::unit, Spacing::card, Spacing::unit}));
    layout->addWidget(split, 1);
    layout->addWidget(hairline());
    layout->addWidget(makeFoot());
    setFocusProxy(m_grid);
    connect(m_model, &ArchiveRowsModel::stateChanged, this, &ArchiveRowsView::showState);
    connect(m_grid->selectionModel(), &QItemSelectionModel::currentChanged, this, &ArchiveRowsView::showValue);
    m_detail->hide();
}

QWidget *ArchiveRowsView::makeFoot()
{
    auto *foot = new QWidget;
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(Spacing::card, Spacing::unit / 2, Spacing::card, Spacing::unit / 2);
    m_count->setObjectName(QStringLiteral("insideRowsCount"));
    m_more->setObjectName(QStringLiteral("insideMoreRows"));
    m_more->setToolTip(tr("The next thousand; scrolling to the end does the same"));
    row->addWidget(m_count);
    row->addStretch();
    row->addWidget(m_more);
    row->addWidget(m_export);
    m_export->setObjectName(QStringLiteral("insideExport"));
    m_export->setToolTip(tr("All rows of this table, into a file"));
    connect(m_export, &QPushButton::clicked, this, &ArchiveRowsView::exportRows);
    connect(m_more, &QPushButton::clicked, this, [this] { m_model->fetchMore({}); });
    return foot;
}

void ArchiveRowsView::open(const QString &file, const TableId &table, qint64 expected)
{
    m_file = file;
    m_table = table;
    m_expected = expected;
    m_isFitted = false;
    m_detail->hide();
    m_model->open(file, table);
}

void ArchiveRowsView::clear()
{
    m_table = {};
    m_expected = -1;
    m_detail->hide();
    m_model->clear();
}

QString ArchiveRowsView::statusText() const
{
    return m_model->state() == State::Empty ? QString() : m_count->text();
}

void ArchiveRowsView::showState()
{
    if (!m_isFitted && m_model->rowCount() > 0) {
        m_isFitted = true;
        fitColumns();
        m_grid->setCurrentIndex(m_model->index(0, 0));
    }
    if (m_model->state() == State::Failed) {
        m_notice->sayError(tr("The rows cannot be read any further."), m_model->error());
    } else if (m_model->state() == State::Full) {
        m_notice->say(
            Tone::Neutral, tr("Only the first %1 rows are shown.").arg(countText(m_model->rowCount())),
            tr("All of them: export them into a file, or restore the backup into the practice server and open "
               "the table there."));
    } else if (!m_model->computedColumns().isEmpty()) {
        m_notice->say(Tone::Neutral,
                      tr("The server computes these columns, and a backup does not have their values: %1.")
                          .arg(m_model->computedColumns().join(QStringLiteral(", "))));
    } else {
        m_notice->clear();
    }
    showFoot();
    emit statusChanged();
}

void ArchiveRowsView::showFoot()
{
    const qint64 rows = m_model->rowCount();
    const bool isComplete = m_model->state() == State::Complete;
    const bool isBusy = m_model->state() == State::Reading;
    QString text;
    if (isComplete) {
        text = rows == 0 ? tr("No rows") : tr("All %Ln row(s)", nullptr, int(rows));
        if (m_expected >= 0 && m_expected != rows) {
            text += QStringLiteral(" · ") + tr("its proof says %1").arg(countText(m_expected));
        }
    } else if (m_expected >= 0) {
        text = tr("%1 of %2 rows").arg(countText(rows), countText(m_expected));
    } else {
        text = tr("The first %1 rows").arg(countText(rows));
    }
    m_count->setText(isBusy ? text + QStringLiteral(" · ") + tr("reading…") : text);
    m_more->setVisible(m_model->state() == State::Waiting || isBusy);
    m_more->setEnabled(!isBusy);
}

void ArchiveRowsView::exportRows()
{
    const QString kind = QStringLiteral("export");
    const QString last = m_services.settings ? m_services.settings->lastFolder(kind) : QString();
    const QString suggestion = (last.isEmpty() ? QDir::homePath() : last) + u'/' +
                               QString(m_table.name).replace(u'/', u'_') + QStringLiteral(".csv");
    m_services.prompts->saveFile(
        this, tr("Export the rows of %1").arg(m_table.name), suggestion,
        tr("CSV (*.csv);;Tab separated (*.tsv);;JSON (*.json);;SQL (*.sql);;All files (*)"),
        [this, kind](const QString &file) {
            if (m_services.settings) {
                m_services.settings->setLastFolder(kind, QFileInfo(file).absolutePath());
            }
            // The file dialog has asked whether to overwrite.
            const ArchiveExportRequest request{m_file, m_table, file, true, m_expected};
            ShownJob<ExportReport> shown;
            shown.title = tr("Export %1").arg(m_table.name);
            shown.work = [request](JobContext &context) { return exportArchivedRows(request, context); };
            shown.summary = [](const ExportReport &report) {
                return tr("%n row(s), %1", nullptr, int(report.rows)).arg(sizeText(report.bytes));
            };
            shown.succeeded = [summary = shown.summary](const ExportReport &report) {
                return JobOutcome{summary(report) + u'\n' + report.file, {}, {revealAction(report.file)}};
            };
            startShown(m_services, window(), shown);
        });
}

void ArchiveRowsView::fitColumns()
{
    constexpr int widest = 280;
    constexpr int air = 12;
    m_grid->resizeColumnsToContents();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        m_grid->setColumnWidth(column, qMin(widest, m_grid->columnWidth(column) + air));
    }
}

void ArchiveRowsView::showValue(const QModelIndex &index)
{
    m_detail->setVisible(index.isValid());
    if (!index.isValid()) {
        return;
    }
    const QString column = m_model->headerData(index.column(), Qt::Horizontal).toString();
    const bool isNull = index.data(ArchiveRowsModel::NullRole).toBool();
    const qint64 bytes = index.data(ArchiveRowsModel::BytesRole).toLongLong();
    QString title =
        isNull       ? tr("%1 is NULL: no value").arg(column)
        : bytes == 0 ? tr("%1 is an empty text").arg(column)
                     : tr("%1, %2").arg(column, bytes < 1024 ? tr("%n byte(s)", nullptr, int(bytes)) : sizeText(bytes));
    if (bytes > ArchiveRowsModel::longestValue) {
        title += QStringLiteral(" · ") + tr("its first %1 are shown").arg(sizeText(ArchiveRowsModel::longestValue));
    }
    m_detailTitle->setText(title);
    m_detailText->setPlainText(index.data(ArchiveRowsModel::FullTextRole).toString());
}

} // namespace Roost

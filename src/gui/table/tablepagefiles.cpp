// The part of TablePage that writes rows to files, and reads them from files.
#include "gui/actions.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/table/tablepage.h"
#include "models/rowsmodel.h"
#include "models/sessionpool.h"

#include <QDragEnterEvent>
#include <QMimeData>
#include <QPointer>

namespace Roost {

namespace {

/// The one file that is dropped, if it can be imported.
QString importableFile(const QMimeData *data)
{
    const QList<QUrl> urls = data->urls();
    const QString file = urls.size() == 1 ? urls.first().toLocalFile() : QString();
    for (const char *ending : {".csv", ".tsv", ".ndjson", ".jsonl"}) {
        if (file.endsWith(QLatin1String(ending), Qt::CaseInsensitive)) {
            return file;
        }
    }
    return {};
}

} // namespace

void TablePage::exportRows()
{
    TableQuery query;
    query.table = m_relation.id;
    query.kind = m_relation.kind;
    query.hasInheritors = m_relation.hasInheritors;
    query.columns = m_rows->columns();
    query.keyColumns = m_relation.keyColumns;
    query.sort = m_rows->sort();
    query.filter = m_rows->filter();
    const qint64 expected = m_rows->count().rows;
    m_services.sessions->withSpec(m_instance, this, [this, query, expected](const Result<ConnectionSpec> &spec) {
        if (!spec) {
            m_notice->sayError(tr("Nothing was exported."), spec.error());
            return;
        }
        Actions::exportRows(m_services, this, DatabaseRef{m_instance, spec->withDatabase(m_database)}, query, expected);
    });
}

void TablePage::importFile(const QString &file)
{
    m_services.sessions->withSpec(m_instance, this, [this, file](const Result<ConnectionSpec> &spec) {
        if (!spec) {
            m_notice->sayError(tr("Nothing was imported."), spec.error());
            return;
        }
        Actions::importRows(m_services, this, DatabaseRef{m_instance, spec->withDatabase(m_database)}, m_relation.id,
                            file, [self = QPointer(this)] {
                                if (self) {
                                    self->refresh();
                                }
                            });
    });
}

void TablePage::dragEnterEvent(QDragEnterEvent *event)
{
    if (!importableFile(event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
    }
}

void TablePage::dropEvent(QDropEvent *event)
{
    const QString file = importableFile(event->mimeData());
    if (!file.isEmpty()) {
        event->acceptProposedAction();
        importFile(file);
    }
}

} // namespace Roost

// The part of InspectorPanel that moves values to files and back.

#include "gui/dialogs/toast.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/table/editors/valuekind.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "gui/table/inspector/jsontext.h"
#include "gui/table/inspector/picture.h"
#include "gui/table/inspector/valuefiles.h"
#include "gui/table/inspector/valueview.h"
#include "jobs/jobrunner.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"
#include "storage/settings.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace Roost {

namespace {

constexpr qsizetype judgedHere = 1024 * 1024; ///< characters

QString lastFolder(const Services &services)
{
    return services.settings ? services.settings->lastFolder(QStringLiteral("value")) : QString();
}

void rememberFolder(const Services &services, const QString &file)
{
    if (services.settings) {
        services.settings->setLastFolder(QStringLiteral("value"), QFileInfo(file).absolutePath());
    }
}

/// A file's content as a value of the column.
Result<QString> loadChecked(const RowColumn &column, const QString &file, JobContext &context)
{
    const ValueKind kind = valueKindOf(column);
    auto value = loadValue(file, kind == ValueKind::Bytes, context);
    if (value && kind == ValueKind::Json) {
        if (const auto problem = jsonProblem(*value, isJsonb(column))) {
            return failure(ErrorCode::InvalidInput, problem->text());
        }
    }
    return value;
}

} // namespace

void InspectorPanel::saveToFile()
{
    if (!m_model || !m_cell.isValid() || !m_shown) {
        return;
    }
    if (!m_isWhole) {
        withWhole([this](const CellValue &value) {
            showValue(value, true);
            refresh();
            saveToFile();
        });
        return;
    }
    const RowColumn &column = m_model->columns().at(m_cell.column());
    const bool isBytes = valueKindOf(column) == ValueKind::Bytes;
    const QString format = isBytes ? pictureFormat(m_value->bytes()).toLower() : QString();
    const QString ending = valueKindOf(column) == ValueKind::Json ? QStringLiteral("json")
                           : !isBytes                             ? QStringLiteral("txt")
                           : format.isEmpty()                     ? QStringLiteral("bin")
                                                                  : format;
    QString name = column.name;
    name.replace(QRegularExpression(QStringLiteral("[^\\w-]+")), QStringLiteral("_"));
    const QString folder = lastFolder(m_services);
    const QString suggestion = (folder.isEmpty() ? QString() : folder + u'/') + name + u'.' + ending;
    // What is written is what stands here now, edited or not.
    const CellValue value = m_isDirty ? m_value->value() : m_shown;
    m_services.prompts->saveFile(
        this, tr("Save the value of %1").arg(column.name), suggestion, QString(),
        [this, value, isBytes, title = tr("Save the value of %1").arg(column.name)](const QString &file) {
            rememberFolder(m_services, file);
            m_services.jobs->start<qint64>(
                title,
                [text = value.value_or(QString()), isBytes, file](JobContext &context) {
                    return saveValue(text, isBytes, file, context);
                },
                this,
                [this, file](const Result<qint64> &size) {
                    if (!size) {
                        m_services.prompts->showError(this, tr("The value was not saved"), size.error());
                        return;
                    }
                    Toast::say(this, tr("Saved %1 to %2").arg(sizeText(*size), QFileInfo(file).fileName()));
                },
                [](const qint64 &size) { return sizeText(size); });
        });
}

void InspectorPanel::loadFromFile()
{
    if (!m_model || !m_cell.isValid() || !readOnlyReason().isEmpty()) {
        return;
    }
    const RowColumn &column = m_model->columns().at(m_cell.column());
    const QString title = tr("Load a file into %1").arg(column.name);
    m_services.prompts->openFile(
        this, title, lastFolder(m_services), QString(),
        [this, column, title, cell = m_cell, id = m_id](const QString &file) {
            rememberFolder(m_services, file);
            m_services.jobs->start<QString>(
                title, [column, file](JobContext &context) { return loadChecked(column, file, context); }, this,
                [this, cell, id](const Result<QString> &value) {
                    if (!value) {
                        m_services.prompts->showError(this, tr("The file was not loaded"), value.error());
                        return;
                    }
                    loaded(cell, id, *value);
                },
                [](const QString &value) { return tr("%1 characters").arg(countText(value.size())); });
        });
}

/// Staged only if nothing is known against it; a cell that was left meanwhile still gets its file.
void InspectorPanel::loaded(const QPersistentModelIndex &cell, const QString &id, const QString &value)
{
    if (!m_model || !cell.isValid() || idOf(cell) != id) {
        m_services.prompts->showError(this, tr("The file was not loaded"),
                                      {ErrorCode::Conflict,
                                       tr("The cell is no longer where it was. Go to it and load the "
                                          "file again."),
                                       {},
                                       {}});
        return;
    }
    // That it is a text was found out while reading; what else can be wrong with a long one shows at its beginning.
    const QString problem = m_model->valueProblem(cell.column(), value.left(judgedHere));
    if (!problem.isEmpty()) {
        m_services.prompts->showError(this, tr("The file was not loaded"), {ErrorCode::InvalidInput, problem, {}, {}});
        return;
    }
    if (id == m_id) {
        m_isDirty = false;
        m_drafts.remove(id);
    }
    put(cell, id, value);
    refresh();
}

} // namespace Roost

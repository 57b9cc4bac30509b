// The part of InspectorPanel that shows a cell and stages what is edited; inspectorpanel.cpp builds it.

#include "gui/dialogs/notice.h"
#include "gui/table/editors/valuekind.h"
#include "gui/table/inspector/cellfacts.h"
#include "gui/table/inspector/inspectorlinks.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "gui/table/inspector/jsontext.h"
#include "gui/table/inspector/textpage.h"
#include "gui/table/inspector/valueview.h"
#include "gui/table/links/linkchooser.h"
#include "gui/widgets/elidedlabel.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>

namespace Roost {

namespace {

constexpr qint64 fetchedUnasked = 1024 * 1024; ///< bytes as stored

} // namespace

void InspectorPanel::refresh()
{
    const bool isCell = m_model && m_cell.isValid() && m_cell.data(RowsModel::LoadedRole).toBool();
    m_content->setVisible(isCell);
    m_empty->setVisible(!isCell);
    if (!isCell) {
        ++m_generation;
        m_fetchPause.stop();
        m_isFetching = false;
        return;
    }
    const RowColumn &column = m_model->columns().at(m_cell.column());
    if (m_name->fullText() != column.name || m_value->property("cell") != m_id) {
        m_value->setProperty("cell", m_id);
        m_name->setText(column.name);
        m_value->setColumn(column);
        ++m_generation;
        m_isFetching = false;
    }
    m_type->setText(cellType(*m_model, m_cell.column()));
    if (!m_isDirty) {
        showValue(m_model->value(m_cell.row(), m_cell.column()), !isShortened());
    }
    showFacts();
    showLinks();
    showNotice();
    showButtons();
}

void InspectorPanel::showValue(const CellValue &value, bool isWhole)
{
    m_shown = value;
    m_isWhole = isWhole;
    m_value->setEditable(readOnlyReason().isEmpty());
    m_value->setValue(value, isWhole);
    m_fetchPause.stop();
    if (!isWhole && m_fetchError.message.isEmpty() &&
        m_cell.data(RowsModel::StoredBytesRole).toLongLong() <= fetchedUnasked) {
        m_fetchPause.start();
    }
    if (isWhole && m_drafts.contains(m_id)) {
        const CellValue draft = m_drafts.take(m_id);
        m_value->setValue(draft, true);
        m_isDirty = true;
    }
}

void InspectorPanel::fetchWhole()
{
    withWhole([this](const CellValue &value) {
        // Staged meanwhile, from the grid: that is the value now.
        const auto state = RowsModel::CellState(m_cell.data(RowsModel::CellStateRole).toInt());
        const bool isStaged = state == RowsModel::CellState::Changed;
        showValue(isStaged ? m_model->value(m_cell.row(), m_cell.column()) : value, true);
        showFacts();
        showNotice();
        showButtons();
    });
}

void InspectorPanel::withWhole(std::function<void(const CellValue &)> done)
{
    if (!m_model || !m_cell.isValid() || m_isFetching) {
        return;
    }
    m_isFetching = true;
    m_fetchError = {};
    showNotice();
    const int generation = ++m_generation;
    m_model->fetchWhole(m_cell, this, [this, generation, done = std::move(done)](const Result<CellValue> &whole) {
        if (generation != m_generation) {
            return;
        }
        m_isFetching = false;
        if (!whole) {
            m_fetchError = whole.error();
            showNotice();
            return;
        }
        done(*whole);
    });
}

void InspectorPanel::showFacts()
{
    m_facts->setFacts(cellFacts(*m_model, m_cell, m_shown));
}

void InspectorPanel::showLinks()
{
    m_links->setLinks(forwardLinks(*m_model, m_cell), backwardLinks(*m_model, m_cell.row()),
                      LinkChooser::isPossible(*m_model, m_cell));
}

QString InspectorPanel::problemOf(const CellValue &value, std::optional<qsizetype> *place) const
{
    const RowColumn &column = m_model->columns().at(m_cell.column());
    if (value && value->isEmpty() && !mayBeEmptyText(column)) {
        return column.notNull ? tr("There is nothing here.") : tr("There is nothing here. Ctrl+0 sets NULL.");
    }
    if (value && valueKindOf(column) == ValueKind::Json) {
        if (const auto problem = jsonProblem(*value, isJsonb(column))) {
            *place = problem->offset;
            return problem->text();
        }
    }
    return m_model->valueProblem(m_cell.column(), value);
}

bool InspectorPanel::showProblem()
{
    std::optional<qsizetype> place;
    const QString problem = problemOf(m_value->value(), &place);
    if (problem.isEmpty()) {
        return false;
    }
    m_notice->say(Tone::Danger, tr("This cannot be staged"), problem);
    if (place) {
        connect(m_notice->addButton(QStringLiteral("inspectorGoToProblem"), tr("Show the place")),
                &QPushButton::clicked, this, [this, at = *place] { m_value->goTo(at); });
    }
    return true;
}

void InspectorPanel::showNotice()
{
    if (!m_model || !m_cell.isValid()) {
        return;
    }
    if (m_isDirty && showProblem()) {
        return;
    }
    const QString refusal = m_cell.data(RowsModel::RefusalRole).toString();
    const QString readOnly = readOnlyReason();
    if (!m_isDirty && !refusal.isEmpty()) {
        m_notice->say(Tone::Danger, tr("The server refused this"), refusal);
    } else if (!m_fetchError.message.isEmpty()) {
        m_notice->sayError(tr("The whole value could not be read"), m_fetchError);
        connect(m_notice->addButton(QStringLiteral("inspectorRetry"), tr("Try again")), &QPushButton::clicked, this,
                &InspectorPanel::fetchWhole);
    } else if (!m_isWhole || m_value->isPartial()) {
        showLongValue();
    } else if (!readOnly.isEmpty()) {
        m_notice->say(Tone::Neutral, tr("Read-only"), readOnly);
    } else {
        m_notice->clear();
    }
}

void InspectorPanel::showLongValue()
{
    if (m_isWhole) {
        m_notice->say(Tone::Neutral, tr("A long value"),
                      tr("Only its first %1 characters are shown, and it is not edited here. Save it to a file to see "
                         "all of it; a file can be loaded in its place.")
                          .arg(countText(TextPage::shownOfLong)));
        return;
    }
    const qint64 stored = m_cell.data(RowsModel::StoredBytesRole).toLongLong();
    if (m_isFetching || stored <= fetchedUnasked) {
        m_notice->say(Tone::Neutral, tr("Reading the whole value…"));
        return;
    }
    m_notice->say(Tone::Neutral, tr("Only the beginning is here"));
    connect(
        m_notice->addButton(QStringLiteral("inspectorLoadWhole"), tr("Load whole value (%1)").arg(sizeText(stored))),
        &QPushButton::clicked, this, &InspectorPanel::fetchWhole);
}

void InspectorPanel::showButtons()
{
    const bool isEditable = readOnlyReason().isEmpty();
    const auto state = RowsModel::CellState(m_cell.data(RowsModel::CellStateRole).toInt());
    const bool isDefault = m_cell.data(RowsModel::DefaultRole).toBool();
    const bool isStaged =
        state == RowsModel::CellState::Changed || (state == RowsModel::CellState::NewRow && !isDefault);
    const RowColumn &column = m_model->columns().at(m_cell.column());
    m_save->setEnabled(m_shown.has_value() && !m_isFetching);
    for (QPushButton *edit : {m_load, m_null, m_revert, m_stage}) {
        edit->setVisible(isEditable);
    }
    m_null->setEnabled(!column.notNull && (m_shown.has_value() || m_isDirty || isDefault));
    m_revert->setEnabled(m_isDirty || isStaged);
    std::optional<qsizetype> place;
    m_stage->setEnabled(m_isDirty && (m_judgePause.isActive() || problemOf(m_value->value(), &place).isEmpty()));
}

bool InspectorPanel::stage()
{
    if (!m_model || !m_cell.isValid() || !m_isDirty) {
        return true;
    }
    m_judgePause.stop();
    const CellValue value = m_value->value();
    if (showProblem()) {
        showButtons();
        return false;
    }
    if (idOf(m_cell) != m_id) {
        m_notice->say(Tone::Warning, tr("The row is no longer where it was"),
                      tr("Go to the row again: what you wrote is kept."));
        return false;
    }
    m_isDirty = false;
    m_drafts.remove(m_id);
    if (value != m_shown || m_cell.data(RowsModel::DefaultRole).toBool()) {
        put(m_cell, m_id, value);
    }
    refresh();
    return true;
}

void InspectorPanel::put(const QPersistentModelIndex &cell, const QString &id, const CellValue &value)
{
    if (!m_model || !cell.isValid() || idOf(cell) != id) {
        return;
    }
    const QScopedValueRollback staging(m_isStaging, true);
    m_model->setData(cell, value ? QVariant(*value) : QVariant(), Qt::EditRole);
}

void InspectorPanel::setNull()
{
    if (!m_model || !m_cell.isValid() || !readOnlyReason().isEmpty()) {
        return;
    }
    const QString problem = m_model->valueProblem(m_cell.column(), CellValue());
    if (!problem.isEmpty()) {
        m_notice->say(Tone::Danger, tr("This cannot be NULL"), problem);
        return;
    }
    m_isDirty = false;
    m_drafts.remove(m_id);
    put(m_cell, m_id, {});
    refresh();
}

void InspectorPanel::revert()
{
    if (!m_model || !m_cell.isValid()) {
        return;
    }
    const bool hadDraft = m_isDirty;
    m_isDirty = false;
    m_drafts.remove(m_id);
    if (!hadDraft) {
        m_model->revert({m_cell});
    }
    refresh();
}

} // namespace Roost

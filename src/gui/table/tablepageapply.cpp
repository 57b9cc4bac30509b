#include "gui/table/tablepageapply.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/toast.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/table/conflictdialog.h"
#include "gui/table/gridview.h"
#include "gui/table/sqlpreviewdialog.h"
#include "gui/table/stagedbar.h"
#include "models/rowsmodel.h"

#include <QPointer>
#include <QPushButton>

namespace Roost {

namespace {

constexpr int discardedWithoutAsking = 10;

bool isAboutTheConnection(const Error &error)
{
    return error.code == ErrorCode::ConnectionLost || error.code == ErrorCode::ConnectionFailed ||
           error.code == ErrorCode::TimedOut;
}

/// "birds, id 3", or "a new row".
QString rowText(const RowsModel &rows, const RowChange &change)
{
    if (change.kind == RowChange::Kind::Insert) {
        return TableApply::tr("a new row");
    }
    QStringList parts;
    const QStringList &names = rows.relation().keyColumns;
    for (qsizetype i = 0; i < change.key.size() && i < names.size(); ++i) {
        parts += QStringLiteral("%1 %2").arg(names[i], change.key[i]);
    }
    return TableApply::tr("the row with %1").arg(parts.join(QStringLiteral(", ")));
}

} // namespace

TableApply::TableApply(const TableParts &parts)
    : QObject(parts.page)
    , m_parts(parts)
{
    connect(parts.rows, &RowsModel::commitFoundOut, this, &TableApply::foundOut);
}

int TableApply::stagedCount() const
{
    return m_parts.rows->changes().counts().total();
}

bool TableApply::stageOpenEdits()
{
    return m_parts.grid->commitEditor() && (!m_stage || m_stage());
}

void TableApply::apply()
{
    if (!stageOpenEdits() || m_parts.rows->changes().isEmpty() || m_parts.rows->isApplying()) {
        tell(m_parts.rows->changes().isEmpty() && !m_parts.rows->isApplying());
        return;
    }
    m_parts.notice->clear();
    const int count = stagedCount();
    m_parts.rows->apply(this, [this, count](const Result<ApplyOutcome> &result) { answered(result, count); });
}

void TableApply::answered(const Result<ApplyOutcome> &result, int count)
{
    if (!result) {
        failed(result.error());
        return;
    }
    switch (result->state) {
    case ApplyOutcome::State::Applied:
        Toast::say(m_parts.page, count == 1 ? tr("1 change applied") : tr("%1 changes applied").arg(count));
        emit applied();
        tell(true);
        break;
    case ApplyOutcome::State::Conflicts:
        conflicted(result->conflicts);
        break;
    case ApplyOutcome::State::Refused:
        if (result->refusal) {
            wasRefused(*result->refusal);
        }
        tell(false);
        break;
    case ApplyOutcome::State::Unknown:
        unknown();
        tell(false);
        break;
    }
}

QPushButton *TableApply::addAgainButton(const QString &text)
{
    QPushButton *again = m_parts.notice->addButton(QStringLiteral("applyAgainButton"), text);
    connect(again, &QPushButton::clicked, this, &TableApply::apply);
    return again;
}

void TableApply::failed(const Error &error)
{
    if (error.isCancelled()) {
        m_parts.notice->say(
            Tone::Neutral, tr("Not applied."),
            tr("You stopped it before anything was written. Your %1 are still here.").arg(changesText(stagedCount())));
    } else if (isAboutTheConnection(error)) {
        const QString kept = stagedCount() == 1
                                 ? tr("Connection lost. Your change is still here.")
                                 : tr("Connection lost. Your %1 changes are still here.").arg(stagedCount());
        m_parts.notice->sayError(kept, error);
        addAgainButton(tr("Try again"));
    } else {
        m_parts.notice->sayError(tr("Nothing was written; your %1 are still here.").arg(changesText(stagedCount())),
                                 error);
    }
    tell(false);
}

void TableApply::conflicted(const QList<ChangeConflict> &conflicts)
{
    auto *dialog = new ConflictDialog(m_parts.rows->changeTarget(), conflicts, m_parts.page);
    connect(dialog, &QDialog::finished, this, [this, dialog](int result) {
        if (result != QDialog::Accepted) {
            const qsizetype count = dialog->conflicts().size();
            m_parts.tell(Tone::Warning,
                         count == 1 ? tr("One row was changed by somebody else meanwhile.")
                                    : tr("%1 rows were changed by somebody else meanwhile.").arg(count),
                         tr("Nothing was written, and your changes are still here. Applying them shows both "
                            "again."));
            tell(false);
            return;
        }
        m_parts.rows->beginStep(tr("Settle conflicts"));
        for (qsizetype i = 0; i < dialog->conflicts().size(); ++i) {
            m_parts.rows->resolveConflict(dialog->conflicts()[i], dialog->choices()[i]);
        }
        m_parts.rows->endStep();
        apply();
    });
    dialog->open();
}

void TableApply::wasRefused(const ChangeRefusal &refusal)
{
    const RowChange &change = refusal.change;
    const bool isKnown = change.kind != RowChange::Kind::Insert || change.newRow >= 0;
    m_parts.notice->sayError(isKnown ? tr("The server refused %1.").arg(rowText(*m_parts.rows, change))
                                     : tr("The server refused the changes."),
                             refusal.error);
    const int column = qMax(0, m_parts.rows->columnOf(refusal.column));
    if (change.kind == RowChange::Kind::Insert) {
        const QList<int> newRows = m_parts.rows->changes().newRows();
        const qsizetype at = newRows.indexOf(change.newRow);
        if (at >= 0) {
            emit refused(int(m_parts.rows->rowCount() - newRows.size() + at), column);
        }
        return;
    }
    m_parts.rows->goToKey(change.key, [self = QPointer(this), column](const Result<int> &row) {
        if (self && row && *row >= 0) {
            emit self->refused(*row, column);
        }
    });
}

/// The connection was lost in the moment of COMMIT, and nobody could be asked what became of it.
void TableApply::unknown()
{
    if (m_parts.rows->isCommitUnknown()) {
        m_parts.notice->say(
            Tone::Warning, tr("Not known yet whether your changes were written."),
            tr("The connection was lost just while they were being committed, and the server cannot be asked yet. They "
               "are still shown, and locked; nothing is sent a second time before the answer is known."));
        addAgainButton(tr("Ask again"));
        return;
    }
    m_parts.notice->say(
        Tone::Warning, tr("It cannot be found out any more whether your changes were written."),
        tr("The connection was lost just while they were being committed, and the server does not "
           "remember that long. The rows have been read again: compare them with your changes, which "
           "are still shown. Applying them is safe: rows that are changed already show up as conflicts; "
           "new rows may come a second time."));
}

void TableApply::foundOut(bool wasApplied)
{
    if (wasApplied) {
        m_parts.notice->say(
            Tone::Good, tr("Your changes were written."),
            tr("The connection was lost while they were being committed; the server says that they are in "
               "the database."));
    } else {
        m_parts.notice->say(Tone::Warning, tr("Your changes were not written."),
                            tr("The connection was lost while they were being committed; the server says that it has "
                               "undone them. They are still here."));
        addAgainButton(tr("Apply again"));
    }
}

void TableApply::showSql()
{
    if (!stageOpenEdits() || m_parts.rows->changes().isEmpty()) {
        return;
    }
    auto *dialog = new SqlPreviewDialog(m_parts.rows->changeTarget(), m_parts.rows->changes().changes(), m_parts.page);
    connect(dialog, &QDialog::accepted, this, &TableApply::apply);
    dialog->open();
}

void TableApply::discard()
{
    const int count = stagedCount();
    const auto forget = [this] {
        m_parts.rows->discardChanges();
        m_parts.notice->clear();
    };
    if (count <= discardedWithoutAsking) {
        forget();
        return;
    }
    Prompts::Question question;
    question.title = tr("Discard %1?").arg(changesText(count));
    question.text = tr("%1 of “%2”, not yet in the database. They cannot be brought back.")
                        .arg(stagedText(m_parts.rows->changes().counts()), m_parts.relation.id.name);
    question.accept = tr("Discard %1").arg(changesText(count));
    question.isDestructive = true;
    m_parts.services.prompts->ask(m_parts.page, question, [self = QPointer(this), forget](bool accepted) {
        if (self && accepted) {
            forget();
        }
    });
}

void TableApply::settle(std::function<void(bool)> done)
{
    const int count = stagedCount();
    if (count == 0) {
        done(true);
        return;
    }
    Prompts::Question question;
    question.title = tr("Apply the changes of “%1”?").arg(m_parts.relation.id.name);
    question.text = tr("%1, not yet in the database.").arg(stagedText(m_parts.rows->changes().counts()));
    question.accept = tr("Apply %1").arg(changesText(count));
    question.other = tr("Discard");
    m_parts.services.prompts->choose(m_parts.page, question, [self = QPointer(this), done](Prompts::Choice choice) {
        if (!self) {
            return;
        }
        if (choice == Prompts::Choice::Cancel) {
            done(false);
        } else if (choice == Prompts::Choice::Other) {
            self->m_parts.rows->discardChanges();
            done(self->m_parts.rows->changes().isEmpty());
        } else {
            self->m_settled = done;
            self->apply();
        }
    });
}

void TableApply::tell(bool isSettled)
{
    if (const auto settled = std::exchange(m_settled, nullptr)) {
        settled(isSettled);
    }
}

} // namespace Roost

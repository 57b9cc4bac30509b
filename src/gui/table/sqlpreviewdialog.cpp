#include "gui/table/sqlpreviewdialog.h"

#include "gui/dialogs/toast.h"
#include "gui/table/stagedbar.h"
#include "gui/table/tablepagework.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/sqlhighlighter.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

namespace Roost {

namespace {

constexpr qsizetype shownCharacters = 200000;
constexpr qsizetype longestLine = 4000; ///< longer ones take long to lay out

/// The beginning of a script, in lines that can be shown.
QString shownPart(const QString &script)
{
    QStringList lines = script.left(shownCharacters).split(u'\n');
    for (QString &line : lines) {
        if (line.size() > longestLine) {
            line = line.left(longestLine) + QChar(0x2026);
        }
    }
    return lines.join(u'\n');
}

struct Script
{
    QString whole;
    QString shown;
};

} // namespace

SqlPreviewDialog::SqlPreviewDialog(const ChangeTarget &target, const QList<RowChange> &changes, QWidget *parent)
    : Dialog(parent)
    , m_text(new QPlainTextEdit)
    , m_note(subtleLabel({}))
    , m_copy(new QPushButton(tr("Copy")))
    , m_apply(new QPushButton(tr("Apply %1").arg(changesText(int(changes.size())))))
{
    setObjectName(QStringLiteral("SqlPreviewDialog"));
    setWindowTitle(tr("Changes of %1").arg(target.table.name));
    build(int(changes.size()));
    computeBeside<Script>(
        this,
        [target, changes] {
            const QString script = previewSql(target, changes);
            return Script{script, shownPart(script)};
        },
        [this](const Script &script) {
            m_script = script.whole;
            m_text->setPlainText(script.shown);
            const bool isCut = script.shown.size() < script.whole.size();
            m_note->setText(isCut ? tr("Only the beginning is shown; Copy takes all of it.") : QString());
            m_copy->setEnabled(true);
        });
}

void SqlPreviewDialog::build(int count)
{
    constexpr QSize usual(760, 460);
    resize(usual);
    setResizable();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 20);
    layout->setSpacing(12);
    layout->addWidget(headingLabel(tr("What will run")));
    layout->addWidget(paragraph(count == 1
                                    ? tr("In one transaction. The row is named by its key and by the old value of "
                                         "what is changed: if somebody else has changed it meanwhile, nothing is "
                                         "written, and you are shown both.")
                                    : tr("In one transaction: all of it, or nothing. Each row is named by its key "
                                         "and by the old values of what is changed: if somebody else has changed "
                                         "one meanwhile, nothing is written, and you are shown both.")));
    m_text->setObjectName(QStringLiteral("sqlText"));
    m_text->setAccessibleName(tr("SQL"));
    m_text->setProperty("role", QStringLiteral("mono"));
    m_text->setReadOnly(true);
    new SqlHighlighter(m_text->document());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setPlaceholderText(tr("Writing the statements…"));
    constexpr int leastHeight = 160;
    m_text->setMinimumHeight(leastHeight);
    layout->addWidget(m_text, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    m_copy->setObjectName(QStringLiteral("copySql"));
    m_copy->setEnabled(false);
    auto *close = new QPushButton(tr("Close"));
    close->setObjectName(QStringLiteral("closePreview"));
    m_apply->setObjectName(QStringLiteral("applyFromPreview"));
    m_apply->setProperty("kind", QStringLiteral("primary"));
    m_apply->setDefault(true);
    for (QPushButton *button : {m_copy, close}) {
        button->setAutoDefault(false);
    }
    m_note->setObjectName(QStringLiteral("previewNote"));
    buttons->addWidget(m_copy);
    buttons->addWidget(m_note, 1);
    buttons->addWidget(close);
    buttons->addWidget(m_apply);
    layout->addLayout(buttons);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_script);
        Toast::say(this, tr("Copied"));
    });
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace Roost

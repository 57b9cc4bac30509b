#include "gui/table/sqlview.h"

#include "gui/dialogs/toast.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/table/inspector/valuefiles.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/sqlhighlighter.h"
#include "jobs/jobrunner.h"
#include "storage/settings.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

const QString folderKind = QStringLiteral("sql");
/// Above this, colouring would take longer than a click may; the text is shown plainly.
constexpr qsizetype mostColoured = 200000;

} // namespace

SqlView::SqlView(Services &services, const QString &suggestion, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_suggestion(suggestion)
    , m_bar(new QHBoxLayout)
    , m_remark(subtleLabel({}))
    , m_copy(new QPushButton(tr("Copy all")))
    , m_save(new QPushButton(tr("Save…")))
    , m_findBar(new QWidget)
    , m_findField(new QLineEdit)
    , m_findResult(subtleLabel({}))
    , m_text(new QPlainTextEdit)
{
    m_suggestion.replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("_"));
    m_text->setObjectName(QStringLiteral("sqlText"));
    m_text->setAccessibleName(tr("SQL"));
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setProperty("role", QStringLiteral("mono"));
    m_text->setProperty("plain", true);
    m_text->document()->setDocumentMargin(Spacing::card);
    m_text->installEventFilter(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    buildBar();
    buildFind();
    layout->addLayout(m_bar);
    layout->addWidget(m_findBar);
    layout->addWidget(hairline());
    layout->addWidget(m_text, 1);
    setFocusProxy(m_text);
}

void SqlView::buildBar()
{
    m_bar->setContentsMargins(Spacing::card, Spacing::unit, Spacing::card, Spacing::unit);
    m_bar->setSpacing(Spacing::unit);
    m_remark->setObjectName(QStringLiteral("sqlRemark"));
    m_copy->setObjectName(QStringLiteral("copySql"));
    m_copy->setIcon(Theme::icon(QStringLiteral("edit-copy")));
    m_copy->setToolTip(tr("All of it to the clipboard"));
    m_save->setObjectName(QStringLiteral("saveSql"));
    m_save->setIcon(Theme::icon(QStringLiteral("document-save")));
    m_save->setToolTip(tr("All of it to a file"));
    connect(m_copy, &QPushButton::clicked, this, &SqlView::copyAll);
    connect(m_save, &QPushButton::clicked, this, &SqlView::save);
    m_bar->addWidget(m_remark, 1);
    m_bar->addWidget(m_copy);
    m_bar->addWidget(m_save);
}

void SqlView::buildFind()
{
    auto *row = new QHBoxLayout(m_findBar);
    row->setContentsMargins(Spacing::card, 0, Spacing::card, Spacing::unit);
    row->setSpacing(Spacing::unit);
    m_findField->setObjectName(QStringLiteral("findInSql"));
    m_findField->setAccessibleName(tr("Find in the text"));
    m_findField->setPlaceholderText(tr("Find in the text"));
    m_findField->setClearButtonEnabled(true);
    m_findField->addAction(Theme::icon(QStringLiteral("edit-find")), QLineEdit::LeadingPosition);
    m_findField->setMaximumWidth(320);
    m_findField->installEventFilter(this);
    connect(m_findField, &QLineEdit::textChanged, this, [this] { find(false, true); });
    const auto button = [&](const QString &icon, const QString &name, const QString &hint, bool backward) {
        auto *tool = new QToolButton;
        tool->setObjectName(name);
        tool->setIcon(Theme::icon(icon));
        tool->setToolTip(hint);
        tool->setAccessibleName(hint);
        connect(tool, &QToolButton::clicked, this, [this, backward] { find(backward); });
        return tool;
    };
    row->addWidget(m_findField);
    row->addWidget(button(QStringLiteral("go-up"), QStringLiteral("findSqlBefore"), tr("The one before"), true));
    row->addWidget(button(QStringLiteral("go-down"), QStringLiteral("findSqlNext"), tr("The next one"), false));
    row->addWidget(m_findResult);
    row->addStretch();
    m_findBar->setObjectName(QStringLiteral("sqlFindBar"));
    m_findBar->hide();
}

void SqlView::setText(const QString &sql)
{
    auto *highlighter = m_text->document()->findChild<SqlHighlighter *>();
    if (sql.size() > mostColoured) {
        delete highlighter;
    } else if (!highlighter) {
        new SqlHighlighter(m_text->document());
    }
    m_text->setPlainText(sql);
    m_copy->setEnabled(!sql.isEmpty());
    m_save->setEnabled(!sql.isEmpty());
}

QString SqlView::text() const
{
    return m_text->toPlainText();
}

void SqlView::setRemark(const QString &remark)
{
    m_remark->setText(remark);
}

void SqlView::copyAll()
{
    QApplication::clipboard()->setText(text());
    Toast::say(this, tr("Copied"));
}

void SqlView::save()
{
    const QString folder = m_services.settings ? m_services.settings->lastFolder(folderKind) : QString();
    const QString suggestion =
        (folder.isEmpty() ? QDir::homePath() : folder) + QLatin1Char('/') + m_suggestion + QStringLiteral(".sql");
    m_services.prompts->saveFile(this, tr("Save the SQL"), suggestion, tr("SQL (*.sql);;All files (*)"),
                                 [this](const QString &file) { write(file); });
}

void SqlView::write(const QString &file)
{
    if (m_services.settings) {
        m_services.settings->setLastFolder(folderKind, QFileInfo(file).absolutePath());
    }
    m_services.jobs->runQuietly<qint64>(
        [sql = text(), file](JobContext &context) { return saveValue(sql, false, file, context); }, this,
        [this, file](const Result<qint64> &written) {
            if (written) {
                Toast::say(this, tr("Saved as %1").arg(QFileInfo(file).fileName()));
            } else {
                m_services.prompts->showError(this, tr("Save the SQL"), written.error());
            }
        });
}

void SqlView::openFind()
{
    m_findBar->show();
    const QString selected = m_text->textCursor().selectedText();
    if (!selected.isEmpty() && !selected.contains(QChar::ParagraphSeparator)) {
        m_findField->setText(selected);
    }
    m_findField->setFocus(Qt::ShortcutFocusReason);
    m_findField->selectAll();
}

void SqlView::find(bool backward, bool fromStart)
{
    const QString wanted = m_findField->text();
    m_findResult->clear();
    if (wanted.isEmpty()) {
        return;
    }
    QTextCursor from = m_text->textCursor();
    if (fromStart) { // while typing: what is found grows where it is
        from.setPosition(from.selectionStart());
    }
    const QTextDocument::FindFlags flags = backward ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    QTextCursor found = m_text->document()->find(wanted, from, flags);
    if (found.isNull()) {
        QTextCursor edge(m_text->document());
        edge.movePosition(backward ? QTextCursor::End : QTextCursor::Start);
        found = m_text->document()->find(wanted, edge, flags);
        m_findResult->setText(found.isNull() ? tr("not found") : tr("from the other end"));
    }
    if (!found.isNull()) {
        m_text->setTextCursor(found);
        m_text->ensureCursorVisible();
    }
}

bool SqlView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    auto *key = static_cast<QKeyEvent *>(event);
    const bool isPress = event->type() == QEvent::KeyPress;
    const bool isEscape = key->key() == Qt::Key_Escape && m_findBar->isVisible();
    const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (key->matches(QKeySequence::Find)) {
        isPress ? openFind() : key->accept();
        return true;
    }
    if (isEscape) {
        if (isPress) {
            m_findBar->hide();
            m_text->setFocus();
        } else {
            key->accept();
        }
        return true;
    }
    if (isPress && watched == m_findField && isEnter) {
        find(key->modifiers().testFlag(Qt::ShiftModifier));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace Roost

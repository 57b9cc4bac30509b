#include "gui/birdapp/birdapplog.h"

#include <QFontDatabase>
#include <QScrollBar>

namespace Roost {

namespace {

constexpr int keptLines = 5000;

} // namespace

BirdAppLog::BirdAppLog(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setMaximumBlockCount(keptLines);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setAccessibleName(tr("Log of the app"));
    setPlaceholderText(tr("What the app prints stands here."));
}

void BirdAppLog::append(const QStringList &lines)
{
    QScrollBar *bar = verticalScrollBar();
    const bool follows = bar->value() == bar->maximum();
    const int before = bar->value();
    appendPlainText(lines.join(u'\n'));
    bar->setValue(follows ? bar->maximum() : before);
}

} // namespace Roost

#include "gui/dialogs/detailview.h"

#include "gui/theme/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

DetailView::DetailView(QWidget *parent)
    : QWidget(parent)
    , m_view(new QPlainTextEdit(this))
    , m_copy(new QPushButton(tr("&Copy details"), this))
{
    m_view->setObjectName(QStringLiteral("detailText"));
    m_view->setReadOnly(true);
    m_view->setTabChangesFocus(true);
    m_view->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_view->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_view->setAccessibleName(tr("Details"));
    m_copy->setObjectName(QStringLiteral("copyDetails"));
    m_copy->setAutoDefault(false);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(text()); });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_view);
    layout->addWidget(m_copy, 0, Qt::AlignRight);
    setVisibleLines(4);
}

void DetailView::setText(const QString &text)
{
    m_view->setPlainText(text);
}

QString DetailView::text() const
{
    return m_view->toPlainText();
}

void DetailView::hideCopyButton()
{
    m_copy->hide();
}

void DetailView::setAccessibleText(const QString &name)
{
    m_view->setAccessibleName(name);
}

void DetailView::setVisibleLines(int lines)
{
    const int frame = 2 * (m_view->frameWidth() + Spacing::unit);
    m_view->setFixedHeight(m_view->fontMetrics().lineSpacing() * lines + frame);
}

} // namespace Roost

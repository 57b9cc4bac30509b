#include "gui/table/ddlview.h"

#include "gui/dialogs/notice.h"
#include "gui/table/sqlview.h"
#include "gui/theme/theme.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace Roost {

DdlView::DdlView(Services &services, const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_sql(new SqlView(services, name))
    , m_stack(new QStackedWidget)
    , m_notice(new Notice)
{
    setObjectName(QStringLiteral("ddlView"));
    setAccessibleName(tr("The SQL that makes it again"));
    m_sql->editor()->setAccessibleName(accessibleName());
    m_sql->setRemark(tr("Makes it again in a database that has what it refers to"));
    m_notice->setObjectName(QStringLiteral("ddlNotice"));
    auto *loading = new QLabel(tr("Loading…"));
    loading->setAlignment(Qt::AlignCenter);
    loading->setProperty("role", QStringLiteral("subtle"));
    auto *trouble = new QWidget;
    auto *column = new QVBoxLayout(trouble);
    column->setContentsMargins(Spacing::card, Spacing::card, Spacing::card, Spacing::card);
    column->addWidget(m_notice);
    column->addStretch();
    m_stack->addWidget(loading);
    m_stack->addWidget(m_sql);
    m_stack->addWidget(trouble);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    setFocusProxy(m_sql);
}

void DdlView::show(const QString &sql)
{
    m_isCurrent = true;
    if (m_sql->text() != sql) {
        m_sql->setText(sql);
    }
    m_stack->setCurrentIndex(1);
}

void DdlView::setLoading()
{
    m_isCurrent = true; // asked for
    if (m_sql->text().isEmpty()) {
        m_stack->setCurrentIndex(0);
    }
}

void DdlView::showError(const Error &error)
{
    m_isCurrent = true; // not asked for again by itself
    m_notice->sayError(tr("The SQL could not be put together."), error);
    connect(m_notice->addButton(QStringLiteral("retryDdl"), tr("Try again")), &QPushButton::clicked, this,
            &DdlView::reloadRequested);
    m_stack->setCurrentIndex(2);
}

void DdlView::invalidate()
{
    m_isCurrent = false;
    if (isVisible()) {
        m_isCurrent = true;
        emit reloadRequested();
    }
}

QString DdlView::sql() const
{
    return m_sql->text();
}

void DdlView::copySelection()
{
    if (m_sql->editor()->textCursor().hasSelection()) {
        m_sql->editor()->copy();
    } else {
        m_sql->copyAll();
    }
}

void DdlView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_isCurrent) {
        m_isCurrent = true;
        emit reloadRequested();
    }
}

} // namespace Roost

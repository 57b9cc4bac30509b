#include "gui/table/functionpage.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/table/sqlview.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

QString kindName(const QString &kind)
{
    return kind == u"procedure"   ? FunctionPage::tr("Procedure")
           : kind == u"aggregate" ? FunctionPage::tr("Aggregate")
           : kind == u"window"    ? FunctionPage::tr("Window function")
                                  : FunctionPage::tr("Function");
}

} // namespace

FunctionPage::FunctionPage(Services &services, const Instance &instance, const QString &database,
                           const FunctionInfo &function, QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_instance(instance)
    , m_database(database)
    , m_function(function)
    , m_notice(new Notice)
    , m_source(new SqlView(services, function.id.name))
{
    setObjectName(QStringLiteral("functionPage"));
    m_notice->setObjectName(QStringLiteral("functionNotice"));
    m_source->setObjectName(QStringLiteral("functionSource"));
    m_source->editor()->setAccessibleName(tr("Source of %1").arg(function.id.name));
    m_source->setRemark(tr("Loading…"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(facts());
    auto *noticeRow = new QVBoxLayout;
    noticeRow->setContentsMargins(Spacing::card, 0, Spacing::card, 0);
    noticeRow->addWidget(m_notice);
    layout->addLayout(noticeRow);
    layout->addWidget(m_source, 1);
    setFocusProxy(m_source);
    refresh();
}

QWidget *FunctionPage::facts()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(Spacing::card, Spacing::card, Spacing::card, Spacing::unit / 2);
    column->setSpacing(Spacing::unit / 2);
    const QString schema = m_function.id.schema == u"public" ? QString() : m_function.id.schema + QLatin1Char('.');
    auto *signature =
        roleLabel(schema + m_function.id.name + QLatin1Char('(') + m_function.arguments + QLatin1Char(')'), "heading");
    signature->setObjectName(QStringLiteral("functionSignature"));
    signature->setWordWrap(true);
    signature->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(signature);
    QStringList facts{kindName(m_function.kind)};
    if (!m_function.result.isEmpty()) {
        facts += tr("gives %1").arg(m_function.result);
    }
    facts += tr("written in %1").arg(m_function.language);
    facts += tr("owner %1").arg(m_function.owner);
    auto *line = paragraph(facts.join(QStringLiteral(" · ")));
    line->setObjectName(QStringLiteral("functionFacts"));
    line->setProperty("role", QStringLiteral("subtle"));
    column->addWidget(line);
    if (!m_function.comment.isEmpty()) {
        auto *comment = paragraph(m_function.comment);
        comment->setObjectName(QStringLiteral("functionComment"));
        comment->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(comment);
    }
    return box;
}

void FunctionPage::refresh()
{
    const int generation = ++m_generation;
    m_services.sessions->read<QString>(
        m_instance, m_database, this,
        [oid = m_function.oid](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::functionSource(connection, oid, stop);
        },
        [this, generation](const Result<QString> &source) {
            if (generation == m_generation) {
                arrived(source);
            }
        });
}

void FunctionPage::arrived(const Result<QString> &source)
{
    m_source->setRemark({});
    if (!source) {
        m_notice->sayError(tr("The source could not be read."), source.error());
        connect(m_notice->addButton(QStringLiteral("retryFunction"), tr("Try again")), &QPushButton::clicked, this,
                &FunctionPage::refresh);
        return;
    }
    m_notice->clear();
    if (m_source->text() != *source) {
        m_source->setText(*source);
    }
    m_services.activity->add(tr("Source of %1").arg(m_function.id.name),
                             QStringLiteral("\\sf %1(%2)").arg(m_function.id.quoted(), m_function.arguments),
                             CatalogReader::sql(CatalogReader::Statement::FunctionSource));
}

} // namespace Roost

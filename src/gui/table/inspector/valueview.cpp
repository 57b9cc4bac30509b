#include "gui/table/inspector/valueview.h"

#include "gui/table/inspector/hexview.h"
#include "gui/table/inspector/jsontreepage.h"
#include "gui/table/inspector/listpage.h"
#include "gui/table/inspector/picturepage.h"
#include "gui/table/inspector/textpage.h"
#include "gui/table/inspector/valuefiles.h"
#include "gui/theme/theme.h"
#include "jobs/jobrunner.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedLayout>

#include <utility>

namespace Roost {

namespace {
constexpr qsizetype decodedAtOnce = 64 * 1024; ///< characters of hexadecimal
constexpr unsigned boxArrayOid = 1020;         ///< the one type whose elements stand between semicolons
} // namespace

ValueView::ValueView(JobRunner *jobs, QWidget *parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_barWidget(new QWidget(this))
    , m_stack(new QStackedLayout)
    , m_text(new TextPage(this))
    , m_hex(new HexView(this))
{
    m_bar = new QHBoxLayout(m_barWidget);
    m_bar->setContentsMargins(0, 0, 0, 0);
    m_bar->setSpacing(Spacing::unit / 2);
    auto *group = new QButtonGroup(this);
    for (const View view : {View::Text, View::Tree, View::List, View::Picture, View::Hex}) {
        auto *button = new QPushButton(title(view), m_barWidget);
        button->setObjectName(QStringLiteral("inspectorView%1").arg(QVariant::fromValue(view).toString()));
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        button->setAutoDefault(false);
        group->addButton(button);
        m_bar->addWidget(button);
        m_buttons.insert(int(view), button);
        connect(button, &QPushButton::clicked, this, [this, view] {
            m_chosen.insert(int(m_kind), view);
            show(view);
        });
    }
    m_bar->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit / 2);
    layout->addWidget(m_barWidget);
    layout->addLayout(m_stack, 1);
    m_stack->addWidget(m_text);
    m_stack->addWidget(m_hex);
    connect(m_text, &TextPage::edited, this, &ValueView::edited);
    connect(m_text, &TextPage::pastedTooMuch, this, &ValueView::pastedTooMuch);
}

QString ValueView::title(View view)
{
    switch (view) {
    case View::Text:
        return tr("Text");
    case View::Tree:
        return tr("Tree");
    case View::List:
        return tr("List");
    case View::Hex:
        return tr("Bytes");
    case View::Picture:
        return tr("Picture");
    }
    return {};
}

QList<ValueView::View> ValueView::viewsOf(ValueKind kind) const
{
    switch (kind) {
    case ValueKind::Json:
        return {View::Text, View::Tree};
    case ValueKind::Array:
        return {View::Text, View::List};
    case ValueKind::Bytes:
        return {View::Hex};
    default:
        return {View::Text};
    }
}

void ValueView::offer(const QList<View> &views)
{
    for (auto button = m_buttons.begin(); button != m_buttons.end(); ++button) {
        button.value()->setVisible(views.contains(View(button.key())));
    }
    m_barWidget->setVisible(views.size() > 1);
}

QWidget *ValueView::page(View view)
{
    switch (view) {
    case View::Tree:
        if (!m_tree) {
            m_tree = new JsonTreePage(m_jobs, this);
            m_stack->addWidget(m_tree);
            connect(m_tree, &JsonTreePage::placeChosen, this, &ValueView::goTo);
        }
        return m_tree;
    case View::List:
        if (!m_list) {
            m_list = new ListPage(this);
            m_stack->addWidget(m_list);
        }
        return m_list;
    case View::Picture:
        if (!m_picture) {
            m_picture = new PicturePage(m_jobs, this);
            m_stack->addWidget(m_picture);
        }
        return m_picture;
    case View::Hex:
        return m_hex;
    case View::Text:
        break;
    }
    return m_text;
}

void ValueView::setColumn(const RowColumn &column)
{
    m_column = column;
    m_isNew = true;
    m_kind = valueKindOf(column);
    m_text->setJson(m_kind == ValueKind::Json);
    const QList<View> views = viewsOf(m_kind);
    offer(views);
    m_view = m_chosen.value(int(m_kind), views.first());
    if (m_view == View::Picture) {
        m_view = View::Hex; // until it turns out to be one
    }
    m_buttons.value(int(m_view))->setChecked(true);
    m_stack->setCurrentWidget(page(m_view));
}

void ValueView::setEditable(bool isEditable)
{
    m_isEditable = isEditable;
    m_text->setEditable(isEditable && m_isWhole);
}

void ValueView::setValue(const CellValue &value, bool isWhole)
{
    m_value = value;
    m_isWhole = isWhole;
    if (m_kind == ValueKind::Bytes) {
        showBytes();
        return;
    }
    m_text->setEditable(m_isEditable && isWhole);
    // What stands there already keeps its cursor.
    if (std::exchange(m_isNew, false) || m_text->isPartial() || m_text->value() != value) {
        m_text->setValue(value);
    }
    fill();
}

CellValue ValueView::value() const
{
    return m_kind == ValueKind::Bytes || !m_isWhole ? m_value : m_text->value();
}

bool ValueView::isPartial() const
{
    return m_kind != ValueKind::Bytes && m_text->isPartial();
}

void ValueView::setNull()
{
    m_text->setNull();
}

void ValueView::goTo(qsizetype place)
{
    show(View::Text);
    m_text->goTo(place);
}

void ValueView::show(View view)
{
    m_view = view;
    m_buttons.value(int(view))->setChecked(true);
    m_stack->setCurrentWidget(page(view));
    fill();
}

/// The page in front that is made of the value.
void ValueView::fill()
{
    switch (m_view) {
    case View::Tree:
        m_tree->setValue(value().value_or(QString()), m_column.name);
        break;
    case View::List:
        m_list->setValue(value(), m_column.baseOid == boxArrayOid ? u';' : u',');
        break;
    default:
        break;
    }
}

const QByteArray &ValueView::bytes() const
{
    return m_hex->bytes();
}

void ValueView::showBytes()
{
    const int generation = ++m_generation;
    if (!m_value) {
        bytesArrived({});
        m_hex->setWord(QStringLiteral("NULL"));
    } else if (m_value->size() <= decodedAtOnce) {
        bytesArrived(bytesOf(*m_value));
    } else {
        m_hex->setWord(tr("Reading…"));
        m_jobs->runQuietly<QByteArray>(
            [value = *m_value](JobContext &) -> Result<QByteArray> { return bytesOf(value); }, this,
            [this, generation](const Result<QByteArray> &bytes) {
                if (generation == m_generation && bytes) {
                    bytesArrived(*bytes);
                }
            });
    }
}

void ValueView::bytesArrived(const QByteArray &bytes)
{
    m_hex->setBytes(bytes);
    const bool isPicture = m_isWhole && !pictureFormat(bytes).isEmpty();
    offer(isPicture ? QList{View::Picture, View::Hex} : QList{View::Hex});
    if (isPicture) {
        static_cast<PicturePage *>(page(View::Picture))->setBytes(bytes);
    }
    const View wanted = m_chosen.value(int(ValueKind::Bytes), View::Picture);
    show(isPicture && wanted == View::Picture ? View::Picture : View::Hex);
    emit bytesShown();
}

} // namespace Roost

#include "gui/table/filterrow.h"

#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "models/rowsmodel.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

namespace Roost {

namespace {

constexpr int air = 3; ///< around a field
constexpr int buttonWidth = 20;

/// What a field is likely to be asked, in its own type's words.
QString example(const RowColumn &column)
{
    switch (column.category) {
    case 'N':
        return QStringLiteral("= 3, 1..10, null");
    case 'B':
        return QStringLiteral("true, false, null");
    case 'D':
        return QStringLiteral(">= 2026-01-01, null");
    case 'S':
        return FilterRow::tr("text, = text, null");
    default:
        return FilterRow::tr("= value, null");
    }
}

struct OperatorChoice
{
    QString title;
    QString text;
    int selectFrom = -1; ///< what is to be typed over; -1: behind it all
    int selectLength = 0;
    bool isForText = false;
};

QList<OperatorChoice> operatorChoices()
{
    return {{FilterRow::tr("Equal to"), QStringLiteral("= ")},
            {FilterRow::tr("Different from"), QStringLiteral("<> ")},
            {FilterRow::tr("Less than"), QStringLiteral("< ")},
            {FilterRow::tr("At most"), QStringLiteral("<= ")},
            {FilterRow::tr("Greater than"), QStringLiteral("> ")},
            {FilterRow::tr("At least"), QStringLiteral(">= ")},
            {FilterRow::tr("Between"), QStringLiteral("a..b"), 0, 1},
            {FilterRow::tr("One of"), QStringLiteral("in (a, b)"), 4, 4},
            {FilterRow::tr("Contains"), QStringLiteral("contains ")},
            {FilterRow::tr("Begins with"), QStringLiteral("^"), -1, 0, true},
            {FilterRow::tr("Matches a regular expression"), QStringLiteral("~ "), -1, 0, true},
            {FilterRow::tr("Is NULL"), QStringLiteral("null")},
            {FilterRow::tr("Is not NULL"), QStringLiteral("not null")}};
}

} // namespace

FilterRow::FilterRow(RowsHeader *header, QWidget *parent)
    : QWidget(parent)
    , m_header(header)
{
    constexpr int pause = 400; // ms after the last key
    setObjectName(QStringLiteral("filterRow"));
    setAccessibleName(tr("Filter"));
    m_typed.setSingleShot(true);
    m_typed.setInterval(pause);
    connect(&m_typed, &QTimer::timeout, this, &FilterRow::announce);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize FilterRow::sizeHint() const
{
    constexpr int padding = 10;
    return {0, fontMetrics().height() + padding + 2 * air + 1};
}

void FilterRow::rebuild()
{
    const QAbstractItemModel *model = m_header->model();
    QList<RowColumn> columns;
    for (int section = 0; section < m_header->count(); ++section) {
        RowColumn column = model->headerData(section, Qt::Horizontal, RowsModel::ColumnRole).value<RowColumn>();
        if (column.name.isEmpty()) {
            column.name = m_header->columnName(section);
        }
        columns += column;
    }
    const bool isSame = std::equal(columns.begin(), columns.end(), m_fields.begin(), m_fields.end(),
                                   [](const RowColumn &column, const Field &field) {
                                       return column.name == field.column.name && column.type == field.column.type;
                                   });
    if (isSame) {
        return; // what is typed stays where rows are only read again
    }
    for (const Field &field : std::as_const(m_fields)) {
        field.line->deleteLater();
    }
    m_fields.clear();
    m_typed.stop();
    for (int section = 0; section < columns.size(); ++section) {
        m_fields += makeField(section, columns[section]);
    }
    QList<FilterCondition> kept; // another table has other columns
    for (const FilterCondition &condition : std::as_const(m_conditions)) {
        const bool isHere = std::any_of(m_fields.cbegin(), m_fields.cend(),
                                        [&](const Field &field) { return field.column.name == condition.column; });
        if (isHere) {
            kept += condition;
        }
    }
    setConditions(kept);
    align();
}

FilterRow::Field FilterRow::makeField(int section, const RowColumn &column)
{
    auto *line = new QLineEdit(this);
    line->setObjectName(QStringLiteral("filter_%1").arg(column.name));
    line->setProperty("kind", QStringLiteral("filter"));
    line->setAccessibleName(tr("Filter for %1").arg(column.name));
    line->setPlaceholderText(example(column));
    line->setTextMargins(0, 0, buttonWidth - 4, 0);
    line->installEventFilter(this);
    auto *operators = new QToolButton(line);
    operators->setObjectName(QStringLiteral("operators_%1").arg(column.name));
    operators->setAccessibleName(tr("Operators for %1").arg(column.name));
    operators->setToolTip(tr("How to compare (Alt+Down)"));
    operators->setIcon(Theme::icon(QStringLiteral("go-down")));
    operators->setIconSize({12, 12});
    operators->setCursor(Qt::ArrowCursor);
    operators->setFocusPolicy(Qt::NoFocus);
    connect(line, &QLineEdit::textEdited, this, [this] { m_typed.start(); });
    connect(operators, &QToolButton::clicked, this, [this, section] { openMenu(section); });
    line->show();
    return {line, operators, column};
}

void FilterRow::openMenu(int section)
{
    QLineEdit *line = m_fields[section].line;
    auto *menu = new QMenu(line); // goes with its field
    menu->setObjectName(QStringLiteral("filterOperators"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool isText = m_fields[section].column.category == 'S';
    const auto choices = operatorChoices();
    for (const OperatorChoice &choice : choices) {
        if (choice.isForText && !isText) {
            continue;
        }
        auto *action = menu->addAction(QStringLiteral("%1\t%2").arg(choice.title, choice.text.trimmed()));
        connect(action, &QAction::triggered, this,
                [this, section, choice] { insert(section, choice.text, choice.selectFrom, choice.selectLength); });
    }
    if (!line->text().isEmpty()) {
        menu->addSeparator();
        connect(menu->addAction(tr("Clear this field\tEsc")), &QAction::triggered, this, [this, section] {
            m_fields[section].line->clear();
            announce();
        });
    }
    menu->popup(line->mapToGlobal(QPoint(0, line->height())));
}

void FilterRow::insert(int section, const QString &text, int selectFrom, int selectLength)
{
    QLineEdit *line = m_fields[section].line;
    // A value that stands there without an operator is kept behind the new one.
    const QString before = line->text().trimmed();
    const bool isPlain = !before.isEmpty() && (before[0].isLetterOrNumber() || before[0] == u'\'' || before[0] == u'-');
    const bool takesValue = text.endsWith(u' ') || text.endsWith(u'^');
    const bool isWord = before == QStringLiteral("null") || before == QStringLiteral("not null");
    line->setText(takesValue && isPlain && !isWord ? text + before : text);
    line->setFocus(Qt::OtherFocusReason);
    if (selectFrom >= 0) {
        line->setSelection(selectFrom, selectLength);
    }
    const bool isWhole = !takesValue && selectFrom < 0;
    if (isWhole || (takesValue && isPlain && !isWord)) {
        announce();
    }
}

void FilterRow::align()
{
    const int height = this->height() - 2 * air - 1;
    for (int section = 0; section < m_fields.size() && section < m_header->count(); ++section) {
        const Field &field = m_fields[section];
        const int left = m_header->sectionViewportPosition(section);
        const int width = m_header->sectionSize(section);
        field.line->setVisible(!m_header->isSectionHidden(section));
        field.line->setGeometry(left + air, air, qMax(0, width - 2 * air - 1), height);
        field.operators->setGeometry(field.line->width() - buttonWidth - 1, (height - buttonWidth) / 2, buttonWidth,
                                     buttonWidth);
    }
    update();
}

void FilterRow::show(Field &field, const QString &problem)
{
    field.isWrong = !problem.isEmpty();
    field.line->setToolTip(problem.isEmpty() ? QString() : QStringLiteral("<p>%1</p>").arg(problem.toHtmlEscaped()));
    field.line->setAccessibleDescription(problem);
    const QString state = problem.isEmpty() ? QString() : QStringLiteral("error");
    if (field.line->property("state").toString() != state) {
        field.line->setProperty("state", state);
        Theme::restyle(field.line);
    }
}

void FilterRow::announce()
{
    m_typed.stop();
    QList<FilterCondition> conditions;
    bool isWrong = false;
    for (Field &field : m_fields) {
        const QString typed = field.line->text().trimmed();
        if (typed.isEmpty()) {
            show(field, {});
            continue;
        }
        const Result<FilterCondition> condition = parseCondition(field.column, typed);
        show(field, condition ? QString() : condition.error().message);
        if (condition) {
            conditions += *condition;
        }
        isWrong = isWrong || !condition;
    }
    // Half of a filter shows rows that nobody asked for.
    if (!isWrong && conditions != m_conditions) {
        m_conditions = conditions;
        emit conditionsChanged(conditions);
    }
}

QList<FilterCondition> FilterRow::conditions() const
{
    return m_conditions;
}

void FilterRow::setConditions(const QList<FilterCondition> &conditions)
{
    m_typed.stop();
    m_conditions = conditions;
    for (Field &field : m_fields) {
        QString text;
        for (const FilterCondition &condition : conditions) {
            if (condition.column == field.column.name) {
                text = conditionText(condition);
                break;
            }
        }
        field.line->setText(text);
        field.line->setCursorPosition(0);
        show(field, {});
    }
}

void FilterRow::clear()
{
    for (const Field &field : std::as_const(m_fields)) {
        field.line->clear();
    }
    announce();
}

void FilterRow::focusColumn(int column)
{
    if (QLineEdit *line = field(column)) {
        line->setFocus(Qt::ShortcutFocusReason);
        line->selectAll();
    }
}

bool FilterRow::eventFilter(QObject *object, QEvent *event)
{
    auto *line = qobject_cast<QLineEdit *>(object);
    const auto found =
        std::find_if(m_fields.begin(), m_fields.end(), [line](const Field &f) { return f.line == line; });
    if (!line || found == m_fields.end()) {
        return QWidget::eventFilter(object, event);
    }
    if (event->type() == QEvent::FocusIn) {
        emit fieldEntered(int(found - m_fields.begin()));
        return false;
    }
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape &&
        !line->text().isEmpty()) {
        event->accept();
        return false;
    }
    if (event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(object, event);
    }
    const auto *key = static_cast<QKeyEvent *>(event);
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        announce();
        return true;
    case Qt::Key_Escape:
        if (line->text().isEmpty()) {
            emit left();
        } else {
            line->clear();
            announce();
        }
        return true;
    case Qt::Key_Down:
        if (key->modifiers().testFlag(Qt::AltModifier)) {
            found->operators->click();
        } else {
            emit left();
        }
        return true;
    default:
        return false;
    }
}

void FilterRow::paintEvent(QPaintEvent *)
{
    const Colors &colors = Theme::instance().colors();
    QPainter painter(this);
    painter.fillRect(rect(), colors.panel);
    painter.fillRect(0, height() - 1, width(), 1, colors.line);
    for (int section = 0; section < m_header->count(); ++section) {
        const int right = m_header->sectionViewportPosition(section) + m_header->sectionSize(section) - 1;
        painter.fillRect(right, 0, 1, height(), colors.line);
    }
}

} // namespace Roost

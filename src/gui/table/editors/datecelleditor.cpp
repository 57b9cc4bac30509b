#include "gui/table/editors/datecelleditor.h"

#include "gui/table/editors/valuekind.h"
#include "gui/theme/theme.h"

#include <QCalendarWidget>
#include <QDateTime>
#include <QFrame>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

const QRegularExpression &dayPattern()
{
    static const QRegularExpression pattern(QStringLiteral("^\\s*(\\d{4})-(\\d{2})-(\\d{2})(?!\\d)"));
    return pattern;
}

bool isBeforeChrist(const QString &text)
{
    return text.trimmed().endsWith(QStringLiteral(" BC"), Qt::CaseInsensitive);
}

} // namespace

DateCellEditor::DateCellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent)
    : LineCellEditor(model, index, parent)
{
    QToolButton *button =
        addButton(QStringLiteral("cellCalendar"), QStringLiteral("view-calendar-day"), tr("Choose the day (F4)"));
    connect(button, &QToolButton::clicked, this, [this] { openAid(); });
}

QDate DateCellEditor::dayOf(const QString &text)
{
    const auto match = dayPattern().match(text);
    if (!match.hasMatch() || isBeforeChrist(text)) {
        return {};
    }
    return {match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt()};
}

QString DateCellEditor::withDay(const QString &text, const QDate &day, bool hasTime)
{
    const QString iso = day.toString(Qt::ISODate);
    const auto match = dayPattern().match(text);
    if (!match.hasMatch() || isBeforeChrist(text)) {
        return hasTime ? iso + QStringLiteral(" 00:00:00") : iso;
    }
    return iso + text.mid(match.capturedEnd());
}

void DateCellEditor::setNow()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    switch (valueKindOf(column())) {
    case ValueKind::Date:
        replaceText(QDate::currentDate().toString(Qt::ISODate));
        break;
    case ValueKind::TimestampZone:
        replaceText(now.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")) + QStringLiteral("+00"));
        break;
    default:
        replaceText(now.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")));
        break;
    }
}

bool DateCellEditor::openAid()
{
    // A child of the editor's: the delegate sees that the focus stays within.
    auto *popup = new QFrame(this, Qt::Popup);
    popup->setObjectName(QStringLiteral("cellCalendarPopup"));
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setProperty("card", true);
    auto *layout = new QVBoxLayout(popup);
    layout->setContentsMargins(Spacing::unit / 2, Spacing::unit / 2, Spacing::unit / 2, Spacing::unit / 2);
    auto *calendar = new QCalendarWidget(popup);
    calendar->setObjectName(QStringLiteral("cellCalendarDays"));
    calendar->setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    calendar->setFirstDayOfWeek(locale().firstDayOfWeek());
    const QDate shown = dayOf(text());
    calendar->setSelectedDate(shown.isValid() ? shown : QDate::currentDate());
    const bool isDate = valueKindOf(column()) == ValueKind::Date;
    auto *now = new QPushButton(isDate ? tr("Today") : tr("Now"), popup);
    now->setObjectName(QStringLiteral("cellCalendarNow"));
    layout->addWidget(calendar);
    layout->addWidget(now);
    connect(calendar, &QCalendarWidget::activated, this, [this, popup, isDate](QDate day) {
        popup->close();
        replaceText(withDay(text(), day, !isDate));
    });
    connect(calendar, &QCalendarWidget::clicked, calendar, &QCalendarWidget::activated);
    connect(now, &QPushButton::clicked, this, [this, popup] {
        popup->close();
        setNow();
    });
    popup->adjustSize();
    popup->move(mapToGlobal(QPoint(qMax(0, width() - popup->width()), height())));
    popup->show();
    calendar->setFocus();
    return true;
}

} // namespace Roost

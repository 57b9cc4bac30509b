#include "gui/theme/indicatorstyle.h"

#include "gui/theme/theme.h"

#include <QPainter>
#include <QStyleOption>

namespace Roost {

IndicatorStyle::IndicatorStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

void IndicatorStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                   const QWidget *widget) const
{
    if (element == PE_IndicatorCheckBox || element == PE_IndicatorRadioButton) {
        drawBox(option, painter, element == PE_IndicatorRadioButton);
        return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void IndicatorStyle::drawBox(const QStyleOption *option, QPainter *painter, bool isRound)
{
    const Colors &colors = Theme::instance().colors();
    const bool isOn = option->state & (State_On | State_NoChange);
    const bool isEnabled = option->state & State_Enabled;
    const int side = qMin(option->rect.width(), option->rect.height());
    QRectF box(0, 0, side, side);
    box.moveCenter(QRectF(option->rect).center());
    box.adjust(0.5, 0.5, -0.5, -0.5);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setOpacity(isEnabled ? 1 : 0.45);
    const bool isMarked = option->state & (State_HasFocus | State_MouseOver);
    painter->setPen(isOn ? colors.button : isMarked ? colors.accent : colors.subtle);
    painter->setBrush(isOn ? colors.button : colors.base);
    if (isRound) {
        painter->drawEllipse(box);
    } else {
        painter->drawRoundedRect(box, 3, 3);
    }
    if (isOn && isRound) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.buttonText);
        painter->drawEllipse(box.center(), side * 0.2, side * 0.2);
    } else if (isOn) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(colors.buttonText, side * 0.13, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const auto at = [&box](double x, double y) {
            return QPointF(box.left() + x * box.width(), box.top() + y * box.height());
        };
        const QPointF check[]{at(0.24, 0.52), at(0.43, 0.70), at(0.77, 0.32)};
        if (option->state & State_NoChange) {
            painter->drawLine(at(0.25, 0.5), at(0.75, 0.5));
        } else {
            painter->drawPolyline(check, 3);
        }
    }
    painter->restore();
}

} // namespace Roost

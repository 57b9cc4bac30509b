#pragma once

#include <QProxyStyle>

namespace Roost {

/// Fusion, with check boxes and radio buttons drawn in the theme's colours: Fusion derives their outline from the
/// window's colour, which cannot be seen on a dark one.
class IndicatorStyle : public QProxyStyle
{
    Q_OBJECT

public:
    IndicatorStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;

private:
    static void drawBox(const QStyleOption *option, QPainter *painter, bool isRound);
};

} // namespace Roost

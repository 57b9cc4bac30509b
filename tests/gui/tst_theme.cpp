#include "gui/theme/theme.h"

#include <QApplication>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;

/// The palette can be read, and every icon is there in both schemes.
class TestTheme : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(*qApp, Theme::Mode::Light); }
    void contrast_data();
    void contrast();
    void ratioIsWcags();
    void iconsRender_data();
    void iconsRender();
    void modeChangesPaletteAndIcons();
    void zoomChangesText();
};

static QList<QPair<QString, Colors>> schemes()
{
    return {{QStringLiteral("light"), Colors::light()},
            {QStringLiteral("dark"), Colors::dark()},
            {QStringLiteral("light, high contrast"), Colors::light().withHighContrast()},
            {QStringLiteral("dark, high contrast"), Colors::dark().withHighContrast()}};
}

void TestTheme::contrast_data()
{
    QTest::addColumn<QColor>("text");
    QTest::addColumn<QColor>("surface");
    for (const auto &[name, c] : schemes()) {
        const auto add = [scheme = name](const char *what, const QColor &text, const QColor &surface) {
            QTest::addRow("%s: %s", qPrintable(scheme), what) << text << surface;
        };
        add("text on panel", c.text, c.panel);
        add("text on base", c.text, c.base);
        add("text on selection", c.text, c.selection);
        add("text on hover", c.text, c.hover);
        add("text on a staged cell", c.text, c.staged);
        add("text on a new row", c.text, c.newRow);
        add("subtle on panel", c.subtle, c.panel);
        add("subtle on base", c.subtle, c.base);
        add("subtle on selection", c.selectionSubtle, c.selection);
        add("subtle on hover", c.selectionSubtle, c.hover);
        add("accent on panel", c.accent, c.panel);
        add("accent on base", c.accent, c.base);
        add("primary button", c.buttonText, c.button);
        add("danger button", c.dangerButtonText, c.dangerButton);
        for (const Tone tone : {Tone::Neutral, Tone::Accent, Tone::Good, Tone::Warning, Tone::Danger}) {
            add(qPrintable(QStringLiteral("badge %1").arg(int(tone))), c.pair(tone).text, c.pair(tone).surface);
            add(qPrintable(QStringLiteral("line %1 on panel").arg(int(tone))), c.lineText(tone), c.panel);
            add(qPrintable(QStringLiteral("line %1 on base").arg(int(tone))), c.lineText(tone), c.base);
        }
    }
}

void TestTheme::contrast()
{
    QFETCH(QColor, text);
    QFETCH(QColor, surface);
    const double ratio = contrastRatio(text, surface);
    QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3").arg(text.name(), surface.name()).arg(ratio)));
}

void TestTheme::ratioIsWcags()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
    // WCAG's own example of the lightest grey that passes on white.
    QVERIFY(qAbs(contrastRatio(QColor(0x76, 0x76, 0x76), Qt::white) - 4.54) < 0.01);
}

void TestTheme::iconsRender_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("dark");
    QFile names(QStringLiteral(ROOST_ICON_NAMES));
    QVERIFY(names.open(QIODevice::ReadOnly));
    const QStringList lines = QString::fromUtf8(names.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QVERIFY(lines.size() > 20);
    for (const QString &line : lines) {
        const QString name = line.section(QLatin1Char('/'), -1);
        QTest::addRow("%s light", qPrintable(name)) << name << false;
        QTest::addRow("%s dark", qPrintable(name)) << name << true;
    }
}

/// Ink is what differs from full transparency; its mean lightness must stand out from the panel.
void TestTheme::iconsRender()
{
    QFETCH(QString, name);
    QFETCH(bool, dark);
    Theme::instance().setMode(dark ? Theme::Mode::Dark : Theme::Mode::Light);
    const QImage image = Theme::icon(name).pixmap(QSize(16, 16), 2.0).toImage();
    QVERIFY(!image.isNull());
    double ink = 0;
    double lightness = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor color = image.pixelColor(x, y);
            ink += color.alphaF();
            lightness += color.alphaF() * color.lightnessF();
        }
    }
    QVERIFY2(ink > 20, "nothing was drawn");
    const double difference = qAbs(lightness / ink - Theme::instance().colors().panel.lightnessF());
    QVERIFY2(difference > 0.3, qPrintable(QString::number(difference)));
}

void TestTheme::modeChangesPaletteAndIcons()
{
    Theme &theme = Theme::instance();
    theme.setMode(Theme::Mode::Light);
    const QIcon icon = Theme::icon(QStringLiteral("table"));
    const QImage light = icon.pixmap(16, 16).toImage();
    QSignalSpy spy(&theme, &Theme::changed);
    theme.setMode(Theme::Mode::Dark);
    QCOMPARE(spy.size(), 1);
    QCOMPARE(qApp->palette().color(QPalette::Window), Colors::dark().panel);
    QVERIFY(icon.pixmap(16, 16).toImage() != light);
    theme.setMode(Theme::Mode::Light);
    QCOMPARE(qApp->palette().color(QPalette::Window), Colors::light().panel);
}

void TestTheme::zoomChangesText()
{
    Theme &theme = Theme::instance();
    const double before = qApp->font().pointSizeF();
    theme.setZoom(150);
    QCOMPARE(qApp->font().pointSizeF(), before * 1.5);
    theme.setZoom(100);
    QCOMPARE(qApp->font().pointSizeF(), before);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"

#include "gui/theme/stylesheet.h"

#include "gui/theme/colors.h"

#include <QHash>

namespace Roost {

namespace {

// Words between @…@ are colours and sizes of the theme. Only what Fusion with our palette does not do by itself stands
// here: each rule costs every widget it matches.
const char *const sheet = R"(
QLabel[role="title"] { font-size: @title@; font-weight: 700; }
QLabel[role="heading"] { font-size: @heading@; font-weight: 700; }
QLabel[role="strong"] { font-weight: 700; }
QLabel[role="figure"] { font-size: @figure@; font-weight: 700; }
QLabel[role="subtle"] { color: @subtle@; }
QLabel[role="small"] { color: @subtle@; font-size: @small@; }
QLabel[role="caption"] { color: @subtle@; font-size: @caption@; font-weight: 700; letter-spacing: 1px; }
QLabel[role="mono"], QPlainTextEdit[role="mono"], QLineEdit[role="mono"] { font-family: monospace; }
QLabel[role="good"] { color: @good@; }
QLabel[role="warning"] { color: @warning@; }
QLabel[role="danger"] { color: @danger@; }

QLabel[pill] { padding: 2px 9px; font-size: @caption@; }
QLabel[pill="neutral"] { color: @neutral@; }
QLabel[pill="accent"] { color: @buttonText@; }
QLabel[pill="good"] { color: @good@; }
QLabel[pill="warning"] { color: @warning@; }
QLabel[pill="danger"] { color: @danger@; }
QLabel[pill][pillSize="large"] { padding: 5px 14px; font-size: @body@; font-weight: 700; }

QFrame[card="true"] { background: @base@; border: 1px solid @line@; border-radius: 8px; }
QFrame[line="true"] { background: @line@; border: none; max-height: 1px; min-height: 1px; }
QFrame[notice="warning"] { background: @warningSurface@; border: none; border-radius: 8px; }
QFrame[notice="warning"] QLabel { color: @warning@; }
QFrame[notice="danger"] { background: @dangerSurface@; border: none; border-radius: 8px; }
QFrame[notice="danger"] QLabel { color: @danger@; }
QFrame[notice="good"] { background: @goodSurface@; border: none; border-radius: 8px; }
QFrame[notice="good"] QLabel { color: @good@; }

QPushButton { background: @base@; color: @text@; border: 1px solid @border@; border-radius: 5px; padding: 5px 12px; min-height: 16px; }
QPushButton:hover { background: @hover@; }
QPushButton:pressed { background: @selection@; }
QPushButton:focus { border-color: @accent@; }
QPushButton:disabled { color: @disabled@; background: @panel@; border-color: @line@; }
QPushButton:checked { background: @selection@; }
QPushButton[kind="primary"] { background: @button@; color: @buttonText@; border-color: @button@; font-weight: 700; padding: 5px 14px; }
QPushButton[kind="primary"]:hover { background: @buttonHover@; border-color: @buttonHover@; }
QPushButton[kind="primary"]:focus { border-color: @text@; }
QPushButton[kind="danger"] { background: @dangerButton@; color: @dangerButtonText@; border-color: @dangerButton@; font-weight: 700; padding: 5px 14px; }
QPushButton[kind="danger"]:hover { background: @dangerHover@; border-color: @dangerHover@; }
QPushButton[kind="danger"]:focus { border-color: @text@; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled { background: @track@; color: @disabled@; border-color: @track@; }
QPushButton[kind="flat"] { background: transparent; border-color: transparent; padding: 5px 8px; }
QPushButton[kind="flat"]:hover { background: @hover@; }
QPushButton[kind="flat"]:focus { border-color: @accent@; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: @accent@; padding: 1px 2px; text-align: left; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: @accent@; }
QPushButton[kind="segment"] { background: transparent; border-color: transparent; padding: 4px 10px; }
QPushButton[kind="segment"]:hover { background: @hover@; }
QPushButton[kind="segment"]:checked { background: @base@; border-color: @border@; }
QPushButton[kind="segment"]:focus { border-color: @accent@; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 4px; }
QToolButton:hover { background: @hover@; }
QToolButton:pressed, QToolButton:checked { background: @selection@; }
QToolButton:focus { border-color: @accent@; }
QToolButton[kind="fold"] { padding: 3px 6px 3px 0; }
QToolButton[kind="fold"]:hover, QToolButton[kind="fold"]:checked { background: transparent; }
QToolButton[kind="fold"]:hover { color: @accent@; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QTimeEdit, QComboBox { background: @base@; color: @text@; border: 1px solid @border@; border-radius: 5px;
    selection-background-color: @button@; selection-color: @buttonText@; }
QLineEdit { padding: 5px 7px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDateEdit:focus, QTimeEdit:focus, QComboBox:focus { border-color: @accent@; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDateEdit:disabled, QTimeEdit:disabled, QComboBox:disabled { color: @disabled@; background: @panel@; }
QLineEdit[state="error"] { border-color: @danger@; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QPlainTextEdit[plain="true"] { border: none; border-radius: 0; }
QSpinBox, QTimeEdit { padding: 4px 6px; min-height: 18px; }
QDateEdit { padding: 4px 8px; min-height: 18px; }
QDateEdit::drop-down { border: none; width: 24px; }
QDateEdit::down-arrow { image: url(@icons@/go-down.svg); width: 12px; height: 12px; }
QComboBox { padding: 4px 8px; min-height: 18px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(@icons@/go-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @base@; border: 1px solid @border@; selection-background-color: @selection@; selection-color: @text@; }

QTreeView, QTableView, QListView { background: @base@; border: none; outline: none; selection-background-color: @selection@; selection-color: @text@; }
QTableView { gridline-color: @line@; }
QTableView::item { padding: 0 8px; border: none; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @selection@; color: @text@; }
QHeaderView { background: @panel@; border: none; }
QHeaderView::section { background: @panel@; color: @subtle@; border: none; border-bottom: 1px solid @line@; padding: 6px 11px; }
QTableView[plain="true"] QHeaderView, QTableView[plain="true"] QHeaderView::section { background: @base@; }
QTableCornerButton::section { background: @panel@; border: none; border-bottom: 1px solid @line@; border-right: 1px solid @line@; }

QTabBar { background: @panel@; border: none; }
QTabBar::tab { background: @panel@; color: @subtle@; border: none; border-bottom: 2px solid transparent; padding: 7px 12px 6px 12px; }
QTabBar::tab:hover { color: @text@; }
QTabBar::tab:selected { color: @text@; border-bottom: 2px solid @accent@; }
QTabBar::tab:focus { background: @hover@; }
QTabWidget::pane { border: none; border-top: 1px solid @line@; }
QTabWidget#bottomTabs::pane { border: none; }
QTabWidget#bottomTabs QTabBar::tab { padding: 7px 10px 5px 10px; }
QListView { border: 1px solid @line@; border-radius: 5px; }
QListView::item { padding: 4px 6px; border: none; }
QListView[plain="true"] { background: transparent; border: none; }

QProgressBar { background: @track@; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { background: @accent@; border-radius: 3px; }
QProgressBar[tone="good"]::chunk { background: @good@; }
QProgressBar[tone="danger"]::chunk { background: @danger@; }

QSplitter::handle { background: @line@; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QStatusBar { min-height: 26px; background: @panel@; color: @subtle@; border-top: 1px solid @line@; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @subtle@; }
QMenuBar { background: @panel@; border: none; border-bottom: 1px solid @line@; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: @selection@; border-radius: 4px; }
QMenu { background: @base@; border: 1px solid @border@; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selection@; color: @text@; }
QMenu::item:disabled { color: @disabled@; }
QMenu::separator { height: 1px; background: @line@; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QToolTip { background: @base@; color: @text@; border: 1px solid @border@; padding: 4px; }

QScrollArea, QScrollArea > QWidget > QWidget[page="true"] { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @scroll@; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @subtle@; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QWidget#sidebar, QWidget#bottomPanel { background: @panel@; }
QWidget#sidebar QTreeView { background: @panel@; }
)";

QColor mixed(const QColor &a, const QColor &b, double part)
{
    return QColor::fromRgbF(float(a.redF() * (1 - part) + b.redF() * part),
                            float(a.greenF() * (1 - part) + b.greenF() * part),
                            float(a.blueF() * (1 - part) + b.blueF() * part));
}

QString points(double size)
{
    return QString::number(size, 'f', 1) + QStringLiteral("pt");
}

QHash<QString, QString> words(const Colors &c, double pointSize, const QString &icons)
{
    QHash<QString, QString> words{
        {QStringLiteral("body"), points(pointSize)},
        {QStringLiteral("title"), points(pointSize * 1.8)},
        {QStringLiteral("figure"), points(pointSize * 1.4)},
        {QStringLiteral("heading"), points(pointSize * 1.15)},
        {QStringLiteral("small"), points(pointSize * 0.92)},
        {QStringLiteral("caption"), points(pointSize * 0.82)},
        {QStringLiteral("icons"), icons},
    };
    const auto color = [&words](const char *name, const QColor &value) {
        words.insert(QString::fromLatin1(name), value.name());
    };
    color("panel", c.panel);
    color("base", c.base);
    color("line", c.line);
    color("border", c.border);
    color("text", c.text);
    color("subtle", c.subtle);
    color("disabled", mixed(c.subtle, c.panel, 0.35));
    color("accent", c.accent);
    color("button", c.button);
    color("buttonText", c.buttonText);
    color("buttonHover", mixed(c.button, Qt::black, 0.12));
    color("dangerButton", c.dangerButton);
    color("dangerButtonText", c.dangerButtonText);
    color("dangerHover", mixed(c.dangerButton, Qt::black, 0.12));
    color("selection", c.selection);
    color("hover", c.hover);
    color("track", c.track);
    color("scroll", mixed(c.subtle, c.panel, 0.55));
    color("neutral", c.neutral.text);
    color("neutralSurface", c.neutral.surface);
    color("good", c.good.text);
    color("goodSurface", c.good.surface);
    color("warning", c.warning.text);
    color("warningSurface", c.warning.surface);
    color("danger", c.danger.text);
    color("dangerSurface", c.danger.surface);
    return words;
}

} // namespace

QString styleSheet(const Colors &colors, double pointSize, const QString &icons)
{
    const QHash<QString, QString> replacements = words(colors, pointSize, icons);
    const QString source = QString::fromLatin1(sheet);
    QString result;
    result.reserve(source.size());
    bool isWord = false;
    const QStringList pieces = source.split(QLatin1Char('@'));
    for (const QString &piece : pieces) {
        result += isWord ? replacements.value(piece) : piece;
        isWord = !isWord;
    }
    return result;
}

} // namespace Roost

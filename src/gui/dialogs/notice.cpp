#include "gui/dialogs/notice.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/fold.h"
#include "gui/theme/theme.h"
#include "gui/widgets/pill.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

QLabel *plainLabel(const QString &objectName, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QString signOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return QStringLiteral("\u2713");
    case Tone::Warning:
    case Tone::Danger:
        return QStringLiteral("!");
    default:
        return QStringLiteral("i");
    }
}

constexpr int edge = 12;
constexpr int signSize = 18;

} // namespace

Notice::Notice(QWidget *parent)
    : QFrame(parent)
    , m_lead(plainLabel(QStringLiteral("noticeLead"), this))
    , m_text(plainLabel(QStringLiteral("noticeText"), this))
    , m_fold(new Fold(this))
    , m_detail(new DetailView(this))
    , m_buttonRow(new QWidget(this))
    , m_buttons(new QHBoxLayout(m_buttonRow))
{
    m_fold->setTitle(tr("Details"));
    m_fold->setContent(m_detail);
    QFont bold = m_lead->font();
    bold.setBold(true);
    m_lead->setFont(bold);
    m_buttons->setSpacing(Spacing::unit);
    m_buttons->setContentsMargins(0, Spacing::unit / 2, 0, 0);
    m_buttonRow->hide();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(edge + signSize + edge, edge - 2, edge, edge - 2); // the sign is painted at the left
    layout->setSpacing(Spacing::unit / 2);
    layout->addWidget(m_lead);
    layout->addWidget(m_text);
    layout->addWidget(m_fold);
    layout->addWidget(m_buttonRow);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    hide();
}

void Notice::say(Tone tone, const QString &lead, const QString &text, const QString &detail)
{
    removeButtons();
    m_tone = tone;
    m_lead->setProperty("role", toneName(tone));
    Theme::restyle(m_lead);
    m_lead->setText(lead);
    m_lead->setVisible(!lead.isEmpty());
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    m_detail->setText(detail);
    m_fold->setOpen(false);
    m_fold->setVisible(!detail.isEmpty());
    setAccessibleName(lead);
    setAccessibleDescription(text);
    update();
    show();
}

void Notice::sayError(const QString &lead, const Error &error)
{
    if (error.isCancelled()) {
        clear();
        return;
    }
    QString detail = error.detail;
    if (!error.sqlState.isEmpty()) {
        detail += (detail.isEmpty() ? QString() : QStringLiteral("\n")) +
                  tr("SQLSTATE %1").arg(QString::fromLatin1(error.sqlState));
    }
    say(Tone::Danger, lead, error.message, detail);
}

void Notice::clear()
{
    removeButtons();
    m_lead->clear();
    m_text->clear();
    m_detail->setText({});
    hide();
}

QPushButton *Notice::addButton(const QString &objectName, const QString &text)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(objectName);
    button->setAutoDefault(false);
    if (m_buttons->count() == 0) {
        m_buttons->addStretch();
    }
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    m_buttonRow->show();
    return button;
}

void Notice::removeButtons()
{
    while (QLayoutItem *item = m_buttons->takeAt(0)) {
        if (QWidget *button = item->widget()) {
            // It may be the very button whose click brought us here.
            button->hide();
            button->setObjectName(QString());
            button->deleteLater();
        }
        delete item;
    }
    m_buttonRow->hide();
}

QString Notice::lead() const
{
    return m_lead->text();
}

QString Notice::text() const
{
    return m_text->text();
}

void Notice::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::instance().colors().pair(m_tone).surface);
    painter.drawRoundedRect(rect(), Spacing::cardRadius, Spacing::cardRadius);
    paintSign(painter);
}

void Notice::paintSign(QPainter &painter) const
{
    const TonePair &pair = Theme::instance().colors().pair(m_tone);
    const int line = m_lead->fontMetrics().height();
    const QRect circle(edge, edge - 2 + (line - signSize) / 2, signSize, signSize);
    painter.setBrush(pair.text);
    painter.drawEllipse(circle);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(pair.surface);
    painter.drawText(circle, Qt::AlignCenter, signOf(m_tone));
}

} // namespace Roost

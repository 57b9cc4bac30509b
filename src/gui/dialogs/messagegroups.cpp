#include "gui/dialogs/messagegroups.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/fold.h"
#include "gui/theme/theme.h"
#include "gui/widgets/pill.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int mostHeight = 300;
constexpr int rawLines = 6;

/// As high as what is in it, up to a limit.
class GroupsArea : public QScrollArea
{
public:
    using QScrollArea::QScrollArea;

    void setContent(QWidget *content)
    {
        setWidget(content);
        content->installEventFilter(this);
        fit();
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched == widget() && event->type() == QEvent::LayoutRequest) {
            fit();
        }
        return QScrollArea::eventFilter(watched, event);
    }
    void resizeEvent(QResizeEvent *event) override
    {
        QScrollArea::resizeEvent(event);
        fit();
    }

private:
    void fit()
    {
        const int width = viewport()->width();
        const int high =
            widget()->hasHeightForWidth() ? widget()->heightForWidth(width) : widget()->sizeHint().height();
        const int height = qMin(high, mostHeight);
        if (height != minimumHeight() || height != maximumHeight()) {
            setFixedHeight(height);
        }
    }
};

QString signOf(Tone tone)
{
    return tone == Tone::Danger    ? QStringLiteral("✕")
           : tone == Tone::Warning ? QStringLiteral("!")
                                   : QStringLiteral("✓");
}

} // namespace

MessageGroups::MessageGroups(const QList<MessageGroup> &groups, QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("messageGroups"));
    auto *content = new QWidget;
    auto *inside = new QVBoxLayout(content);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(Spacing::card);
    for (qsizetype i = 0; i < groups.size(); ++i) {
        inside->addWidget(makeGroup(groups.at(i), int(i)));
    }
    auto *area = new GroupsArea(this);
    area->setObjectName(QStringLiteral("messageArea"));
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::StrongFocus); // the arrow keys scroll it
    area->setAccessibleName(tr("Messages of the restore"));
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    area->setContent(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(area);
}

QWidget *MessageGroups::makeGroup(const MessageGroup &group, int number)
{
    auto *box = new QWidget;
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit / 2);
    auto *pill = new Pill(QStringLiteral("%1  %2 · %3").arg(signOf(group.tone), group.title).arg(group.lines.size()),
                          group.tone);
    pill->setObjectName(QStringLiteral("groupTitle%1").arg(number));
    pill->setAccessibleName(tr("%1: %2").arg(group.title).arg(group.lines.size()));
    layout->addWidget(pill, 0, Qt::AlignLeft);

    QStringList texts;
    QStringList raw;
    for (const MessageGroup::Line &line : group.lines) {
        if (!texts.contains(line.text)) {
            texts += line.text;
        }
        if (!line.raw.isEmpty()) {
            raw += line.raw.trimmed();
        }
    }
    auto *label = new QLabel(texts.join(u'\n'));
    label->setObjectName(QStringLiteral("groupText%1").arg(number));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(group.title);
    layout->addWidget(label);
    if (!raw.isEmpty()) {
        auto *view = new DetailView;
        view->setText(raw.join(QStringLiteral("\n\n")));
        view->setVisibleLines(rawLines);
        view->setAccessibleText(tr("Messages as they came"));
        auto *fold = new Fold;
        fold->setObjectName(QStringLiteral("groupRaw%1").arg(number));
        fold->setTitle(tr("As the tool said it"));
        fold->setContent(view);
        layout->addWidget(fold);
    }
    return box;
}

} // namespace Roost

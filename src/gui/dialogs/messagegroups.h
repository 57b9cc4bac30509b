#pragma once

#include "gui/theme/colors.h"

#include <QList>
#include <QString>
#include <QWidget>

namespace Roost {

/// Messages of one weight, as a job's outcome has them.
struct MessageGroup
{
    struct Line
    {
        QString text; ///< in plain words
        QString raw;  ///< as a tool said it; may be empty
    };
    Tone tone = Tone::Neutral;
    QString title;
    QList<Line> lines;
};

/// Groups of messages: each with a sign, a word and a count, its sentences below, and the raw lines to unfold.
/// Scrolls when it is long.
class MessageGroups : public QWidget
{
    Q_OBJECT

public:
    explicit MessageGroups(const QList<MessageGroup> &groups, QWidget *parent = nullptr);

private:
    QWidget *makeGroup(const MessageGroup &group, int number);
};

} // namespace Roost

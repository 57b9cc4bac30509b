#pragma once

#include <QPlainTextEdit>

namespace Roost {

/// The lines that an app prints: plain text, the last few thousand; follows the end unless the user scrolled up.
class BirdAppLog : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit BirdAppLog(QWidget *parent = nullptr);
    void append(const QStringList &lines);
};

} // namespace Roost

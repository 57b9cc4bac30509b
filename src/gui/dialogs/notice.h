#pragma once

#include "core/error.h"
#include "gui/theme/colors.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPainter;
class QPushButton;

namespace Roost {

class DetailView;
class Fold;

/// A message inside a dialog or page, where it belongs, instead of a box on top: what happened, what to do, and a
/// button that does it. Hidden while it has nothing to say. All of it is plain text; raw detail unfolds and can be
/// copied.
class Notice : public QFrame
{
    Q_OBJECT

public:
    explicit Notice(QWidget *parent = nullptr);

    void say(Tone tone, const QString &lead, const QString &text = {}, const QString &detail = {});
    /// Nothing for Cancelled.
    void sayError(const QString &lead, const Error &error);
    void clear();
    /// Gone with the next say(), sayError() or clear().
    QPushButton *addButton(const QString &objectName, const QString &text);

    Tone tone() const { return m_tone; }
    QString lead() const;
    QString text() const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void removeButtons();
    void paintSign(QPainter &painter) const;
    QLabel *m_lead;
    QLabel *m_text;
    Fold *m_fold;
    DetailView *m_detail;
    QWidget *m_buttonRow;
    QHBoxLayout *m_buttons;
    Tone m_tone = Tone::Neutral;
};

} // namespace Roost

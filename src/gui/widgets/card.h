#pragma once

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace Roost {

/// A rounded surface with a hairline, for what belongs together. Put content into body().
class Card : public QFrame
{
    Q_OBJECT

public:
    explicit Card(QWidget *parent = nullptr);
    QVBoxLayout *body() const { return m_body; }

private:
    QVBoxLayout *m_body;
};

// Labels in the strengths of the theme. Text of servers and tools goes through them as plain text.
/// Any other `role` of the style sheet.
[[nodiscard]] QLabel *roleLabel(const QString &text, const char *role, QWidget *parent = nullptr);
[[nodiscard]] QLabel *titleLabel(const QString &text, QWidget *parent = nullptr);
[[nodiscard]] QLabel *headingLabel(const QString &text, QWidget *parent = nullptr);
[[nodiscard]] QLabel *subtleLabel(const QString &text, QWidget *parent = nullptr);
/// A paragraph that wraps.
[[nodiscard]] QLabel *paragraph(const QString &text, QWidget *parent = nullptr);
/// A line across, in the theme's colour.
[[nodiscard]] QFrame *hairline(QWidget *parent = nullptr);

} // namespace Roost

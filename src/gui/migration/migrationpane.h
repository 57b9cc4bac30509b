#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace Roost {

/// The right side of a migration's page: a heading, what scrolls, and buttons that stay below it.
class MigrationPane : public QWidget
{
    Q_OBJECT

public:
    explicit MigrationPane(const QString &heading, QWidget *parent = nullptr);

    void setHeading(const QString &heading);
    QString heading() const;

protected:
    QVBoxLayout *body() const { return m_body; }
    /// After the stretch, when `isRight`; the primary one is the last.
    QPushButton *addButton(const char *name, const QString &text, bool isRight = false, const char *kind = nullptr);
    QHBoxLayout *buttons() const { return m_buttons; }
    /// A line above the buttons, about them; empty: none.
    void setFooter(const QString &text, const char *role = "subtle");
    /// Stays in sight between what scrolls and the buttons: what the primary button needs.
    void addFixed(QWidget *widget);
    void scrollToTop();
    /// The body is as high as there is room, instead of as high as it needs.
    void fillWithBody();

private:
    QLabel *m_heading;
    QVBoxLayout *m_column;
    QVBoxLayout *m_body;
    QVBoxLayout *m_fixed;
    QLabel *m_footer;
    QHBoxLayout *m_buttons;
    QScrollArea *m_scroll;
};

} // namespace Roost

#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace Roost {

struct ManifestDifference;

/// One thing of the structure that differs: what it is in the first, and in the second.
class DefinitionView : public QWidget
{
    Q_OBJECT

public:
    explicit DefinitionView(QWidget *parent = nullptr);

    void setSides(const QString &first, const QString &second);
    void show(const ManifestDifference &difference);
    using QWidget::show;

private:
    QWidget *buildSide(QLabel *name, QPlainTextEdit *text, const char *objectName);

    QLabel *m_title;
    QLabel *m_words;
    QWidget *m_sides;
    QLabel *m_firstName;
    QLabel *m_secondName;
    QPlainTextEdit *m_first;
    QPlainTextEdit *m_second;
};

} // namespace Roost

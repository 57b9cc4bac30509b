#pragma once

#include <QAbstractScrollArea>
#include <QByteArray>

namespace Roost {

/// Bytes as offset, hexadecimal and characters, 16 or 8 a line as there is room; any size, only what is seen is drawn.
class HexView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit HexView(QWidget *parent = nullptr);

    void setBytes(const QByteArray &bytes);
    const QByteArray &bytes() const { return m_bytes; }
    /// Instead of bytes: "NULL".
    void setWord(const QString &word);
    /// A line as it is shown.
    QString line(int number) const;
    int lineCount() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void arrange();
    void copy(bool asHex) const;
    int lineHeight() const;

    QByteArray m_bytes;
    QString m_word;
    int m_perLine = 16;
};

} // namespace Roost

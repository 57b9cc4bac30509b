#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace Roost {

/// One line of `COPY … TO STDOUT` in the text format, taken apart: the values' own bytes, NULL told apart. Reused line
/// after line; the views are valid until the next one.
class CopyTextLine
{
public:
    struct Cell
    {
        QByteArrayView text;
        bool isNull = false;
    };

    /// The line with or without its end.
    void parse(QByteArrayView line);
    const std::vector<Cell> &cells() const { return m_cells; }

private:
    QByteArray m_plain; ///< values that had escapes, without them
    std::vector<Cell> m_cells;
};

} // namespace Roost

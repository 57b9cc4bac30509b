#pragma once

#include <QString>
#include <QStringView>

#include <optional>
#include <vector>

namespace Roost {

/// Why a text is no JSON, and where.
struct JsonProblem
{
    qsizetype offset = 0;
    int line = 1;   ///< counted from 1
    int column = 1; ///< in characters, counted from 1
    QString message;

    QString text() const; ///< with the place, translated
};

/// A value in a JSON text, by its place there: numbers and strings stay as they are written.
struct JsonNode
{
    enum class Type { Object, Array, String, Number, Boolean, Null };
    Type type = Type::Null;
    int parent = -1;
    int row = 0;        ///< among its parent's children
    int childCount = 0; ///< of objects and arrays; children are found by JsonTree::child()
    int firstChild = 0; ///< in JsonTree::children
    qsizetype start = 0;
    qsizetype length = 0;
    qsizetype keyStart = 0; ///< of a member: its key with the quotes
    qsizetype keyLength = 0;
};

/// A JSON text cut into its values, in the order of the text; members with the same key are all there.
struct JsonTree
{
    QString text;
    std::vector<JsonNode> nodes; ///< the first is the root
    std::vector<int> children;
    bool isWhole = true; ///< false: there are more values than asked for

    QString key(int node) const;       ///< decoded; empty for elements and the root
    QStringView value(int node) const; ///< as written
    int child(int node, int row) const { return children[size_t(nodes[size_t(node)].firstChild + row)]; }
    /// As SQL from the column on: `"data"->'a'->0->>'b'`.
    QString path(int node, const QString &column) const;
};

/// Where a text is not what PostgreSQL takes as JSON; `isBinary`: as jsonb, which knows no \u0000 and no halves of
/// surrogate pairs. Depth does not matter.
[[nodiscard]] std::optional<JsonProblem> jsonProblem(const QString &text, bool isBinary);
/// A text that jsonProblem() finds nothing in, with a line a value. Only blanks change: keys, numbers, their order and
/// doubles stay.
[[nodiscard]] QString prettyJson(const QString &text);
/// The first `most` values of a text; nothing where it is no JSON.
[[nodiscard]] std::optional<JsonTree> parseJson(const QString &text, size_t most);
/// What a string with its quotes means.
[[nodiscard]] QString decodeJsonString(QStringView quoted);

} // namespace Roost

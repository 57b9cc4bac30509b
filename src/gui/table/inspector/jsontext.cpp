#include "gui/table/inspector/jsontext.h"

#include "gui/table/inspector/jsonscanner.h"
#include "postgres/identifier.h"

#include <QCoreApplication>

namespace Roost {

namespace {

using Token = JsonScanner::Token;

/// Only for tr().
struct Json
{
    Q_DECLARE_TR_FUNCTIONS(Roost::JsonProblem)
};

/// Reads a text without going into itself, however deep it is nested.
class Parser
{
public:
    Parser(QStringView text, bool isBinary, size_t most)
        : m_scanner(text, isBinary)
        , m_most(most)
    {
    }

    /// False: wrongAt() and problem() say where and why.
    bool run();
    std::vector<JsonNode> &nodes() { return m_nodes; }
    bool isWhole() const { return m_isWhole; }
    qsizetype wrongAt() const { return m_wrongAt; }
    const QString &problem() const { return m_problem; }

private:
    enum class Wants { Value, ValueOrEnd, KeyOrEnd, Key, Colon, CommaOrEnd, Nothing };
    struct Open
    {
        bool isObject = false;
        int node = -1;
        int children = 0;
        qsizetype start = 0;
    };

    bool take(Token token);
    bool takeValue(Token token);
    bool close(bool isObject);
    int add(JsonNode::Type type);
    bool wrong(qsizetype at, const QString &problem);
    bool unexpected(Token token);
    Wants afterValue() const { return m_open.empty() ? Wants::Nothing : Wants::CommaOrEnd; }

    JsonScanner m_scanner;
    size_t m_most; ///< nodes that are kept
    std::vector<JsonNode> m_nodes;
    std::vector<Open> m_open;
    Wants m_wants = Wants::Value;
    qsizetype m_keyStart = 0;
    qsizetype m_keyLength = 0;
    bool m_isWhole = true;
    qsizetype m_wrongAt = 0;
    QString m_problem;
};

bool Parser::wrong(qsizetype at, const QString &problem)
{
    m_wrongAt = at;
    m_problem = problem;
    return false;
}

bool Parser::unexpected(Token token)
{
    const qsizetype at = m_scanner.start();
    if (token == Token::End) {
        if (m_open.empty()) {
            return wrong(at, Json::tr("There is no value."));
        }
        return wrong(at, m_open.back().isObject ? Json::tr("The text ends before its “}”.")
                                                : Json::tr("The text ends before its “]”."));
    }
    switch (m_wants) {
    case Wants::Value:
    case Wants::ValueOrEnd:
        return wrong(at, Json::tr("A value is missing here."));
    case Wants::Key:
        return wrong(at, token == Token::ObjectEnd ? Json::tr("There is a comma too much before this “}”.")
                                                   : Json::tr("A key in double quotes is missing here."));
    case Wants::KeyOrEnd:
        return wrong(at, Json::tr("A key in double quotes or “}” is missing here."));
    case Wants::Colon:
        return wrong(at, Json::tr("A “:” is missing here."));
    case Wants::CommaOrEnd:
        return wrong(at, m_open.back().isObject ? Json::tr("A “,” or “}” is missing here.")
                                                : Json::tr("A “,” or “]” is missing here."));
    case Wants::Nothing:
        break;
    }
    return wrong(at, Json::tr("The value ends before this."));
}

int Parser::add(JsonNode::Type type)
{
    const int row = m_open.empty() ? 0 : m_open.back().children++;
    if (m_nodes.size() >= m_most) {
        m_isWhole = false;
        return -1;
    }
    JsonNode node;
    node.type = type;
    node.row = row;
    node.parent = m_open.empty() ? -1 : m_open.back().node;
    node.start = m_scanner.start();
    node.length = m_scanner.end() - m_scanner.start();
    if (!m_open.empty() && m_open.back().isObject) {
        node.keyStart = m_keyStart;
        node.keyLength = m_keyLength;
    }
    if (node.parent >= 0) {
        ++m_nodes[size_t(node.parent)].childCount;
    }
    m_nodes.push_back(node);
    return int(m_nodes.size()) - 1;
}

bool Parser::close(bool isObject)
{
    if (m_open.empty() || m_open.back().isObject != isObject) {
        return unexpected(isObject ? Token::ObjectEnd : Token::ArrayEnd);
    }
    if (m_open.back().node >= 0) {
        m_nodes[size_t(m_open.back().node)].length = m_scanner.end() - m_open.back().start;
    }
    m_open.pop_back();
    m_wants = afterValue();
    return true;
}

bool Parser::takeValue(Token token)
{
    switch (token) {
    case Token::ObjectStart:
    case Token::ArrayStart: {
        const bool isObject = token == Token::ObjectStart;
        const int node = add(isObject ? JsonNode::Type::Object : JsonNode::Type::Array);
        m_open.push_back({isObject, node, 0, m_scanner.start()});
        m_wants = isObject ? Wants::KeyOrEnd : Wants::ValueOrEnd;
        return true;
    }
    case Token::String:
        add(JsonNode::Type::String);
        break;
    case Token::Number:
        add(JsonNode::Type::Number);
        break;
    case Token::Boolean:
        add(JsonNode::Type::Boolean);
        break;
    case Token::Null:
        add(JsonNode::Type::Null);
        break;
    default:
        return unexpected(token);
    }
    m_wants = afterValue();
    return true;
}

bool Parser::take(Token token)
{
    switch (m_wants) {
    case Wants::ValueOrEnd:
        return token == Token::ArrayEnd ? close(false) : takeValue(token);
    case Wants::Value:
        if (token == Token::ArrayEnd && !m_open.empty() && !m_open.back().isObject) {
            return wrong(m_scanner.start(), Json::tr("There is a comma too much before this “]”."));
        }
        return takeValue(token);
    case Wants::KeyOrEnd:
        if (token == Token::ObjectEnd) {
            return close(true);
        }
        [[fallthrough]];
    case Wants::Key:
        if (token != Token::String) {
            return unexpected(token);
        }
        m_keyStart = m_scanner.start();
        m_keyLength = m_scanner.end() - m_keyStart;
        m_wants = Wants::Colon;
        return true;
    case Wants::Colon:
        m_wants = Wants::Value;
        return token == Token::Colon || (m_wants = Wants::Colon, unexpected(token));
    case Wants::CommaOrEnd:
        if (token == Token::Comma) {
            m_wants = m_open.back().isObject ? Wants::Key : Wants::Value;
            return true;
        }
        return token == Token::ObjectEnd || token == Token::ArrayEnd ? close(token == Token::ObjectEnd)
                                                                     : unexpected(token);
    case Wants::Nothing:
        break;
    }
    return unexpected(token);
}

bool Parser::run()
{
    for (;;) {
        const Token token = m_scanner.next();
        if (token == Token::Wrong) {
            return wrong(m_scanner.wrongAt(), m_scanner.problem());
        }
        if (token == Token::End && m_wants == Wants::Nothing) {
            return true;
        }
        if (!take(token)) {
            return false;
        }
    }
}

/// Children in their order, found by their parent.
void fillChildren(JsonTree &tree)
{
    int first = 0;
    for (JsonNode &node : tree.nodes) {
        node.firstChild = first;
        first += node.childCount;
    }
    tree.children.resize(size_t(first));
    for (size_t i = 0; i < tree.nodes.size(); ++i) {
        const JsonNode &node = tree.nodes[i];
        if (node.parent >= 0) {
            tree.children[size_t(tree.nodes[size_t(node.parent)].firstChild + node.row)] = int(i);
        }
    }
}

} // namespace

QString JsonProblem::text() const
{
    return Json::tr("Line %1, column %2: %3").arg(line).arg(column).arg(message);
}

std::optional<JsonProblem> jsonProblem(const QString &text, bool isBinary)
{
    Parser parser(text, isBinary, 0);
    if (parser.run()) {
        return {};
    }
    JsonProblem problem;
    problem.offset = parser.wrongAt();
    problem.message = parser.problem();
    const QStringView before = QStringView(text).left(problem.offset);
    problem.line = int(before.count(u'\n')) + 1;
    for (qsizetype i = before.lastIndexOf(u'\n') + 1; i < before.size(); ++i) {
        problem.column += before[i].isLowSurrogate() ? 0 : 1;
    }
    return problem;
}

std::optional<JsonTree> parseJson(const QString &text, size_t most)
{
    Parser parser(text, false, most);
    if (!parser.run()) {
        return {};
    }
    JsonTree tree;
    tree.text = text;
    tree.nodes = std::move(parser.nodes());
    tree.isWhole = parser.isWhole();
    fillChildren(tree);
    return tree;
}

QString prettyJson(const QString &text)
{
    constexpr qsizetype step = 2;
    QString pretty;
    pretty.reserve(text.size() + text.size() / 2);
    JsonScanner scanner(text, false);
    qsizetype depth = 0;
    bool isFirst = false; // of its object or array
    const auto newLine = [&pretty, &depth] {
        pretty += u'\n';
        pretty += QString(depth * step, u' ');
    };
    for (Token token = scanner.next(); token != Token::End && token != Token::Wrong; token = scanner.next()) {
        const QStringView written = QStringView(text).mid(scanner.start(), scanner.end() - scanner.start());
        const bool ends = token == Token::ObjectEnd || token == Token::ArrayEnd;
        if (ends) {
            depth -= 1;
        }
        if (ends != isFirst) { // an empty one stays on its line
            newLine();
        }
        pretty += written;
        isFirst = token == Token::ObjectStart || token == Token::ArrayStart;
        if (isFirst) {
            depth += 1;
        } else if (token == Token::Comma) {
            newLine();
        } else if (token == Token::Colon) {
            pretty += u' ';
        }
    }
    return pretty;
}

QString decodeJsonString(QStringView quoted)
{
    QString text;
    for (qsizetype i = 1; i + 1 < quoted.size(); ++i) {
        if (quoted[i] != u'\\') {
            text += quoted[i];
            continue;
        }
        ++i;
        switch (quoted[i].unicode()) {
        case u'b':
            text += u'\b';
            break;
        case u'f':
            text += u'\f';
            break;
        case u'n':
            text += u'\n';
            break;
        case u'r':
            text += u'\r';
            break;
        case u't':
            text += u'\t';
            break;
        case u'u':
            text += QChar(quoted.mid(i + 1, 4).toUShort(nullptr, 16));
            i += 4;
            break;
        default:
            text += quoted[i];
            break;
        }
    }
    return text;
}

QString JsonTree::key(int node) const
{
    const JsonNode &found = nodes[size_t(node)];
    return found.keyLength > 0 ? decodeJsonString(QStringView(text).mid(found.keyStart, found.keyLength)) : QString();
}

QStringView JsonTree::value(int node) const
{
    const JsonNode &found = nodes[size_t(node)];
    return QStringView(text).mid(found.start, found.length);
}

QString JsonTree::path(int node, const QString &column) const
{
    QStringList steps;
    for (int at = node; at > 0; at = nodes[size_t(at)].parent) {
        const JsonNode &step = nodes[size_t(at)];
        steps.prepend(step.keyLength > 0 ? quoteLiteral(key(at)) : QString::number(step.row));
    }
    QString path = quoteIdentifier(column);
    const JsonNode &last = nodes[size_t(node)];
    const bool isLeaf = last.type != JsonNode::Type::Object && last.type != JsonNode::Type::Array;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        path += (isLeaf && i + 1 == steps.size() ? QStringLiteral("->>") : QStringLiteral("->")) + steps[i];
    }
    return path;
}

} // namespace Roost

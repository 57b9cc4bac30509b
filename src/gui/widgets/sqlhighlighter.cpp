#include "gui/widgets/sqlhighlighter.h"

#include "gui/theme/theme.h"

#include <QRegularExpression>
#include <QSet>

namespace Roost {

namespace {

// What a block leaves open, as its state: inside a string; or inside comments, so many deep.
constexpr int insideNothing = -1;
constexpr int insideString = 0;

const QSet<QString> &keywords()
{
    static const QSet<QString> words = [] {
        const QString all = QStringLiteral(
            "add after aggregate all alter always and any array as asc assert atomic attach authorization before begin "
            "between "
            "bigserial by cache call cascade case cast check close cluster collate column columns comment commit "
            "compression "
            "concurrently conflict constant constraint continue copy create cross current_date current_role "
            "current_timestamp current_user cursor cycle database declare default deferrable deferred definer delete "
            "desc detach disable distinct do domain drop each else elsif enable end enum exception exclude execute "
            "exists exit extended extension external false fetch filter first following for force foreach foreign from "
            "full function "
            "generated get grant group grouping handler having hash identity if ignore ilike immediate immutable "
            "in include increment index inherit inherits initially inner inout insert instead intersect interval into "
            "invoker is isolation join key language last lateral leakproof left level like limit list local lock "
            "logged loop match materialized maxvalue merge method minvalue move natural new next no not nothing notice "
            "notify null nulls of off offset old on only open operator option options or order out outer over owned "
            "owner parallel partition partitioned perform plain policy preceding prepare primary procedure publication "
            "query raise range read recursive references refresh rename replace replica reset restart restrict "
            "restricted restrictive return returning returns reverse revoke right role rollback row rows rule safe "
            "savepoint schema scroll security select sequence serial server session set setof show similar slice "
            "smallserial some sqlstate stable start statement statistics storage stored strict sum support system "
            "table "
            "tablespace temporary temp then to trigger true truncate type unbounded union unique unlogged until update "
            "using vacuum valid values variadic view virtual volatile when where while window with within without "
            "work");
        const QStringList list = all.split(u' ');
        return QSet<QString>(list.begin(), list.end());
    }();
    return words;
}

bool isWordStart(QChar c)
{
    return c.isLetter() || c == u'_';
}

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == u'_';
}

} // namespace

SqlHighlighter::SqlHighlighter(QTextDocument *document)
    : QSyntaxHighlighter(document)
{
    takeColors();
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        takeColors();
        rehighlight();
    });
}

void SqlHighlighter::takeColors()
{
    const Colors &colors = Theme::instance().colors();
    m_keyword.setForeground(colors.accent);
    m_string.setForeground(colors.lineText(Tone::Good));
    m_number.setForeground(colors.lineText(Tone::Warning));
    m_quote.setForeground(colors.subtle);
    m_comment.setForeground(colors.subtle);
    m_comment.setFontItalic(true);
}

qsizetype SqlHighlighter::stringEnd(const QString &text, qsizetype from, QChar quote) const
{
    // A doubled quote ends and begins again, which looks the same.
    const qsizetype end = text.indexOf(quote, from);
    return end < 0 ? text.size() : end + 1;
}

qsizetype SqlHighlighter::commentEnd(const QString &text, qsizetype from, int &depth) const
{
    qsizetype at = from;
    while (at < text.size() && depth > 0) {
        const QStringView pair = QStringView(text).mid(at, 2);
        if (pair == u"*/" || pair == u"/*") {
            depth += pair == u"/*" ? 1 : -1;
            at += 2;
        } else {
            ++at;
        }
    }
    return at;
}

void SqlHighlighter::highlightBlock(const QString &text)
{
    const auto format = [this](qsizetype from, qsizetype to, const QTextCharFormat &as) {
        setFormat(int(from), int(to - from), as);
    };
    int depth = qMax(previousBlockState(), 0);
    qsizetype at = 0;
    setCurrentBlockState(insideNothing);
    if (previousBlockState() == insideString) {
        at = stringEnd(text, 0, u'\'');
        const bool isClosed = text.contains(u'\'');
        format(0, at, m_string);
        setCurrentBlockState(isClosed ? insideNothing : insideString);
    } else if (depth > 0) {
        at = commentEnd(text, 0, depth);
        format(0, at, m_comment);
        setCurrentBlockState(depth > 0 ? depth : insideNothing);
    }
    while (at < text.size()) {
        const QChar c = text.at(at);
        const QStringView pair = QStringView(text).mid(at, 2);
        qsizetype end = at + 1;
        if (pair == u"--") {
            format(at, text.size(), m_comment);
            return;
        }
        if (pair == u"/*") {
            depth = 1;
            end = commentEnd(text, at + 2, depth);
            format(at, end, m_comment);
            setCurrentBlockState(depth > 0 ? depth : insideNothing);
        } else if (c == u'\'') {
            end = stringEnd(text, at + 1, c);
            const bool isClosed = text.indexOf(c, at + 1) >= 0;
            format(at, end, m_string);
            setCurrentBlockState(isClosed ? insideNothing : insideString);
        } else if (c == u'"') {
            end = stringEnd(text, at + 1, c); // a name, as plain as any
        } else if (c == u'$') {
            static const QRegularExpression tag(QStringLiteral("\\$([[:alpha:]_]\\w*)?\\$"));
            const QRegularExpressionMatch match =
                tag.match(text, at, QRegularExpression::NormalMatch, QRegularExpression::AnchorAtOffsetMatchOption);
            end = match.hasMatch() ? match.capturedEnd() : end;
            format(at, end, m_quote);
        } else if (isWordStart(c)) {
            while (end < text.size() && isWordPart(text.at(end))) {
                ++end;
            }
            if (keywords().contains(text.mid(at, end - at).toLower())) {
                format(at, end, m_keyword);
            }
        } else if (c.isDigit()) {
            while (end < text.size() && (text.at(end).isLetterOrNumber() || text.at(end) == u'.')) {
                ++end;
            }
            format(at, end, m_number);
        }
        at = end;
    }
}

} // namespace Roost

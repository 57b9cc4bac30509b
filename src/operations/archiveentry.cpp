#include "operations/archiveentry.h"

#include <QSet>
#include <QStringList>

namespace Roost {

namespace {

/// Types of more than one word; of two that begin alike, the longer one first.
const QStringList &longTypes()
{
    static const QStringList types = {
        QStringLiteral("MATERIALIZED VIEW DATA"),
        QStringLiteral("MATERIALIZED VIEW"),
        QStringLiteral("TABLE DATA"),
        QStringLiteral("TABLE ATTACH"),
        QStringLiteral("FOREIGN TABLE"),
        QStringLiteral("INDEX ATTACH"),
        QStringLiteral("FK CONSTRAINT"),
        QStringLiteral("CHECK CONSTRAINT"),
        QStringLiteral("SEQUENCE OWNED BY"),
        QStringLiteral("SEQUENCE SET"),
        QStringLiteral("ROW SECURITY"),
        QStringLiteral("SECURITY LABEL"),
        QStringLiteral("EVENT TRIGGER"),
        QStringLiteral("DEFAULT ACL"),
        QStringLiteral("FOREIGN DATA WRAPPER"),
        QStringLiteral("FOREIGN SERVER"),
        QStringLiteral("USER MAPPING"),
        QStringLiteral("SHELL TYPE"),
        QStringLiteral("OPERATOR CLASS"),
        QStringLiteral("OPERATOR FAMILY"),
        QStringLiteral("TEXT SEARCH CONFIGURATION"),
        QStringLiteral("TEXT SEARCH DICTIONARY"),
        QStringLiteral("TEXT SEARCH PARSER"),
        QStringLiteral("TEXT SEARCH TEMPLATE"),
        QStringLiteral("ACCESS METHOD"),
        QStringLiteral("PROCEDURAL LANGUAGE"),
        QStringLiteral("STATISTICS DATA"),
        QStringLiteral("PUBLICATION TABLES IN SCHEMA"),
        QStringLiteral("PUBLICATION TABLE"),
        QStringLiteral("LARGE OBJECT"),
    };
    return types;
}

const QSet<QString> &supportTypes()
{
    static const QSet<QString> types = {
        QStringLiteral("SCHEMA"),
        QStringLiteral("EXTENSION"),
        QStringLiteral("TYPE"),
        QStringLiteral("SHELL TYPE"),
        QStringLiteral("DOMAIN"),
        QStringLiteral("FUNCTION"),
        QStringLiteral("PROCEDURE"),
        QStringLiteral("AGGREGATE"),
        QStringLiteral("COLLATION"),
        QStringLiteral("CONVERSION"),
        QStringLiteral("CAST"),
        QStringLiteral("OPERATOR"),
        QStringLiteral("OPERATOR CLASS"),
        QStringLiteral("OPERATOR FAMILY"),
        QStringLiteral("TEXT SEARCH CONFIGURATION"),
        QStringLiteral("TEXT SEARCH DICTIONARY"),
        QStringLiteral("TEXT SEARCH PARSER"),
        QStringLiteral("TEXT SEARCH TEMPLATE"),
        QStringLiteral("FOREIGN DATA WRAPPER"),
        QStringLiteral("FOREIGN SERVER"),
        QStringLiteral("SERVER"),
        QStringLiteral("ACCESS METHOD"),
        QStringLiteral("PROCEDURAL LANGUAGE"),
    };
    return types;
}

const QSet<QString> &partTypes()
{
    static const QSet<QString> types = {
        QStringLiteral("TABLE DATA"),     QStringLiteral("MATERIALIZED VIEW DATA"),
        QStringLiteral("TABLE ATTACH"),   QStringLiteral("INDEX"),
        QStringLiteral("INDEX ATTACH"),   QStringLiteral("CONSTRAINT"),
        QStringLiteral("FK CONSTRAINT"),  QStringLiteral("CHECK CONSTRAINT"),
        QStringLiteral("DEFAULT"),        QStringLiteral("SEQUENCE OWNED BY"),
        QStringLiteral("SEQUENCE SET"),   QStringLiteral("ROW SECURITY"),
        QStringLiteral("SECURITY LABEL"), QStringLiteral("POLICY"),
        QStringLiteral("TRIGGER"),        QStringLiteral("RULE"),
        QStringLiteral("STATISTICS"),     QStringLiteral("STATISTICS DATA"),
        QStringLiteral("COMMENT"),        QStringLiteral("ACL"),
    };
    return types;
}

} // namespace

ArchiveEntry ArchiveEntry::of(const QString &what)
{
    for (const QString &type : longTypes()) {
        if (what.startsWith(type + u' ')) {
            return {type, what.mid(type.size() + 1)};
        }
    }
    return {what.section(u' ', 0, 0), what.section(u' ', 1)};
}

bool ArchiveEntry::isRelation() const
{
    return type == u"TABLE" || type == u"VIEW" || type == u"MATERIALIZED VIEW" || type == u"FOREIGN TABLE";
}

bool ArchiveEntry::isSupport() const
{
    return supportTypes().contains(type);
}

bool ArchiveEntry::isPart() const
{
    return partTypes().contains(type);
}

} // namespace Roost

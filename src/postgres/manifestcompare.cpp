#include "postgres/manifestcompare.h"

#include "postgres/querytext.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

using Weight = ManifestDifference::Weight;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ManifestCompare)
};

class Comparison
{
public:
    Comparison(const Manifest &first, const Manifest &second)
        : m_first(first)
        , m_second(second)
    {
    }

    QList<ManifestDifference> run()
    {
        compareTables();
        compareSequences();
        compareLargeObjects();
        compareObjects();
        compareFacts();
        std::stable_sort(m_differences.begin(), m_differences.end(),
                         [](const auto &a, const auto &b) { return a.weight < b.weight; });
        return m_differences;
    }

private:
    void add(Weight weight, const QString &what, const QString &text, const QString &before = {},
             const QString &after = {})
    {
        m_differences += {weight, what, text, before, after};
    }
    static QString rowsText(qint64 rows)
    {
        return Text::tr("%Ln row(s)", nullptr, int(qMin<qint64>(rows, 2'000'000'000)));
    }
    void compareTables();
    void compareSequences();
    void compareLargeObjects();
    void compareObjects();
    void compareFacts();
    Weight weightOf(const QString &key) const;
    static bool isQuery(const QString &key);
    bool isBetween(int version) const;
    bool isSame(const QString &key, const QString &before, const QString &after) const;

    const Manifest &m_first;
    const Manifest &m_second;
    QList<ManifestDifference> m_differences;
};

void Comparison::compareTables()
{
    for (auto it = m_first.tables.cbegin(); it != m_first.tables.cend(); ++it) {
        const QString what = QStringLiteral("table ") + it.key();
        const auto other = m_second.tables.constFind(it.key());
        if (other == m_second.tables.cend()) {
            add(Weight::Data, what, Text::tr("is missing, with %1").arg(rowsText(it->rows)));
        } else if (other->rows != it->rows) {
            add(Weight::Data, what, Text::tr("has %1 instead of %2").arg(rowsText(other->rows), rowsText(it->rows)));
        } else if (other->sum != it->sum) {
            add(Weight::Data, what, Text::tr("has as many rows (%1), but not the same values").arg(rowsText(it->rows)));
        }
    }
    for (auto it = m_second.tables.cbegin(); it != m_second.tables.cend(); ++it) {
        if (!m_first.tables.contains(it.key())) {
            add(Weight::Data, QStringLiteral("table ") + it.key(),
                Text::tr("is there in addition, with %1").arg(rowsText(it->rows)));
        }
    }
}

void Comparison::compareSequences()
{
    const auto state = [](const SequenceState &sequence) {
        return sequence.isCalled ? Text::tr("at %1").arg(sequence.lastValue)
                                 : Text::tr("before %1").arg(sequence.lastValue);
    };
    for (auto it = m_first.sequences.cbegin(); it != m_first.sequences.cend(); ++it) {
        const auto other = m_second.sequences.constFind(it.key());
        if (other == m_second.sequences.cend()) {
            add(Weight::Data, QStringLiteral("sequence ") + it.key(), Text::tr("is missing"));
        } else if (*other != *it) {
            add(Weight::Data, QStringLiteral("sequence ") + it.key(),
                Text::tr("stands %1 instead of %2").arg(state(*other), state(*it)));
        }
    }
    for (auto it = m_second.sequences.cbegin(); it != m_second.sequences.cend(); ++it) {
        if (!m_first.sequences.contains(it.key())) {
            add(Weight::Data, QStringLiteral("sequence ") + it.key(), Text::tr("is there in addition"));
        }
    }
}

void Comparison::compareLargeObjects()
{
    if (m_first.largeObjects.rows != m_second.largeObjects.rows) {
        add(Weight::Data, QStringLiteral("large objects"),
            Text::tr("are %1 instead of %2").arg(m_second.largeObjects.rows).arg(m_first.largeObjects.rows));
    } else if (m_first.largeObjects.sum != m_second.largeObjects.sum) {
        add(Weight::Data, QStringLiteral("large objects"), Text::tr("do not hold the same bytes"));
    }
}

/// Of another version an extension is another program. Servers before 14 write down some of SQL's own functions in
/// other words than later ones; a dump keeps those words, but a view made on both sides may differ in them.
Weight Comparison::weightOf(const QString &key) const
{
    const bool isWrittenOtherwise = isBetween(140000) && isQuery(key);
    return key.startsWith(u"extension ") || isWrittenOtherwise ? Weight::Note : Weight::Structure;
}

bool Comparison::isQuery(const QString &key)
{
    return key.startsWith(u"view ") || key.startsWith(u"materialized view ") || key.startsWith(u"rule ");
}

/// One of the servers is older than this version, and one is not.
bool Comparison::isBetween(int version) const
{
    return (m_first.serverVersionNumber < version) != (m_second.serverVersionNumber < version);
}

bool Comparison::isSame(const QString &key, const QString &before, const QString &after) const
{
    if (before == after) {
        return true;
    }
    const bool isFirstOlder = m_first.serverVersionNumber < m_second.serverVersionNumber;
    return isBetween(160000) && isQuery(key) &&
           (isFirstOlder ? isSameQuery(before, after) : isSameQuery(after, before));
}

void Comparison::compareObjects()
{
    for (auto it = m_first.objects.cbegin(); it != m_first.objects.cend(); ++it) {
        const auto other = m_second.objects.constFind(it.key());
        if (other == m_second.objects.cend()) {
            add(Weight::Structure, it.key(), Text::tr("is missing"), it.value());
        } else if (!isSame(it.key(), it.value(), other.value())) {
            add(weightOf(it.key()), it.key(), Text::tr("is not the same"), it.value(), other.value());
        }
    }
    for (auto it = m_second.objects.cbegin(); it != m_second.objects.cend(); ++it) {
        if (!m_first.objects.contains(it.key())) {
            add(Weight::Structure, it.key(), Text::tr("is there in addition"), {}, it.value());
        }
    }
}

void Comparison::compareFacts()
{
    const auto note = [this](const QString &what, const QString &before, const QString &after) {
        if (before != after) {
            add(Weight::Note, what, Text::tr("%1 instead of %2").arg(after, before), before, after);
        }
    };
    note(QStringLiteral("encoding"), m_first.encoding, m_second.encoding);
    note(QStringLiteral("collation"), m_first.collation, m_second.collation);
    note(QStringLiteral("character type"), m_first.characterType, m_second.characterType);
    note(QStringLiteral("server version"), m_first.serverVersion, m_second.serverVersion);
}

} // namespace

QList<ManifestDifference> compareManifests(const Manifest &first, const Manifest &second)
{
    return Comparison(first, second).run();
}

bool isProven(const QList<ManifestDifference> &differences)
{
    return std::all_of(differences.begin(), differences.end(),
                       [](const ManifestDifference &one) { return one.weight == Weight::Note; });
}

} // namespace Roost

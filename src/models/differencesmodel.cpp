#include "models/differencesmodel.h"

#include "operations/rowsummary.h"

#include <algorithm>
#include <array>

namespace Roost {

namespace {

using Weight = ManifestDifference::Weight;

enum Section { Tables, OtherData, Structure, Notes, SectionCount };

Section sectionOf(const ManifestDifference &difference, bool isTable)
{
    switch (difference.weight) {
    case Weight::Data:
        return isTable ? Tables : OtherData;
    case Weight::Structure:
        return Structure;
    case Weight::Note:
        break;
    }
    return Notes;
}

QString titleOf(Section section)
{
    switch (section) {
    case Tables:
        return DifferencesModel::tr("Tables");
    case OtherData:
        return DifferencesModel::tr("Sequences and large objects");
    case Structure:
        return DifferencesModel::tr("Structure");
    default:
        return DifferencesModel::tr("To be known");
    }
}

QString besideTable(const ComparedTable &table)
{
    if (table.presence == ComparedTable::Presence::FirstOnly) {
        return DifferencesModel::tr("missing");
    }
    if (table.presence == ComparedTable::Presence::SecondOnly) {
        return DifferencesModel::tr("in addition");
    }
    return table.problem.isEmpty() ? rowsInSigns(table) : DifferencesModel::tr("not compared");
}

/// In a word where that is possible: the whole is at the right, and in the tool tip.
QString besideOther(const ManifestDifference &difference)
{
    const bool isBefore = !difference.before.isEmpty();
    const bool isAfter = !difference.after.isEmpty();
    if (difference.weight != Weight::Structure || (!isBefore && !isAfter)) {
        return difference.text;
    }
    return isBefore && isAfter ? DifferencesModel::tr("changed")
           : isBefore          ? DifferencesModel::tr("missing")
                               : DifferencesModel::tr("in addition");
}

} // namespace

DifferencesModel::DifferencesModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

void DifferencesModel::show(std::shared_ptr<const ContentComparison> comparison)
{
    beginResetModel();
    m_comparison = std::move(comparison);
    m_entries.clear();
    std::array<QList<Entry>, SectionCount> sections;
    const QList<ManifestDifference> differences =
        m_comparison ? m_comparison->databases.differences : QList<ManifestDifference>();
    for (int i = 0; i < differences.size(); ++i) {
        const ManifestDifference &one = differences.at(i);
        Entry entry{one.what, besideOther(one), one.what + u' ' + one.text, i, -1, one.weight == Weight::Note};
        for (int table = 0; table < m_comparison->tables.size() && one.weight == Weight::Data; ++table) {
            const ComparedTable &compared = m_comparison->tables.at(table);
            if (one.what == QStringLiteral("table ") + compared.name) {
                entry.title = shownTable(compared);
                entry.secondary = besideTable(compared);
                entry.table = table;
            }
        }
        sections.at(sectionOf(one, entry.table >= 0)) += entry;
    }
    for (int section = 0; section < SectionCount; ++section) {
        if (!sections.at(size_t(section)).isEmpty()) {
            m_entries += Entry{titleOf(Section(section)), {}, {}, -1, -1, false};
            m_entries += sections.at(size_t(section));
        }
    }
    endResetModel();
}

const ManifestDifference *DifferencesModel::differenceAt(int row) const
{
    const int difference = row >= 0 && row < m_entries.size() ? m_entries.at(row).difference : -1;
    return difference >= 0 ? &m_comparison->databases.differences.at(difference) : nullptr;
}

std::shared_ptr<const ComparedTable> DifferencesModel::tableAt(int row) const
{
    const int table = row >= 0 && row < m_entries.size() ? m_entries.at(row).table : -1;
    // It lives within the whole comparison.
    return table >= 0 ? std::shared_ptr<const ComparedTable>(m_comparison, &m_comparison->tables.at(table)) : nullptr;
}

int DifferencesModel::firstRow() const
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [](const Entry &each) { return each.difference >= 0; });
    return found != m_entries.end() ? int(found - m_entries.begin()) : -1;
}

int DifferencesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant DifferencesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const Entry &entry = m_entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return entry.title;
    case Qt::ToolTipRole:
        return entry.toolTip;
    case Qt::AccessibleTextRole:
        return QString(entry.title + u' ' + entry.secondary).trimmed();
    case SecondaryRole:
        return entry.secondary;
    case IsHeadingRole:
        return entry.difference < 0;
    case IsNoteRole:
        return entry.isNote;
    default:
        return {};
    }
}

Qt::ItemFlags DifferencesModel::flags(const QModelIndex &index) const
{
    const bool isChoosable = index.isValid() && m_entries.at(index.row()).difference >= 0;
    return isChoosable ? QAbstractListModel::flags(index) : Qt::NoItemFlags;
}

} // namespace Roost

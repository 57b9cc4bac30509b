#pragma once

#include "operations/jsonobject.h"
#include "operations/recordscanner.h"

#include <QHash>

namespace Roost {

/// How the values of one key become a column's.
enum class JsonColumn {
    Text, ///< strings without quotes, numbers and nested values as they stand
    Json, ///< everything as it stands
    Array ///< a JSON array becomes one of PostgreSQL's, anything else as Text
};

struct NdJsonForm
{
    std::vector<JsonColumn> columns; ///< for each field of the plan
    /// Adds a last column: for each record the numbers of the fields sent whose keys it has not, as ",2,5,"; NULL when
    /// it has all.
    bool namesMissing = false;
};

/// One JSON object a line. COPY gets its text format, without names.
class NdJsonScanner : public RecordScanner
{
public:
    NdJsonScanner(ScanPlan plan, NdJsonForm form);
    bool scan(QByteArray &block) override;
    bool finish() override { return true; }

private:
    bool takeLine(QByteArrayView line);
    bool assign();
    void write();
    void writeValue(const JsonObject::Value &value, JsonColumn column);
    void writeArray(const JsonObject::Value &array);

    const ScanPlan m_plan;
    const NdJsonForm m_form;
    JsonObject m_object;
    QHash<QByteArray, qsizetype> m_fields;
    std::vector<const JsonObject::Value *> m_values; ///< of the current line, by field; null when it has none
    QByteArray m_out;
    QByteArray m_array;
};

} // namespace Roost

#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QVariantList>

#include <vector>

namespace Roost {

/// The parameters of a statement as libpq wants them: text in UTF-8, NULL by a null pointer.
class StatementParameters
{
public:
    /// InvalidInput for what PostgreSQL cannot store (a NUL, half of a surrogate pair), naming its place, and for
    /// types that have no certain text: those are for the caller to write out.
    [[nodiscard]] static Result<StatementParameters> encode(const QVariantList &values);

    int count() const { return int(m_pointers.size()); }
    const char *const *pointers() const { return m_pointers.data(); }
    qsizetype byteCount() const;

private:
    std::vector<QByteArray> m_texts;
    std::vector<const char *> m_pointers;
};

/// The statement or value as UTF-8; InvalidInput as above.
[[nodiscard]] Result<QByteArray> encodeText(const QString &text);

} // namespace Roost

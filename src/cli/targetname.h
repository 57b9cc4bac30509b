#pragma once

#include <QString>

#include <optional>

namespace Roost {

/// What a TARGET on the command line names; nothing is looked up here.
struct TargetName
{
    enum class Kind { Saved, Practice, Environment };

    Kind kind = Kind::Saved;
    QString name;     ///< of the saved connection, or of the variable
    QString database; ///< empty: the target's own

    /// `NAME[/DATABASE]`, `practice[/DATABASE]`, `env:VARIABLE[/DATABASE]`; nothing when it is none of these.
    [[nodiscard]] static std::optional<TargetName> parse(const QString &text);
    /// For a folder's name.
    [[nodiscard]] QString folderName() const;
};

} // namespace Roost

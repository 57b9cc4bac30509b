#include "cli/targetname.h"

#include <QRegularExpression>

namespace Roost {

std::optional<TargetName> TargetName::parse(const QString &text)
{
    static const QString environment = QStringLiteral("env:");
    TargetName target;
    // Only the first slash counts: a database may have one in its name.
    const qsizetype slash = text.indexOf(u'/');
    target.name = slash < 0 ? text : text.left(slash);
    target.database = slash < 0 ? QString() : text.mid(slash + 1);
    if (slash >= 0 && target.database.isEmpty()) {
        return std::nullopt;
    }
    if (target.name.startsWith(environment)) {
        target.kind = Kind::Environment;
        target.name.remove(0, environment.size());
        static const QRegularExpression variable(QStringLiteral(R"(\A[A-Za-z_][A-Za-z0-9_]*\z)"));
        return variable.match(target.name).hasMatch() ? std::optional(target) : std::nullopt;
    }
    if (target.name == u"practice") {
        target.kind = Kind::Practice;
    }
    return target.name.isEmpty() ? std::nullopt : std::optional(target);
}

QString TargetName::folderName() const
{
    return kind == Kind::Environment ? QStringLiteral("env-") + name : name;
}

} // namespace Roost

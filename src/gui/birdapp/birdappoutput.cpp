#include "gui/birdapp/birdappoutput.h"

#include "gui/services.h"
#include "jobs/jobrunner.h"

namespace Roost {

namespace {

constexpr qsizetype keptLines = 2000;

} // namespace

BirdAppOutput::BirdAppOutput(QObject *parent)
    : QObject(parent)
{
}

BirdAppOutput *BirdAppOutput::of(const Services &services)
{
    auto *output = services.jobs->findChild<BirdAppOutput *>(QString(), Qt::FindDirectChildrenOnly);
    return output ? output : new BirdAppOutput(services.jobs);
}

void BirdAppOutput::add(const QString &app, const QStringList &lines)
{
    QStringList named;
    for (const QString &line : lines) {
        named += app + QStringLiteral("  ") + line;
    }
    m_lines += named;
    if (m_lines.size() > keptLines) {
        m_lines.erase(m_lines.begin(), m_lines.end() - keptLines);
    }
    emit printed(named);
}

} // namespace Roost

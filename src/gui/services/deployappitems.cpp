// The check list of DeployAppDialog.
#include "gui/dialogs/notice.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/services/deployappdialog.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/pill.h"
#include "jobs/jobrunner.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

using Verdict = DeployCheckItem::Verdict;

Pill *pillFor(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Good:
        return new Pill(DeployAppDialog::tr("good"), Tone::Good);
    case Verdict::Advice:
        return new Pill(DeployAppDialog::tr("look at it"), Tone::Warning);
    case Verdict::Problem:
        return new Pill(DeployAppDialog::tr("to mend"), Tone::Danger);
    case Verdict::Skipped:
        break;
    }
    return new Pill(DeployAppDialog::tr("later"), Tone::Neutral);
}

} // namespace

QWidget *DeployAppDialog::rowFor(const DeployCheckItem &item)
{
    auto *row = new QWidget;
    row->setObjectName(QStringLiteral("check%1").arg(int(item.topic)));
    auto *grid = new QGridLayout(row);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Spacing::card);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    constexpr int pillWidth = 92;
    grid->setColumnMinimumWidth(0, pillWidth);
    grid->addWidget(pillFor(item.verdict), 0, 0, Qt::AlignLeft | Qt::AlignTop);
    auto *title = paragraph(item.title);
    grid->addWidget(title, 0, 1);
    QStringList lines;
    if (!item.text.isEmpty()) {
        lines += item.text;
    }
    if (!item.details.isEmpty()) {
        lines += item.details.mid(0, 5).join(QStringLiteral(", ")) +
                 (item.details.size() > 5 ? QStringLiteral(" …") : QString());
    }
    int next = 1;
    if (!lines.isEmpty()) {
        auto *text = roleLabel(lines.join(u'\n'), "small");
        text->setWordWrap(true);
        grid->addWidget(text, next++, 1, 1, 2);
    }
    if (!item.command.isEmpty()) {
        auto *command = roleLabel(item.command, "mono");
        command->setWordWrap(true);
        command->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        auto *copy = new QPushButton(tr("Copy"));
        copy->setObjectName(QStringLiteral("copyCommand%1").arg(int(item.topic)));
        copy->setAccessibleName(tr("Copy the command: %1").arg(item.command));
        copy->setAutoDefault(false);
        connect(copy, &QPushButton::clicked, this,
                [command = item.command] { QGuiApplication::clipboard()->setText(command); });
        grid->addWidget(command, next, 1);
        grid->addWidget(copy, next++, 2, Qt::AlignTop);
    }
    if (item.topic == DeployCheckItem::Topic::Ignored && !m_check.ignoreLines.isEmpty()) {
        auto *add = new QPushButton(tr("Add them to .gitignore"));
        add->setObjectName(QStringLiteral("addIgnoreLines"));
        add->setAutoDefault(false);
        connect(add, &QPushButton::clicked, this, &DeployAppDialog::ignoreLines);
        grid->addWidget(add, next, 1, Qt::AlignLeft);
    }
    return row;
}

void DeployAppDialog::showItems()
{
    while (QLayoutItem *item = m_items->takeAt(0)) {
        if (QWidget *old = item->widget()) {
            old->hide();
            old->deleteLater();
        }
        delete item;
    }
    if (m_check.items.isEmpty()) {
        m_items->addWidget(paragraph(tr("Choose the folder of your app. It is looked at first, and nothing in it is "
                                        "changed.")));
    }
    for (const DeployCheckItem &item : std::as_const(m_check.items)) {
        m_items->addWidget(rowFor(item));
    }
    m_items->addStretch(1);
}

void DeployAppDialog::ignoreLines()
{
    m_services.jobs->runQuietly<bool>([folder = m_check.folder, lines = m_check.ignoreLines](
                                          JobContext &) { return ignoreInGit(folder, lines).map([] { return true; }); },
                                      this,
                                      [this](const Result<bool> &done) {
                                          check();
                                          if (!done) {
                                              m_services.prompts->showError(this, tr(".gitignore was not changed"),
                                                                            done.error());
                                          }
                                      });
}

} // namespace Roost

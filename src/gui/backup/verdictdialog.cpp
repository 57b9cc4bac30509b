#include "gui/backup/verdictdialog.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/shownjob.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/elidedlabel.h"
#include "models/plaintext.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace Roost {

namespace {

using Weight = ManifestDifference::Weight;

constexpr int beforeRole = Qt::UserRole;
constexpr int afterRole = Qt::UserRole + 1;

bool concernsData(const QList<ManifestDifference> &differences)
{
    return std::any_of(differences.begin(), differences.end(),
                       [](const ManifestDifference &each) { return each.weight == Weight::Data; });
}

} // namespace

VerdictDialog::VerdictDialog(const QString &file, const Result<Verification> &verification, QWidget *parent)
    : Dialog(parent)
    , m_file(file)
    , m_column(new QVBoxLayout(this))
    , m_notice(new Notice)
{
    setObjectName(QStringLiteral("verdictDialog"));
    setWindowTitle(tr("What came of it"));
    setMinimumWidth(680);
    m_notice->setObjectName(QStringLiteral("verdictNotice"));
    m_column->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card + 4);
    m_column->setSpacing(Spacing::card - 4);
    auto *name = new ElidedLabel(QFileInfo(file).fileName());
    name->setProperty("role", QStringLiteral("heading"));
    name->setToolTip(file);
    m_column->addWidget(name);
    m_column->addWidget(m_notice);
    verification ? showVerification(*verification) : showError(verification.error());
    addButtons();
}

int VerdictDialog::differenceCount(const Verification &verification)
{
    return int(std::count_if(verification.differences.begin(), verification.differences.end(),
                             [](const ManifestDifference &each) { return each.weight != Weight::Note; }));
}

QString VerdictDialog::summary(const Verification &verification)
{
    if (!verification.isProven()) {
        return tr("Not proven: %n difference(s).", nullptr, differenceCount(verification));
    }
    return verification.wasRestored ? tr("Proven: all of it is what the source held.")
                                    : tr("Proven: it is the file that was made, byte for byte.");
}

void VerdictDialog::showError(const Error &error)
{
    switch (error.code) {
    case ErrorCode::InvalidInput:
        m_notice->say(Tone::Danger, tr("Not proven: this is not the file that was made."), error.message, error.detail);
        break;
    case ErrorCode::NotFound:
        m_notice->say(Tone::Warning, tr("It cannot be proven."), error.message, error.detail);
        break;
    default:
        m_notice->say(Tone::Warning, tr("It could not be found out. The backup was not changed."), error.message,
                      error.detail);
        break;
    }
}

void VerdictDialog::showVerification(const Verification &verification)
{
    const QList<ManifestDifference> &differences = verification.differences;
    if (!verification.isProven()) {
        m_notice->say(Tone::Danger, summary(verification),
                      tr("What this backup restores to is not what the source held when it was taken."));
        addDifferences(differences);
        auto *next = paragraph(
            concernsData(differences)
                ? tr("What to do now: as long as the source is there, take another backup and verify that one. Keep "
                     "this file until then, and do not drop the source because of it.")
                : tr("What to do now: every row and every sequence is there; only what is listed is missing or other. "
                     "Take another backup and verify that one, or make these by hand after a restore."));
        next->setObjectName(QStringLiteral("verdictNext"));
        m_column->addWidget(next);
    } else {
        m_notice->say(
            Tone::Good, summary(verification),
            verification.wasRestored
                ? tr("It was restored into a scratch database, and every table, sequence and object was compared with "
                     "what the source held when the backup was taken. The scratch is gone again.")
                : tr("When it was made it was read whole and held against the source. That it restores to the same is "
                     "shown by the second depth, its content."));
        addFigures(verification.manifest);
    }
    QStringList notes;
    for (const ManifestDifference &each : differences) {
        if (each.weight == Weight::Note) {
            notes += each.what + u' ' + each.text;
        }
    }
    addList("verdictUnproven", tr("Could not be fingerprinted, so nobody can say"), verification.manifest.unproven);
    addList("verdictLeftOut", tr("Left out by the restore, harmlessly"), verification.leftOut);
    addList("verdictNotes", tr("To be known, and no fault of the backup"), notes);
}

void VerdictDialog::addFigures(const Manifest &manifest)
{
    auto *card = new Card;
    auto *row = new QHBoxLayout;
    row->setSpacing(2 * Spacing::page);
    const auto figure = [row](const char *name, qint64 count, const QString &what) {
        auto *column = new QVBoxLayout;
        column->setSpacing(0);
        QLabel *number = roleLabel(countText(count), "figure");
        number->setObjectName(QString::fromLatin1(name));
        column->addWidget(number);
        column->addWidget(roleLabel(what, "small"));
        row->addLayout(column);
    };
    figure("verdictTables", manifest.tables.size(), tr("tables"));
    figure("verdictRows", manifest.rowCount(), tr("rows"));
    figure("verdictSequences", manifest.sequences.size(), tr("sequences"));
    figure("verdictObjects", manifest.objects.size(), tr("columns, keys and other objects"));
    row->addStretch();
    card->body()->addLayout(row);
    m_column->addWidget(card);
}

void VerdictDialog::addDifferences(const QList<ManifestDifference> &differences)
{
    setResizable();
    auto *list = new QTreeWidget;
    list->setObjectName(QStringLiteral("verdictDifferences"));
    list->setAccessibleName(tr("Differences"));
    list->setHeaderLabels({tr("What"), tr("In what it differs")});
    list->setUniformRowHeights(true);
    list->setMinimumHeight(140);
    for (const ManifestDifference &each : differences) {
        if (each.weight == Weight::Note) {
            continue;
        }
        auto *item = new QTreeWidgetItem(list, {each.what, each.text});
        item->setSizeHint(1, {0, qMax(Spacing::row, fontMetrics().height() + Spacing::unit)});
        item->setToolTip(0, each.what);
        item->setToolTip(1, each.text);
        item->setData(0, beforeRole, each.before);
        item->setData(0, afterRole, each.after);
        if (each.weight == Weight::Data) {
            item->setForeground(1, Theme::instance().colors().lineText(Tone::Danger));
        }
    }
    list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    list->setRootIsDecorated(false);
    auto *detail = new QPlainTextEdit;
    detail->setObjectName(QStringLiteral("verdictBeforeAfter"));
    detail->setAccessibleName(tr("Before and after"));
    detail->setReadOnly(true);
    detail->setTabChangesFocus(true);
    detail->setProperty("role", QStringLiteral("mono"));
    detail->setFixedHeight(detail->fontMetrics().lineSpacing() * 5);
    detail->hide();
    connect(list, &QTreeWidget::currentItemChanged, detail, [detail](const QTreeWidgetItem *item) {
        const QString before = item ? item->data(0, beforeRole).toString() : QString();
        const QString after = item ? item->data(0, afterRole).toString() : QString();
        detail->setVisible(!before.isEmpty() || !after.isEmpty());
        detail->setPlainText(tr("in the source:   %1").arg(before.isEmpty() ? tr("(not there)") : before) + u'\n' +
                             tr("when restored:  %1").arg(after.isEmpty() ? tr("(not there)") : after));
    });
    m_column->addWidget(list, 1);
    m_column->addWidget(detail);
    list->setCurrentItem(list->topLevelItem(0));
}

void VerdictDialog::addList(const char *name, const QString &title, const QStringList &lines)
{
    if (lines.isEmpty()) {
        return;
    }
    constexpr qsizetype shown = 8;
    QStringList text = lines.mid(0, shown);
    if (lines.size() > shown) {
        text += tr("… and %1 more").arg(lines.size() - shown);
    }
    auto *both = new QVBoxLayout;
    both->setSpacing(2);
    both->addWidget(roleLabel(title, "strong"));
    auto *list = paragraph(text.join(u'\n'));
    list->setObjectName(QString::fromLatin1(name));
    list->setProperty("role", QStringLiteral("subtle"));
    list->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    both->addWidget(list);
    m_column->addLayout(both);
}

void VerdictDialog::addButtons()
{
    auto *reveal = new QPushButton(tr("Re&veal the file"));
    reveal->setObjectName(QStringLiteral("verdictReveal"));
    reveal->setAutoDefault(false);
    auto *close = new QPushButton(tr("Close"));
    close->setObjectName(QStringLiteral("closeButton"));
    close->setDefault(true);
    auto *row = new QHBoxLayout;
    row->addWidget(reveal);
    row->addStretch();
    row->addWidget(close);
    m_column->addSpacing(Spacing::unit);
    m_column->addLayout(row);
    connect(reveal, &QPushButton::clicked, this, [this] { revealAction(m_file).run(this); });
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    close->setFocus();
}

} // namespace Roost

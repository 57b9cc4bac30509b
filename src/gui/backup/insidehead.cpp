#include "gui/backup/insidehead.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/pill.h"
#include "models/plaintext.h"
#include "models/timewithage.h"

#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

QPushButton *headButton(const char *name, const QString &text, const QString &hint, const char *icon = nullptr)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(hint);
    if (icon) {
        button->setIcon(Theme::icon(QString::fromLatin1(icon)));
    }
    return button;
}

} // namespace

InsideHead::InsideHead(const QString &file, QWidget *parent)
    : QWidget(parent)
    , m_title(titleLabel(QFileInfo(file).completeBaseName()))
    , m_pill(new Pill)
    , m_facts(subtleLabel(tr("Looking into the backup…")))
    , m_proof(subtleLabel({}))
    , m_file(new ElidedLabel(file))
    , m_verify(headButton("insideVerify", tr("&Verify…"), tr("Hold it against its proof, or restore it and compare")))
    , m_restore(headButton("insideRestore", tr("R&estore…"), tr("Fill a database from this backup")))
{
    m_title->setObjectName(QStringLiteral("insideTitle"));
    m_pill->setObjectName(QStringLiteral("insideProofPill"));
    m_pill->setLarge();
    m_facts->setObjectName(QStringLiteral("insideFacts"));
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setWordWrap(true);
    m_proof->setObjectName(QStringLiteral("insideProof"));
    m_proof->setWordWrap(true);
    m_file->setObjectName(QStringLiteral("insideFile"));
    m_file->setProperty("role", QStringLiteral("small"));
    QPushButton *reveal =
        headButton("insideReveal", tr("Re&veal"), tr("Show the file in its folder"), "document-open-folder");
    m_restore->setProperty("kind", QStringLiteral("primary"));
    auto *top = new QHBoxLayout;
    top->setSpacing(Spacing::card - 4);
    top->addWidget(m_title);
    top->addWidget(m_pill);
    top->addStretch();
    top->addWidget(reveal);
    top->addWidget(m_verify);
    top->addWidget(m_restore);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Spacing::page, Spacing::page - 6, Spacing::page, Spacing::card);
    column->setSpacing(Spacing::unit / 2);
    column->addLayout(top);
    column->addWidget(m_facts);
    column->addWidget(m_proof);
    column->addWidget(m_file);
    connect(m_verify, &QPushButton::clicked, this, &InsideHead::verifyWanted);
    connect(m_restore, &QPushButton::clicked, this, &InsideHead::restoreWanted);
    connect(reveal, &QPushButton::clicked, this, &InsideHead::revealWanted);
    setChecking();
}

void InsideHead::showContents(const ArchiveContents &contents)
{
    if (!contents.database.isEmpty()) {
        m_title->setText(contents.database);
    }
    QStringList facts;
    if (contents.takenAt.isValid()) {
        facts += tr("as it was on %1").arg(timeWithAge(contents.takenAt));
    }
    facts += {tr("PostgreSQL %1").arg(contents.serverVersion.section(u' ', 0, 0)),
              tr("written by pg_dump %1").arg(contents.toolVersion.section(u' ', 0, 0)), sizeText(contents.sizeBytes)};
    m_facts->setText(facts.join(QStringLiteral(" · ")));
}

void InsideHead::setChecking()
{
    m_isUnreadable = false;
    m_facts->show();
    m_proof->show();
    m_verify->setEnabled(true);
    m_restore->setEnabled(true);
    m_pill->setText(tr("checking…"));
    m_pill->setTone(Tone::Neutral);
    m_proof->setText(tr("Its proof: the file is being read and hashed."));
}

void InsideHead::showUnreadable()
{
    m_isUnreadable = true;
    m_facts->hide();
    m_proof->hide();
    m_verify->setEnabled(false);
    m_restore->setEnabled(false);
    m_pill->setText(tr("unreadable"));
    m_pill->setTone(Tone::Danger);
}

void InsideHead::showProof(const BackupProof &proof)
{
    if (m_isUnreadable) {
        return;
    }
    const auto say = [this](Tone tone, const QString &word, const QString &text) {
        m_pill->setText(word);
        m_pill->setTone(tone);
        m_proof->setText(text);
    };
    switch (proof.state) {
    case BackupProof::State::Proven:
        // The words of the list of backups: proven by a restore is more than this.
        say(Tone::Neutral, tr("read back"),
            tr("Byte for byte the file that was made, read back whole and counted against the source then: tables %1, "
               "rows %2. Verify it to have it restored and compared, too.")
                .arg(countText(proof.manifest->tables.size()), countText(proof.manifest->rowCount())));
        break;
    case BackupProof::State::Unproven:
        say(Tone::Warning, tr("no proof"),
            tr("No proof beside it: whether it holds what its source held, nobody can "
               "say. It can be read, and restored."));
        break;
    case BackupProof::State::Damaged:
        say(Tone::Warning, tr("proof unreadable"), proof.trouble);
        break;
    case BackupProof::State::Changed:
        say(Tone::Danger, tr("changed"),
            tr("Changed since it was made: this is not the file that was proven. Do not rely on it; use another copy, "
               "or take another backup."));
        break;
    }
}

void InsideHead::showProofTrouble(const QString &why)
{
    if (m_isUnreadable) {
        return;
    }
    m_pill->setText(tr("not checked"));
    m_pill->setTone(Tone::Warning);
    m_proof->setText(why);
}

} // namespace Roost

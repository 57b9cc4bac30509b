#include "gui/inout/importdialectbar.h"

#include "gui/widgets/card.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace Roost {

namespace {

/// Chooses what has this data; adds it when it is none of the usual ones.
void choose(QComboBox *combo, const QString &data)
{
    int at = combo->findData(data);
    if (at < 0) {
        combo->addItem(data, data);
        at = combo->count() - 1;
    }
    combo->setCurrentIndex(at);
}

QString textOf(QChar character)
{
    return character.isNull() ? QString() : QString(character);
}

} // namespace

ImportDialectBar::ImportDialectBar(QWidget *parent)
    : QWidget(parent)
    , m_format(new QComboBox)
    , m_encoding(new QComboBox)
    , m_delimiter(new QComboBox)
    , m_quote(new QComboBox)
    , m_null(new QLineEdit)
    , m_header(new QCheckBox(tr("First line has &names")))
    , m_likelyNull(new QPushButton)
{
    for (const ImportFormat format : {ImportFormat::Csv, ImportFormat::Tsv, ImportFormat::NdJson}) {
        m_format->addItem(importFormatName(format), int(format));
    }
    m_format->setItemData(0, tr("Fields with quotes around them where needed, whatever stands between them"),
                          Qt::ToolTipRole);
    m_format->setItemData(1, tr("As COPY writes it: tabs, \\t and \\N"), Qt::ToolTipRole);
    m_format->setItemData(2, tr("A JSON object a line"), Qt::ToolTipRole);
    m_encoding->addItem(QStringLiteral("UTF-8"), QStringLiteral("UTF-8"));
    m_encoding->addItem(QStringLiteral("UTF-16 LE"), QStringLiteral("UTF-16LE"));
    m_encoding->addItem(QStringLiteral("UTF-16 BE"), QStringLiteral("UTF-16BE"));
    m_encoding->addItem(QStringLiteral("Windows-1252"), QStringLiteral("windows-1252"));
    m_delimiter->addItem(tr("comma"), QStringLiteral(","));
    m_delimiter->addItem(tr("semicolon"), QStringLiteral(";"));
    m_delimiter->addItem(tr("tab"), QStringLiteral("\t"));
    m_delimiter->addItem(tr("vertical bar"), QStringLiteral("|"));
    m_delimiter->addItem(tr("colon"), QStringLiteral(":"));
    m_quote->addItem(QStringLiteral("\""), QStringLiteral("\""));
    m_quote->addItem(QStringLiteral("'"), QStringLiteral("'"));
    m_quote->addItem(tr("none"), QString());
    m_null->setPlaceholderText(tr("nothing else"));
    m_header->setObjectName(QStringLiteral("importHeaderCheck"));
    m_likelyNull->setObjectName(QStringLiteral("importLikelyNull"));
    m_likelyNull->setProperty("kind", QStringLiteral("link"));
    m_likelyNull->setAutoDefault(false);
    m_likelyNull->hide();

    constexpr int gap = 12;
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(gap);
    grid->setVerticalSpacing(4);
    add(grid, tr("F&ormat"), m_format, "importFormatCombo");
    add(grid, tr("&Encoding"), m_encoding, "importEncodingCombo");
    add(grid, tr("&Between values"), m_delimiter, "importDelimiterCombo");
    add(grid, tr("&Quotes"), m_quote, "importQuoteCombo");
    add(grid, tr("Also means N&ULL"), m_null, "importNullField");
    constexpr int nullWidth = 120;
    m_null->setFixedWidth(nullWidth);
    grid->addWidget(m_header, 1, grid->columnCount());
    grid->setColumnStretch(grid->columnCount(), 1);
    grid->addWidget(m_likelyNull, 2, 4, 1, 3, Qt::AlignLeft);

    for (QComboBox *combo : {m_encoding, m_delimiter, m_quote}) {
        connect(combo, &QComboBox::currentIndexChanged, this, &ImportDialectBar::take);
    }
    connect(m_format, &QComboBox::currentIndexChanged, this, &ImportDialectBar::formatChosen);
    connect(m_header, &QCheckBox::toggled, this, &ImportDialectBar::take);
    connect(m_null, &QLineEdit::textChanged, this, &ImportDialectBar::take);
    connect(m_likelyNull, &QPushButton::clicked, this, [this] { m_null->setText(m_offered); });
    updateEnabled();
}

void ImportDialectBar::add(QGridLayout *grid, const QString &label, QWidget *field, const char *objectName)
{
    const int column = grid->count() == 0 ? 0 : grid->columnCount();
    auto *caption = roleLabel(label, "small");
    caption->setBuddy(field);
    field->setObjectName(QLatin1String(objectName));
    field->setAccessibleName(QString(label).remove(u'&'));
    grid->addWidget(caption, 0, column);
    grid->addWidget(field, 1, column);
}

void ImportDialectBar::setDialect(const ImportDialect &dialect)
{
    m_dialect = dialect;
    m_isSetting = true;
    m_format->setCurrentIndex(m_format->findData(int(dialect.format)));
    choose(m_encoding, dialect.encoding);
    choose(m_delimiter, textOf(dialect.delimiter));
    choose(m_quote, textOf(dialect.quote));
    m_header->setChecked(dialect.hasHeader);
    if (m_null->text() != dialect.nullText) {
        m_null->setText(dialect.nullText);
    }
    m_isSetting = false;
    updateEnabled();
}

void ImportDialectBar::offerNull(const QString &text)
{
    m_offered = text;
    m_likelyNull->setText(tr("%1 looks like NULL: take it so").arg(text));
    m_likelyNull->setVisible(!text.isEmpty());
}

void ImportDialectBar::formatChosen()
{
    const auto format = ImportFormat(m_format->currentData().toInt());
    if (m_isSetting || format == m_dialect.format) {
        return;
    }
    // What belongs to a format comes with it.
    ImportDialect dialect = m_dialect;
    dialect.hasHeader =
        format != ImportFormat::NdJson && (dialect.hasHeader || m_dialect.format == ImportFormat::NdJson);
    dialect.format = format;
    if (format == ImportFormat::Tsv) {
        dialect.delimiter = u'\t';
    }
    dialect.quote = format == ImportFormat::Tsv ? QChar() : QChar(u'"');
    setDialect(dialect);
    emit changed();
}

void ImportDialectBar::take()
{
    if (m_isSetting) {
        return;
    }
    ImportDialect dialect = m_dialect;
    dialect.encoding = m_encoding->currentData().toString();
    const QString delimiter = m_delimiter->currentData().toString();
    dialect.delimiter = delimiter.isEmpty() ? dialect.delimiter : delimiter.at(0);
    const QString quote = m_quote->currentData().toString();
    dialect.quote = quote.isEmpty() ? QChar() : quote.at(0);
    dialect.hasHeader = m_header->isChecked();
    dialect.nullText = m_null->text();
    if (dialect != m_dialect) {
        m_dialect = dialect;
        emit changed();
    }
}

void ImportDialectBar::updateEnabled()
{
    const bool isCsv = m_dialect.format == ImportFormat::Csv;
    m_delimiter->setEnabled(isCsv);
    m_quote->setEnabled(isCsv);
    m_header->setEnabled(m_dialect.format != ImportFormat::NdJson);
    m_null->setEnabled(m_dialect.format != ImportFormat::NdJson);
}

} // namespace Roost

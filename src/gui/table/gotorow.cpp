#include "gui/table/gotorow.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "models/plaintext.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QRegularExpressionValidator>

#include <algorithm>

namespace Roost {

GoToRow::GoToRow(const RelationInfo &relation, qint64 rows, const RowKey &key, QWidget *parent)
    : Dialog(parent)
    , m_number(new QLineEdit)
    , m_go(new QPushButton(tr("Go")))
{
    constexpr int usualWidth = 400;
    setObjectName(QStringLiteral("GoToRow"));
    setWindowTitle(tr("Go to row"));
    resize(usualWidth, 0);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 20);
    layout->setSpacing(12);
    layout->addWidget(headingLabel(tr("Go to a row of “%1”").arg(relation.id.name)));
    auto *form = new QFormLayout;
    form->setSpacing(Spacing::unit);
    m_number->setObjectName(QStringLiteral("rowNumberField"));
    m_number->setPlaceholderText(rows < 0 ? tr("1, 2, 3 …") : tr("1 to %1").arg(countText(rows)));
    static const QRegularExpression digits(QStringLiteral("[0-9]{1,10}"));
    m_number->setValidator(new QRegularExpressionValidator(digits, m_number));
    form->addRow(tr("Row &number"), m_number);
    for (qsizetype i = 0; i < relation.keyColumns.size(); ++i) {
        auto *field = new QLineEdit(key.value(i));
        field->setObjectName(QStringLiteral("keyField_%1").arg(relation.keyColumns[i]));
        auto *label = new QLabel(tr("or %1").arg(relation.keyColumns[i]));
        label->setTextFormat(Qt::PlainText);
        label->setBuddy(field);
        form->addRow(label, field);
        m_keys += field;
    }
    layout->addLayout(form);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    cancel->setAutoDefault(false);
    m_go->setObjectName(QStringLiteral("goButton"));
    m_go->setProperty("kind", QStringLiteral("primary"));
    m_go->setDefault(true);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_go);
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, &GoToRow::go);
    connect(m_number, &QLineEdit::textChanged, this, &GoToRow::update);
    for (const QLineEdit *field : std::as_const(m_keys)) {
        connect(field, &QLineEdit::textChanged, this, &GoToRow::update);
    }
    update();
    m_number->setFocus();
}

void GoToRow::update()
{
    const bool hasKey = !m_keys.isEmpty() && std::all_of(m_keys.begin(), m_keys.end(), [](const QLineEdit *field) {
        return !field->text().isEmpty();
    });
    m_go->setEnabled(m_number->text().toLongLong() > 0 || hasKey);
}

void GoToRow::go()
{
    if (const qint64 number = m_number->text().toLongLong(); number > 0) {
        emit numberChosen(number);
    } else {
        RowKey key;
        for (const QLineEdit *field : std::as_const(m_keys)) {
            key += field->text();
        }
        emit keyChosen(key);
    }
    accept();
}

} // namespace Roost

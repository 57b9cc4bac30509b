#pragma once

#include "operations/connectiondoctor.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace Roost {

class Pill;

/// One layer of an examination: verdict in sign and word, what was found, why, what to do, and the button that does it.
class DoctorRow : public QFrame
{
    Q_OBJECT

public:
    explicit DoctorRow(DoctorLayer layer, QWidget *parent = nullptr);

    void wait();  ///< not looked at yet
    void begin(); ///< being looked at
    void show(const DoctorFinding &finding);
    const DoctorFinding &finding() const { return m_finding; }
    /// While a remedy is under way.
    void setRemedyEnabled(bool enabled);

signals:
    /// `value`: what was chosen or typed for it, where there is something to choose.
    void remedyWanted(const Roost::DoctorFinding &finding, const QString &value);

private:
    void clear();
    void showRemedy();
    void addText(const QString &text, const char *role, const char *name);

    DoctorLayer m_layer;
    DoctorFinding m_finding;
    Pill *m_verdict;
    QLabel *m_found;
    QVBoxLayout *m_more;
    QWidget *m_moreWidget = nullptr;
    QWidget *m_remedy = nullptr;
};

} // namespace Roost

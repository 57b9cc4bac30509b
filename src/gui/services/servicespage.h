#pragma once

#include "gui/widgets/page.h"
#include "operations/servicereferences.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace Roost {

class Card;
class DetailView;
class Notice;
class Pill;
class PlainTable;
class ServiceVerbs;
struct ServiceAnswer;
struct Services;

/// The services of an account in a tab: what each is, to which database its variables lead, how its latest deploy went.
class ServicesPage : public Page
{
    Q_OBJECT

public:
    ServicesPage(Services &services, const QString &accountId, QWidget *parent = nullptr);

    const QString &accountId() const { return m_accountId; }
    QString statusText() const override;
    void refresh() override;
    ServiceVerbs *verbs() const { return m_verbs; }
    /// Chooses the service, now or when it is read.
    void choose(const QString &serviceId);

signals:
    void closeWanted();

private:
    void build();
    QLayout *buildHead();
    void buildDetail();
    void read();
    void take(const Result<AccountReferences> &found);
    void fillTable();
    void showChosen();
    void showAnswer(const ServiceAnswer &answer);
    const ServiceReferences *chosen() const;

    Services &m_services;
    QString m_accountId;
    AccountReferences m_found;
    QString m_wanted;
    QString m_lastChosen;
    ServiceVerbs *m_verbs;
    QLabel *m_title;
    QLabel *m_empty;
    Notice *m_notice;
    PlainTable *m_table;
    Card *m_detail;
    QLabel *m_name;
    Pill *m_state;
    QLabel *m_facts;
    PlainTable *m_variables;
    QLabel *m_noVariables;
    Notice *m_answer;
    DetailView *m_body;
    bool m_isReading = false;
    bool m_isStale = false;
};

} // namespace Roost

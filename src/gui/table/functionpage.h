#pragma once

#include "core/result.h"
#include "gui/widgets/page.h"
#include "models/instance.h"
#include "postgres/catalog.h"


namespace Roost {

class Notice;
class SqlView;
struct Services;

/// A function, procedure or aggregate in a tab: what it takes and gives, and its source as the server keeps it.
class FunctionPage : public Page
{
    Q_OBJECT

public:
    FunctionPage(Services &services, const Instance &instance, const QString &database, const FunctionInfo &function,
                 QWidget *parent = nullptr);

    QString instanceId() const override { return m_instance.id; }
    QString database() const override { return m_database; }
    void refresh() override;
    const FunctionInfo &function() const { return m_function; }

private:
    QWidget *facts();
    void arrived(const Result<QString> &source);

    Services &m_services;
    Instance m_instance;
    QString m_database;
    FunctionInfo m_function;
    Notice *m_notice;
    SqlView *m_source;
    int m_generation = 0;
};

} // namespace Roost

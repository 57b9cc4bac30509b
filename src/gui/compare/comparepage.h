#pragma once

#include "gui/compare/compareside.h"
#include "gui/widgets/page.h"
#include "operations/rowcompare.h"

#include <QPointer>

#include <memory>

class QBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace Roost {

class DefinitionView;
class DifferenceList;
class DifferencesModel;
class ElidedLabel;
class EmptyState;
class Job;
class Notice;
class RowDifferencesView;
class SideChooser;
struct Services;

/// Two databases or backups held against each other: the sides are chosen at the top, below is what differs, at the
/// left the list, at the right the rows or definitions, side by side.
class ComparePage : public Page
{
    Q_OBJECT

public:
    ComparePage(Services &services, const CompareSide &first, const CompareSide &second, QWidget *parent = nullptr);
    ~ComparePage() override; ///< cancels what runs

    QString statusText() const override;
    void refresh() override { compare(); }

public slots:
    /// Does nothing while it runs, or while a side is not chosen.
    void compare();

private:
    void build();
    QBoxLayout *buildHead();
    QBoxLayout *buildProgress();
    QWidget *buildResult();
    void update();
    void swap();
    /// From the window's side to the operation's: the password is got where it is needed.
    void resolve(const CompareSide &side, const std::function<void(const Result<ComparedSide> &)> &done);
    void start(const ComparedSide &first, const ComparedSide &second);
    void showProgress();
    void take(const Result<std::shared_ptr<const ContentComparison>> &result);
    void showEqual();
    void showDifferences();
    void showDifference(int row);

    using Comparison = std::shared_ptr<const ContentComparison>;
    Services &m_services;
    SideChooser *m_first;
    SideChooser *m_second;
    QPushButton *m_compare;
    Notice *m_notice;
    QWidget *m_progress;
    QProgressBar *m_bar;
    ElidedLabel *m_step;
    QPushButton *m_cancel;
    QLabel *m_summary;
    QStackedWidget *m_stack;
    EmptyState *m_nothingYet;
    EmptyState *m_equal;
    QSplitter *m_result = nullptr;
    DifferenceList *m_list;
    DifferencesModel *m_differences;
    QStackedWidget *m_right;
    RowDifferencesView *m_rows;
    DefinitionView *m_definition;
    QPointer<Job> m_job;
    bool m_isResolving = false;
    CompareSide m_comparedFirst; ///< what is shown is of these
    CompareSide m_comparedSecond;
    Comparison m_comparison;
};

} // namespace Roost

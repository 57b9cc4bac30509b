#pragma once

#include "models/poolreader.h"
#include "models/rowsmodel.h"
#include "models/rowwindow.h"

#include <QDeadlineTimer>
#include <QTimer>

#include <stop_token>

namespace Roost {

/// What a RowsModel is made of. Functions of one concern stand together in a file: rowsmodelread.cpp (pages),
/// rowsmodelfind.cpp (places and values), rowsmodeledit.cpp, rowsmodelapply.cpp.
class RowsModel::Private final : public RowWindow::Listener
{
public:
    using Row = std::function<void(const Result<int> &)>;

    Private(RowsModel *model, SessionPool *pool, ActivityLog *log);

    // Reading.
    /// What a load is for.
    enum class Load {
        Start,  ///< a new query: what is shown is replaced
        Again,  ///< refresh: the same rows, read again
        Scroll, ///< what the view wants
        Place   ///< a row somebody asked for
    };
    /// What comes back: the page, and what else was learnt on the way.
    struct Answer
    {
        RowPage page;
        PageWish wish;
        PositionMap map;
        int serverVersion = 0;
        bool hasMap = false;
    };
    TableQuery query() const;                        ///< as the user wishes it
    TableQuery queryFor(const PageWish &wish) const; ///< of what is shown
    void start();                                    ///< reads the first page of query()
    void again(bool isQuiet = false);                ///< reads what is in sight again
    void load(Load why, const PageWish &wanted, const TableQuery &query);
    void arrived(Load why, const TableQuery &asked, const Result<std::shared_ptr<Answer>> &answer);
    void firstArrived(const TableQuery &asked, Answer &answer);
    bool placeTaken(Load why, Answer &answer);
    void pageFailed(Load why, const Error &error);
    void pump(); ///< the next page, if one is needed
    void lookAround();
    void describe();
    void adopt(const TableDescription &read);
    void backToShown();
    void logPage(const TableQuery &query);
    void setState(State state);
    void setColumns(const QList<ResultColumn> &read);
    void dropWhatRuns();
    void stopPages();

    // The window's listener.
    void beginInsert(int first, int last) override;
    void endInsert() override;
    void beginRemove(int first, int last) override;
    void endRemove() override;
    void changed(int first, int last) override;
    void moved(int by) override;

    // Cells.
    bool isLoaded(int row) const { return window.cache().contains(row) && row < window.total(); }
    bool isNewRow(int row) const { return row >= window.total() && row - window.total() < newRows.size(); }
    int newRowOf(int row) const { return newRows.at(row - window.total()); }
    const RowChange *change(int row) const;
    CellState cellState(int row, int column) const;
    const CellValue *staged(int row, int column) const; ///< null when the cell is as read, or left to the server
    QString shown(int row, int column) const;
    QString refusalAt(int row, int column) const;
    QVariant newRowData(int row, int column, int role) const;
    QVariant rowData(int row, int column, int role) const;
    QVariant commonData(int row, int column, int role) const;
    CellValues storedValues(int row, QSet<QString> *shortened) const;
    void forgetRow() const { changeRow = -1; }

    // What is known beforehand of values.
    QString defaultText(int column) const;
    QString newCellReason(int column) const;
    const ColumnInfo *info(int column) const;
    bool mayBeRewritten() const;

    // Finding.
    int rowOf(const RowKey &key) const;
    PageWish pageAt(const QList<CellValue> &bound, int guess) const;
    int guessOf(const QList<CellValue> &bound, int least, int most) const;
    void findThen(DatabaseSession::Work<RowPage> work, std::function<void(const RowPage &)> then);
    void whenShown(std::function<void()> seek);
    void seekKey(const RowKey &key);
    void seekText(const QString &text, int fromRow, bool backward);
    void goTo(const PageWish &place);
    void placeReached(const PageWish &place);
    void finish(const Result<int> &row);
    PoolReader *newFetcher();

    // Edits.
    bool mayEdit(int row, int column) const;
    void changesMade(int first, int last);
    void syncNewRows();

    // Applying.
    /// What became of a commit; nothing when it cannot be found out now.
    using Became = std::function<void(std::optional<CommitState>)>;
    using Outcome = std::function<void(const Result<ApplyOutcome> &)>;
    void send(const Outcome &done);
    void sent(const QList<RowChange> &changes, const Result<ApplyOutcome> &result, const Outcome &done);
    void endApplying(const Outcome &done, const Result<ApplyOutcome> &outcome);
    void tookEffect(const QList<RowChange> &changes, const QList<CellValues> &stored);
    void putStored(int row, const RowChange &change, const CellValues &stored);
    void removeStored(QList<int> rows, int elsewhere);
    void askWhatBecame(const Became &done);
    void askOnce();
    void became(std::optional<CommitState> state);
    Result<ApplyOutcome> outcomeOf(std::optional<CommitState> state);

    /// While one lives, rows come and go: the view's wishes are noted, and seen to afterwards.
    class Changing
    {
    public:
        explicit Changing(Private *model)
            : m_model(model)
        {
            ++m_model->changing;
        }
        ~Changing() { --m_model->changing; }
        Q_DISABLE_COPY_MOVE(Changing)

    private:
        Private *m_model;
    };

    RowsModel *q;
    SessionPool *sessions;
    ActivityLog *activity;
    Instance instance;
    QString database;
    RelationInfo relation;
    QList<RowColumn> columns;
    QList<SortColumn> sort;
    RowFilter filter;
    TableQuery shownQuery; ///< of what is in memory
    int serverVersion = 0;
    RowWindow window{this};
    PositionMap places; ///< of `shownQuery`
    bool isMapHere = false;
    bool isFirstPageHere = false;
    std::optional<TableDescription> description;

    PoolReader pages;
    PoolReader counter;
    PoolReader finder;
    PoolReader mapper;
    PoolReader describer;
    std::vector<std::unique_ptr<PoolReader>> fetchers; ///< of whole values
    Load loading = Load::Start;
    Load failedLoad = Load::Start;
    PageWish underWay;
    QTimer slow; ///< fires when what runs, and is not wanted any more, is to be stopped
    int firstVisible = 0;
    int lastVisible = 0;
    int direction = 0;
    bool isBlocked = false; ///< the last page failed or was cancelled: nothing is read before something changes
    bool isDescribeWanted = false;
    Row waiting;                 ///< who waits for goTo()
    std::function<void()> later; ///< what to seek when what is loading is shown

    QList<int> newRows; ///< the change set's, as the view knows them
    int changing = 0;
    int opened = 0; ///< counts tables: an apply() of another one says nothing of this
    int steps = 0;  ///< open ones
    std::pair<int, int> stepRows{-1, -1};
    bool isStepWide = false;
    mutable int changeRow = -1; ///< the row that was looked up last
    mutable const RowChange *changeOfRow = nullptr;

    std::optional<ChangeRefusal> refusal;
    int addedUnseen = 0; ///< rows that were applied since the rows were read
    std::stop_source applyStop;
    std::optional<UnknownCommit> unknown;
    QList<RowChange> unknownChanges; ///< what it was to commit
    PoolReader asker;
    QTimer askAgain;
    std::chrono::milliseconds askingPatience = std::chrono::seconds(10);
    QDeadlineTimer askUntil;
    Became whoAsked;
};

} // namespace Roost

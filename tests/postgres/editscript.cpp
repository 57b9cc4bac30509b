#include "editscript.h"

#include "postgres/changestatements.h"

#include <atomic>
#include <thread>

namespace Roost::Testing {

namespace {

using Kind = RowChange::Kind;

const QString idColumn = QStringLiteral("id");
const QString nameColumn = QStringLiteral("name");
const CellValue never = QStringLiteral("never"); ///< a trigger swallows an update to this

CellValue text(const char *value)
{
    return QString::fromUtf8(value);
}

/// Values as the server prints them.
const QMap<QString, QList<CellValue>> &pools()
{
    static const QMap<QString, QList<CellValue>> values = {
        {nameColumn, {text(""), text("a"), text("Ä 'x' \\ $1"), text("A"), std::nullopt}},
        {QStringLiteral("amount"), {text("0.00"), text("1.50"), text("-3.25"), std::nullopt}},
        {QStringLiteral("flag"), {text("t"), text("f"), std::nullopt}},
        {QStringLiteral("seen"),
         {text("2026-01-01 00:00:00+00"), text("2026-07-02 03:04:05.123456+00"), text("infinity"), std::nullopt}},
        {QStringLiteral("doc"), {text("{}"), text("{\"a\": 1.0}"), text("{\"a\": 1.00}"), text("null"), std::nullopt}},
        {QStringLiteral("tags"), {text("{}"), text("{a,b}"), text("{NULL,\"x y\"}"), std::nullopt}},
        {QStringLiteral("note"), {text("a  "), text("abc"), std::nullopt}},
    };
    return values;
}

/// What libpq sends for a statement, in bytes.
qint64 bytesOf(const SqlStatement &statement)
{
    qint64 bytes = statement.sql.toUtf8().size() + 9 + 15 + 7 + 10;
    for (const QVariant &parameter : statement.parameters) {
        bytes += 4 + (parameter.isNull() ? 0 : parameter.toString().toUtf8().size());
    }
    return bytes;
}

} // namespace

QString EditScript::tableSql()
{
    return QStringLiteral(
        "CREATE TABLE edited (id integer PRIMARY KEY, name text DEFAULT 'unnamed', amount numeric(8,2) DEFAULT 0, flag "
        "boolean, seen timestamptz, doc jsonb, tags text[], note char(3));"
        "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE TRIGGER never BEFORE UPDATE ON edited FOR EACH ROW WHEN (NEW.name = 'never') EXECUTE FUNCTION never()");
}

EditScript::EditScript(BirdsTable &server, const ChangeTarget &target, TcpProxy &proxy, unsigned seed,
                       ScriptCounts &counts)
    : m_server(server)
    , m_target(target)
    , m_proxy(proxy)
    , m_counts(counts)
    , m_random(seed)
{
}

QString EditScript::anyColumn()
{
    return pools().keys().at(below(int(pools().size())));
}

CellValue EditScript::anyValue(const QString &column)
{
    const QList<CellValue> values = pools().value(column);
    return values.at(below(int(values.size())));
}

CellValues EditScript::anyRow(const QString &id)
{
    CellValues row = {{idColumn, id}};
    for (const QString &column : pools().keys()) {
        row[column] = anyValue(column);
    }
    return row;
}

QString EditScript::anyId(const Table &table)
{
    return table.empty() ? QString() : std::next(table.cbegin(), below(int(table.size())))->first;
}

void EditScript::fill()
{
    QStringList rows;
    for (int id = 1; id <= 12; ++id) {
        const CellValues row = anyRow(QString::number(id));
        m_truth[QString::number(id)] = row;
        QStringList values;
        for (const RowColumn &column : m_target.columns) {
            const CellValue value = row.value(column.name);
            values += value ? quoteLiteral(*value) : QStringLiteral("NULL");
        }
        rows += u'(' + values.join(u',') + u')';
    }
    m_server.execute(QStringLiteral("TRUNCATE edited"));
    m_server.execute(QStringLiteral("INSERT INTO edited VALUES ") + rows.join(u','));
    m_seen = m_truth;
}

void EditScript::edit()
{
    for (int edits = 1 + below(25); edits > 0; --edits) {
        const int what = below(12);
        if (what < 9) {
            m_staged.step([this] { editOnce(); });
        } else if (what == 9) {
            m_staged.step([this] {
                m_changes.beginStep(QStringLiteral("Paste"));
                for (int i = below(5); i >= 0; --i) {
                    editOnce();
                }
                m_changes.endStep();
            });
        } else {
            m_counts.add(what == 10 ? "undo" : "redo");
            what == 10 ? m_changes.undo() : m_changes.redo();
            what == 10 ? m_staged.undo() : m_staged.redo();
        }
    }
}

void EditScript::editOnce()
{
    if (oneIn(4)) {
        editNewRow();
    } else {
        editRow(anyId(m_seen));
    }
}

void EditScript::editRow(const QString &id)
{
    const RowKey key = {id};
    const CellValues row = m_seen.at(id);
    const QString column = oneIn(12) ? idColumn : anyColumn();
    switch (below(8)) {
    case 0:
        m_changes.removeRow(key, row);
        m_staged.removeRow(key, row);
        break;
    case 1:
        m_changes.restoreRow(key);
        m_staged.restoreRow(key);
        break;
    case 2:
        m_changes.revertCell(key, column);
        m_staged.revertCell(key, column);
        break;
    default: {
        const CellValue value = column == idColumn                  ? freshId()
                                : column == nameColumn && oneIn(25) ? never
                                                                    : anyValue(column);
        m_changes.setCell(key, column, row.value(column), value);
        m_staged.setCell(key, column, row.value(column), value);
        break;
    }
    }
}

void EditScript::editNewRow()
{
    const QList<int> rows = m_changes.newRows();
    if (rows.isEmpty() || oneIn(2)) {
        CellValues values = anyRow(freshId());
        values.remove(anyColumn()); // to be the default
        m_staged.now.added[m_changes.addRow(values)] = values;
        return;
    }
    const int row = rows.at(below(int(rows.size())));
    const QString column = anyColumn();
    if (oneIn(4)) {
        m_changes.removeNewRow(row);
        m_staged.now.added.erase(row);
    } else if (oneIn(3)) {
        m_changes.setDefault(row, column);
        m_staged.now.added[row].remove(column);
    } else {
        const CellValue value = anyValue(column);
        m_changes.setNewCell(row, column, value);
        m_staged.now.added[row][column] = value;
    }
}

void EditScript::interfere(int times)
{
    for (; times > 0; --times) {
        const QString id = anyId(m_truth);
        const int what = id.isEmpty() ? 0 : below(8);
        if (what == 0) {
            // Now and then the very number that the user has given to a row.
            const QString taken = QString::number(100 + below(qMax(1, m_nextId - 100)));
            const QString fresh = m_nextId > 100 && oneIn(2) && !m_truth.contains(taken) ? taken : freshId();
            const CellValues row = anyRow(fresh);
            m_server.execute(QStringLiteral("INSERT INTO edited (id, name) VALUES (%1, 'theirs')").arg(fresh));
            m_truth[fresh] = {{idColumn, fresh}, {nameColumn, QStringLiteral("theirs")}};
            for (const QString &column : row.keys()) {
                if (!m_truth[fresh].contains(column)) {
                    m_truth[fresh][column] = column == QLatin1String("amount") ? text("0.00") : CellValue();
                }
            }
        } else if (what == 1) {
            m_server.execute(QStringLiteral("DELETE FROM edited WHERE id = %1").arg(id));
            m_truth.erase(id);
        } else {
            const QString column = anyColumn();
            const CellValue value = anyValue(column);
            m_server.execute(QStringLiteral("UPDATE edited SET %1 = %2 WHERE id = %3")
                                 .arg(column, value ? quoteLiteral(*value) : QStringLiteral("NULL"), id));
            m_truth[id][column] = value;
        }
    }
}

/// Before, in and after the COMMIT; on the way there and on the way back.
void EditScript::cutSomewhere()
{
    qint64 first = bytesOf({QStringLiteral("BEGIN ISOLATION LEVEL READ COMMITTED"), {}}) +
                   bytesOf({QStringLiteral("SELECT pg_catalog.pg_current_xact_id()"), {}}) + 5;
    for (const RowChange &change : m_changes.changes()) {
        first += bytesOf(statementOf(m_target, change));
    }
    const qint64 commit = bytesOf({QStringLiteral("COMMIT"), {}}) + 5;
    switch (below(5)) {
    case 0:
        m_proxy.cutAfterBytesToServer(1 + below(int(first)));
        m_counts.add("cut on the way there");
        break;
    case 1:
        m_proxy.cutAfterBytesToServer(first + 1 + below(int(commit - 1)));
        m_counts.add("cut in the COMMIT");
        break;
    case 2:
    case 3:
        m_proxy.cutAfterBytesToServer(first + commit);
        m_counts.add("cut after the COMMIT");
        break;
    default:
        m_proxy.cutAfterBytes(below(int(2 * first)));
        m_counts.add("cut on the way back");
        break;
    }
}

void EditScript::connect()
{
    m_proxy.cutAfterBytesToServer(-1);
    m_proxy.cutAfterBytes(-1);
    m_connection = m_server.open(&m_proxy);
    if (!m_connection) {
        qFatal("no connection through the proxy");
    }
}

Result<ApplyOutcome> EditScript::apply()
{
    if (!m_connection || !m_connection->isOpen()) {
        connect();
    }
    if (m_mayCut && oneIn(2)) {
        m_mayCut = false;
        cutSomewhere();
    } else if (oneIn(20)) {
        return applyWhileOthersHoldLocks();
    }
    return applyChanges(*m_connection, m_target, m_changes.changes());
}

/// The other session is in the middle of something when the changes arrive, and then commits it, or not.
Result<ApplyOutcome> EditScript::applyWhileOthersHoldLocks()
{
    const Table before = m_truth;
    m_server.execute(QStringLiteral("BEGIN"));
    interfere(4);
    Result<ApplyOutcome> outcome = failure(Error::cancelled());
    std::atomic<bool> isDone = false;
    std::jthread applying([&] {
        outcome = applyChanges(*m_connection, m_target, m_changes.changes());
        isDone = true;
    });
    const QString waiting = QStringLiteral("SELECT 1 FROM pg_catalog.pg_locks WHERE NOT granted LIMIT 1");
    bool isWaiting = false;
    while (!isDone && !isWaiting) {
        isWaiting = !rowsOf(*m_server.other, waiting).isEmpty();
    }
    if (isWaiting) {
        m_counts.add("waited for another transaction");
    }
    // Without a wait, the changes came before what the other session does, and may have changed what it would meet.
    const bool commits = isWaiting && oneIn(2);
    m_server.execute(commits ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
    if (!commits) {
        m_truth = before;
    }
    applying.join();
    return outcome;
}

} // namespace Roost::Testing

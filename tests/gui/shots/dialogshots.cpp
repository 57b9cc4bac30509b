#include "gui/shots/dialogshots.h"

#include "gui/about/aboutdialog.h"
#include "gui/about/shortcutsdialog.h"
#include "gui/backup/backupdialog.h"
#include "gui/backup/resetdialog.h"
#include "gui/backup/restoredialog.h"
#include "gui/backup/restoreoutcome.h"
#include "gui/birdapp/birdapplog.h"
#include "gui/birdapp/birdapppanel.h"
#include "gui/connection/connectiondialog.h"
#include "gui/connection/passworddialog.h"
#include "gui/database/databasefacts.h"
#include "gui/database/databasenamedialog.h"
#include "gui/database/dropdatabasedialog.h"
#include "gui/dialogs/errordialog.h"
#include "gui/dialogs/joboutcome.h"
#include "gui/dialogs/jobprogressdialog.h"
#include "gui/dialogs/questiondialog.h"
#include "gui/inout/exportdialog.h"
#include "gui/inout/importdialog.h"
#include "gui/mainwindowactions.h"
#include "gui/overview/creationdatedialog.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "operations/phasedprogress.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QTest>
#include <QThread>
#include <QTreeWidget>

namespace Roost {

namespace {

const QString externalText = QStringLiteral(
    "postgresql://my_database_user:hunter-two-hunter@dpg-c0ffee00000000000001-a.oregon-postgres.render.com/"
    "my_database");

template <class T>
T *part(QWidget *widget, const char *name)
{
    return widget->findChild<T *>(QString::fromLatin1(name));
}

DatabaseRef someDatabase()
{
    DatabaseRef ref;
    ref.instance.id = QStringLiteral("shot");
    ref.instance.name = QStringLiteral("my_database");
    ref.instance.profile.id = ref.instance.id;
    ref.instance.profile.name = ref.instance.name;
    ref.instance.profile.parameters.host = QStringLiteral("127.0.0.1");
    ref.instance.profile.parameters.port = 1; // answers nothing
    ref.instance.profile.parameters.user = QStringLiteral("my_database_user");
    ref.instance.profile.parameters.database = QStringLiteral("my_database");
    ref.instance.profile.parameters.tls = TlsMode::Optional;
    ref.spec.parameters = ref.instance.profile.parameters;
    ref.spec.parameters.database = QStringLiteral("bird_app_db");
    return ref;
}

DatabaseFacts someFacts(bool withSessions)
{
    DatabaseFacts facts;
    facts.tables = 3;
    facts.rows = 1'204'118;
    facts.rowsAreExact = false;
    facts.sizeBytes = 48'300'000;
    if (withSessions) {
        facts.sessions = {
            {4711, QStringLiteral("my_database_user"), QStringLiteral("gunicorn"), QStringLiteral("10.201.4.17"),
             QStringLiteral("idle"), QStringLiteral("2026-11-22 18:04:11.120381+00")},
            {4802, QStringLiteral("my_database_user"), QStringLiteral("psql"), QStringLiteral("93.184.216.34"),
             QStringLiteral("idle in transaction"), QStringLiteral("2026-11-22 18:40:02.000117+00")}};
    }
    return facts;
}

Error someServerError()
{
    return {
        ErrorCode::ServerRefused,
        QStringLiteral("The server refused the statement, because the database is still in use by another program. "
                       "Stop the app that uses it, or let its sessions be ended."),
        QStringLiteral("ERROR:  database \"bird_app_db\" is being accessed by other users\nDETAIL:  There are 2 other "
                       "sessions using the database."),
        "55006"};
}

void addConnectionShots(QList<Shot> &shots, Services &services)
{
    const auto add = [&shots, &services](const QString &name, const QString &text,
                                         const std::function<void(ConnectionDialog *)> &change = {}) {
        shots += {name, [&services, text, change](QWidget *parent) -> QWidget * {
                      auto *dialog = new ConnectionDialog(services, {std::nullopt, text}, parent);
                      if (change) {
                          change(dialog);
                      }
                      return dialog;
                  }};
    };
    add(QStringLiteral("connection-empty"), {});
    add(QStringLiteral("connection-external"), externalText,
        [](ConnectionDialog *dialog) { part<QCheckBox>(dialog, "createdCheck")->setChecked(true); });
    add(QStringLiteral("connection-internal"),
        QStringLiteral("postgresql://my_database_user:hunter-two-hunter@dpg-c0ffee00000000000001-a/my_database"));
    add(QStringLiteral("connection-refused"), externalText + QStringLiteral("?sslkeylogfile=/tmp/keys"));
    add(QStringLiteral("connection-unverified"), externalText, [](ConnectionDialog *dialog) {
        part<QWidget>(dialog, "advancedFold")->findChild<QAbstractButton *>()->setChecked(true);
        part<QCheckBox>(dialog, "unverifiedCheck")->setChecked(true);
    });
    const std::pair<const char *, ErrorCode> reasons[]{{"password-locked", ErrorCode::KeychainLocked},
                                                       {"password-missing", ErrorCode::SecretMissing}};
    for (const auto &[name, code] : reasons) {
        shots +=
            {QString::fromLatin1(name), [&services, code = code](QWidget *parent) -> QWidget * {
                 const Error why{
                     code, QStringLiteral("Unlock it, then try again; or type the password for this session."), {}, {}};
                 return new PasswordDialog(services, someDatabase().instance, why, parent);
             }};
    }
}

void addDatabaseShots(QList<Shot> &shots, Services &services)
{
    shots += {QStringLiteral("database-create"), [&services](QWidget *parent) -> QWidget * {
                  auto *dialog = new DatabaseNameDialog(
                      services, {DatabaseNameRequest::Verb::Create, someDatabase(), {QStringLiteral("bird_app_db")}},
                      parent);
                  part<QLineEdit>(dialog, "nameField")->setText(QStringLiteral("bird-app-db"));
                  return dialog;
              }};
    shots +=
        {QStringLiteral("database-rename"), [&services](QWidget *parent) -> QWidget * {
             return new DatabaseNameDialog(services, {DatabaseNameRequest::Verb::Rename, someDatabase(), {}}, parent);
         }};
    shots += {QStringLiteral("database-drop"), [&services](QWidget *parent) -> QWidget * {
                  auto *dialog = new DropDatabaseDialog(services, someDatabase(), parent);
                  dialog->setFacts(someFacts(true));
                  part<QCheckBox>(dialog, "endSessionsCheck")->setChecked(true);
                  part<QLineEdit>(dialog, "typedName")->setText(QStringLiteral("bird_app_db"));
                  return dialog;
              }};
}

DumpFile someDump()
{
    DumpFile dump;
    dump.database = QStringLiteral("bird_app_db");
    dump.serverVersion = QStringLiteral("17.2");
    dump.toolVersion = QStringLiteral("17.12");
    dump.takenAt = QDateTime(QDate(2026, 11, 22), QTime(18, 4), Qt::UTC);
    dump.tables = {QStringLiteral("public.alembic_version"), QStringLiteral("public.birds"),
                   QStringLiteral("public.sightings")};
    return dump;
}

QList<SelectableObject> someObjects()
{
    using Group = SelectableObject::Group;
    const auto object = [](Group group, const char *name, qint64 rows) {
        return SelectableObject{group, QString::fromLatin1(name), QString::fromLatin1(name), rows};
    };
    return {
        object(Group::Types, "public.season", -1),          object(Group::Functions, "public.touch_updated_at()", -1),
        object(Group::Tables, "public.alembic_version", 1), object(Group::Tables, "public.birds", 48'213),
        object(Group::Tables, "public.places", 912),        object(Group::Tables, "public.sightings", 1'155'904),
        object(Group::Views, "public.birds_by_place", -1)};
}

/// A restore by somebody else's tool into a database that was not empty would say all of this.
QList<RestoreMessage> someMessages()
{
    const QString query = QStringLiteral("pg_restore: error: could not execute query: ERROR:  ");
    return {weighed(QStringLiteral("pg_restore: error: COPY failed for table \"birds\": ERROR:  duplicate key value "
                                   "violates unique constraint \"birds_pkey\"\nDETAIL:  Key (id)=(1) already exists.\n"
                                   "CONTEXT:  COPY birds, line 1")),
            weighed(query + QStringLiteral("permission denied to create event trigger \"watching\"\nCommand was: "
                                           "CREATE EVENT TRIGGER watching ON ddl_command_end;")),
            {RestoreMessage::Weight::LookAtThis,
             QStringLiteral("Not as in the source: index public.birds_by_name is missing."),
             {}},
            weighed(query + QStringLiteral("must be owner of extension pg_trgm\nCommand was: COMMENT ON EXTENSION "
                                           "pg_trgm IS 'text similarity';"))};
}

void addBackupShots(QList<Shot> &shots, Services &services)
{
    shots += {QStringLiteral("creation-date"), [&services](QWidget *parent) -> QWidget * {
                  return new CreationDateDialog(services, someDatabase().instance.profile, parent);
              }};
    shots += {QStringLiteral("backup"), [&services](QWidget *parent) -> QWidget * {
                  auto *dialog = new BackupDialog(services, someDatabase(), parent);
                  dialog->setFacts(someFacts(false));
                  return dialog;
              }};
    const QStringList existing{QStringLiteral("bird_app_db"), QStringLiteral("blog_db"), QStringLiteral("my_database")};
    for (const bool replaces : {false, true}) {
        shots += {replaces ? QStringLiteral("restore-replace") : QStringLiteral("restore-new"),
                  [&services, existing, replaces](QWidget *parent) -> QWidget * {
                      auto *dialog = new RestoreDialog(services, {someDatabase(), existing, {}}, parent);
                      auto *file = part<QLineEdit>(dialog, "fileField");
                      const QSignalBlocker quiet(file);
                      file->setText(QStringLiteral("/home/ada/backups/bird_app_db-20261122-180400.dump"));
                      dialog->setDump(someDump());
                      if (replaces) {
                          part<QRadioButton>(dialog, "replaceRadio")->setChecked(true);
                          dialog->setFacts(someFacts(true));
                      }
                      return dialog;
                  }};
    }
    shots += {QStringLiteral("restore-chosen"), [&services, existing](QWidget *parent) -> QWidget * {
                  auto *dialog = new RestoreDialog(services, {someDatabase(), existing, {}}, parent);
                  auto *file = part<QLineEdit>(dialog, "fileField");
                  const QSignalBlocker quiet(file);
                  file->setText(QStringLiteral("/home/ada/backups/bird_app_db-20261122-180400.dump"));
                  dialog->setDump(someDump());
                  dialog->setObjects(someObjects());
                  for (QTreeWidgetItem *item :
                       part<QTreeWidget>(dialog, "objectTree")
                           ->findItems(QStringLiteral("public."), Qt::MatchStartsWith | Qt::MatchRecursive)) {
                      const bool isWanted = item->text(0).endsWith(u"birds") || item->text(0).endsWith(u"sightings");
                      item->setCheckState(0, isWanted ? Qt::Checked : Qt::Unchecked);
                  }
                  part<QWidget>(dialog, "choiceFold")->findChild<QAbstractButton *>()->setChecked(true);
                  part<QRadioButton>(dialog, "emptyRadio")->setChecked(true);
                  dialog->setFacts(someFacts(false));
                  return dialog;
              }};
    shots += {QStringLiteral("reset"), [&services](QWidget *parent) -> QWidget * {
                  auto *dialog = new ResetDialog(services, someDatabase(), parent);
                  dialog->setFacts(someFacts(false));
                  return dialog;
              }};
}

} // namespace

void copySlowly(const JobContext &context, double from)
{
    constexpr qint64 all = qint64(884) << 20;
    constexpr qint64 perStep = all / 800; // ten steps a second
    for (qint64 bytes = qint64(from * double(all)); !context.isCancelled(); bytes += perStep) {
        context.report({QStringLiteral("Copying public.sightings"), std::min(bytes, all), all,
                        QStringLiteral("%1 of %2").arg(amountText(bytes), amountText(all)), bytes});
        QThread::msleep(100);
    }
}

namespace {

void addJobShots(QList<Shot> &shots, Services &services)
{
    shots += {QStringLiteral("job-running"), [&services](QWidget *parent) -> QWidget * {
                  Job *job = services.jobs->start(
                      QStringLiteral("Back up bird_app_db"), [](JobContext &context) -> Result<void> {
                          context.log(QStringLiteral("pg_dump: dumping contents of table \"public.birds\""));
                          context.log(QStringLiteral("pg_dump: dumping contents of table \"public.sightings\""));
                          copySlowly(context, 0.46);
                          return failure(Error::cancelled());
                      });
                  (void)QTest::qWaitFor([job] { return !job->pace().text().isEmpty(); });
                  return new JobProgressDialog(job, parent); // the runner cancels the job in the end
              }};
    shots +=
        {QStringLiteral("job-done"), [&services](QWidget *parent) -> QWidget * {
             Job *job = services.jobs->start(QStringLiteral("Reset bird_app_db"),
                                             [](JobContext &) -> Result<void> { return {}; });
             JobOutcome::attach(
                 job, {QStringLiteral("bird_app_db is empty again.\nWhat was in it: "
                                      "/home/ada/backups/bird_app_db-20261122-180400.dump (12.4 MB)"),
                       {},
                       {{QStringLiteral("undoResetButton"), QStringLiteral("&Undo the reset"), [](QWidget *) {}},
                        {QStringLiteral("structureButton"), QStringLiteral("Put the &structure back, empty"),
                         [](QWidget *) {}},
                        {QStringLiteral("revealButton"), QStringLiteral("Show in its &folder"), [](QWidget *) {}}}});
             return new JobProgressDialog(job, parent);
         }};
    shots += {QStringLiteral("job-failed"), [&services](QWidget *parent) -> QWidget * {
                  Job *job =
                      services.jobs->start(QStringLiteral("Restore bird_app_db"),
                                           [](JobContext &) -> Result<void> { return failure(someServerError()); });
                  return new JobProgressDialog(job, parent);
              }};
}

void addRestoreEnds(QList<Shot> &shots, Services &services)
{
    shots += {QStringLiteral("restore-failed-messages"), [&services](QWidget *parent) -> QWidget * {
                  Job *job =
                      services.jobs->start(QStringLiteral("Restore bird_app_db"), [](JobContext &) -> Result<void> {
                          return failure(ErrorCode::Conflict,
                                         QStringLiteral("The restore failed. The data contradict each other or what "
                                                        "was there before. The details name the table and the rule "
                                                        "that was broken. “bird_app_db” is as it was."),
                                         groupedText(someMessages()));
                      });
                  JobOutcome outcome;
                  outcome.groups = messageGroups(someMessages(), true);
                  JobOutcome::attach(job, outcome);
                  return new JobProgressDialog(job, parent);
              }};
    for (const bool isQuiet : {false, true}) {
        shots += {isQuiet ? QStringLiteral("restore-done-quiet") : QStringLiteral("restore-done-messages"),
                  [&services, isQuiet](QWidget *parent) -> QWidget * {
                      Job *job = services.jobs->start(QStringLiteral("Restore bird_app_db"),
                                                      [](JobContext &) -> Result<void> { return {}; });
                      RestoreReport report;
                      report.database = QStringLiteral("bird_app_db");
                      report.tables = 4;
                      report.isProven = isQuiet;
                      if (!isQuiet) {
                          report.retiredDatabase = QStringLiteral("bird_app_db_old_20261122180512");
                          report.safetyBackupFile =
                              QStringLiteral("/home/ada/backups/bird_app_db-20261122-180501.dump");
                          report.safetyBackupBytes = 12'400'000;
                          report.messages = someMessages().mid(2);
                          report.leftOut = {QStringLiteral("The extension postgis: the server does not have it.")};
                      }
                      JobOutcome::attach(job, restoreOutcome({}, report, [](QWidget *) {}));
                      return new JobProgressDialog(job, parent);
                  }};
    }
}

void addMessageShots(QList<Shot> &shots)
{
    shots += {QStringLiteral("question"), [](QWidget *parent) -> QWidget * {
                  Prompts::Question question;
                  question.title = QStringLiteral("Remove my_database from Roost?");
                  question.text = QStringLiteral(
                      "Roost forgets the connection, and its password is taken out of your keychain. The "
                      "instance itself, its databases and your backups stay as they are.");
                  question.accept = QStringLiteral("Remove my_database");
                  question.isDestructive = true;
                  return new QuestionDialog(question, parent);
              }};
    shots += {QStringLiteral("error"), [](QWidget *parent) -> QWidget * {
                  auto *dialog =
                      new ErrorDialog(QStringLiteral("bird_app_db was not renamed"), someServerError(), parent);
                  part<QWidget>(dialog, "detailFold")->findChild<QAbstractButton *>()->setChecked(true);
                  return dialog;
              }};
    shots += {QStringLiteral("about"), [](QWidget *parent) -> QWidget * { return new AboutDialog(parent); }};
    shots += {QStringLiteral("shortcuts"), [](QWidget *parent) -> QWidget * {
                  QMainWindow frame;
                  MainWindowActions actions(&frame);
                  actions.fillMenuBar(frame.menuBar());
                  return new ShortcutsDialog(actions.all(), parent);
              }};
}

TableDescription someTable()
{
    TableDescription table;
    table.relation.id = {QStringLiteral("public"), QStringLiteral("birds")};
    table.mayInsert = true;
    const auto add = [&table](const char *name, const char *type, bool notNull) {
        ColumnInfo column;
        column.name = QString::fromLatin1(name);
        column.type = QString::fromLatin1(type);
        column.notNull = notNull;
        table.columns += column;
    };
    add("id", "integer", true);
    add("name", "character varying(160)", true);
    add("species", "character varying(160)", true);
    add("seen_at", "timestamp with time zone", false);
    add("note", "text", false);
    table.columns.first().isKey = true;
    table.columns.first().identity = QStringLiteral("by default");
    table.relation.keyColumns = {QStringLiteral("id")};
    return table;
}

void addFileShots(QList<Shot> &shots, Services &services)
{
    const auto add = [&shots, &services](const char *name, const QByteArray &content) {
        const QString path = QDir::tempPath() + QStringLiteral("/sightings-%1.csv").arg(QLatin1String(name));
        shots += {QString::fromLatin1(name), [&services, path, content](QWidget *parent) -> QWidget * {
                      QFile file(path);
                      if (file.open(QIODevice::WriteOnly)) {
                          file.write(content);
                          file.close();
                      }
                      auto *dialog = new ImportDialog(services, someDatabase(), someTable().relation.id, path, parent);
                      dialog->setTable(someTable());
                      return dialog;
                  }};
    };
    QByteArray good = "Id;Name;Kind;Seen at;Note\n";
    const char *const birds[]{"Grackle;NULL", "Blue Jay;Cyanocitta Cristata", "Common Starling;Sturnus Vulgaris"};
    for (int i = 1; i <= 120; ++i) {
        good += QByteArray::number(i) + ';' + birds[i % 3] + ";2026-11-20 07:31:04;" +
                (i % 4 == 1 ? "\"at the feeder, with two others, one of them ringed\"" : "") + '\n';
    }
    add("import", good);
    QByteArray bad = good;
    bad.replace("4;Blue Jay", "4;Blue;Jay");
    add("import-problem", bad);
    shots += {QStringLiteral("import-empty"), [&services](QWidget *parent) -> QWidget * {
                  auto *dialog = new ImportDialog(services, someDatabase(), someTable().relation.id, {}, parent);
                  dialog->setTable(someTable());
                  return dialog;
              }};
    shots += {QStringLiteral("export"), [&services](QWidget *parent) -> QWidget * {
                  TableQuery query;
                  query.table = someTable().relation.id;
                  for (const ColumnInfo &column : someTable().columns) {
                      RowColumn shown;
                      shown.name = column.name;
                      shown.shortType = column.type;
                      query.columns += shown;
                  }
                  return new ExportDialog(services, someDatabase(), query, 1'204'118, parent);
              }};
}

void addBirdAppShots(QList<Shot> &shots, Services &services)
{
    shots += {QStringLiteral("birdapp"), [&services](QWidget *parent) -> QWidget * {
                  auto *panel = new BirdAppPanel(services, QDir::tempPath() + QStringLiteral("/bird-app"),
                                                 someDatabase(), parent);
                  panel->resize(1100, 700);
                  panel->showAnswer({200,
                                     R"([{"id":1,"name":"Black-Capped Chickadee","species":"Poecile Atricapillus"},)"
                                     R"({"id":2,"name":"Grackle","species":"Quiscalus Quiscula"}])",
                                     12});
                  part<BirdAppLog>(panel, "logView")
                      ->append({QStringLiteral("[INFO] Starting gunicorn 20.1.0"),
                                QStringLiteral("[INFO] Listening at: http://127.0.0.1:8000"),
                                QStringLiteral("127.0.0.1 - \"GET /birds HTTP/1.1\" 200")});
                  return panel;
              }};
}

} // namespace

QList<Shot> dialogShots(Services &services)
{
    QList<Shot> shots;
    addConnectionShots(shots, services);
    addDatabaseShots(shots, services);
    addBackupShots(shots, services);
    addJobShots(shots, services);
    addRestoreEnds(shots, services);
    addMessageShots(shots);
    addFileShots(shots, services);
    addBirdAppShots(shots, services);
    return shots;
}

} // namespace Roost

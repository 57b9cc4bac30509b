<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AccountNodes</name>
    <message numerus="yes">
        <source>%n instance(s)</source>
        <translation>
            <numerusform>%n instance</numerusform>
            <numerusform>%n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::AccountPage</name>
    <message numerus="yes">
        <source>%n instance(s)</source>
        <translation>
            <numerusform>%n instance</numerusform>
            <numerusform>%n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::AddAccountDialog</name>
    <message numerus="yes">
        <source>%n instance(s)</source>
        <translation>
            <numerusform>%n instance</numerusform>
            <numerusform>%n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::InstanceAccountCard</name>
    <message numerus="yes">
        <source>%n range(s) of addresses may connect</source>
        <translation>
            <numerusform>%n range of addresses may connect</numerusform>
            <numerusform>%n ranges of addresses may connect</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ApplyChanges</name>
    <message numerus="yes">
        <source>Nothing was changed: %n row(s) of %1 have the key %2, so it does not name one.</source>
        <translation>
            <numerusform>Nothing was changed: %n row of %1 has the key %2, so it does not name one.</numerusform>
            <numerusform>Nothing was changed: %n rows of %1 have the key %2, so it does not name one.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectionDoctor</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::ArchiveRowsView</name>
    <message numerus="yes">
        <source>All %Ln row(s)</source>
        <translation>
            <numerusform>All %Ln row</numerusform>
            <numerusform>All %Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s), %1</source>
        <translation>
            <numerusform>%n row, %1</numerusform>
            <numerusform>%n rows, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::ClockNotices</name>
    <message numerus="yes">
        <source>%Ln day(s)</source>
        <translation>
            <numerusform>%Ln day</numerusform>
            <numerusform>%Ln days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s)</source>
        <translation>
            <numerusform>%Ln hour</numerusform>
            <numerusform>%Ln hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s)</source>
        <translation>
            <numerusform>%Ln minute</numerusform>
            <numerusform>%Ln minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::BackupDetail</name>
    <message numerus="yes">
        <source>%n table(s), %1</source>
        <translation>
            <numerusform>%n table, %1</numerusform>
            <numerusform>%n tables, %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n table(s), %1 rows, %2</source>
        <translation>
            <numerusform>%n table, %1 rows, %2</numerusform>
            <numerusform>%n tables, %1 rows, %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BackupJobs</name>
    <message numerus="yes">
        <source>%1 is filled: %n table(s).</source>
        <translation>
            <numerusform>%1 is filled: %n table.</numerusform>
            <numerusform>%1 is filled: %n tables.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 has its structure back, without rows: %n table(s).</source>
        <translation>
            <numerusform>%1 has its structure back, without rows: %n table.</numerusform>
            <numerusform>%1 has its structure back, without rows: %n tables.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n table(s) are restored into %1.</source>
        <translation>
            <numerusform>%n table is restored into %1.</numerusform>
            <numerusform>%n tables are restored into %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::BackupsPage</name>
    <message numerus="yes">
        <source>%n backup(s), %1</source>
        <translation>
            <numerusform>%n backup, %1</numerusform>
            <numerusform>%n backups, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::BirdAppPanel</name>
    <message numerus="yes">
        <source>%n bird(s)</source>
        <translation>
            <numerusform>%n bird</numerusform>
            <numerusform>%n birds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::CellFacts</name>
    <message numerus="yes">
        <source>at most %n character(s)</source>
        <translation>
            <numerusform>at most %n character</numerusform>
            <numerusform>at most %n characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CliText</name>
    <message numerus="yes">
        <source>%Ln database(s) could not be backed up; the others are.</source>
        <translation>
            <numerusform>%Ln database could not be backed up; the others are.</numerusform>
            <numerusform>%Ln databases could not be backed up; the others are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>They are not equal: %Ln difference(s).</source>
        <translation>
            <numerusform>They are not equal: %Ln difference.</numerusform>
            <numerusform>They are not equal: %Ln differences.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) written to</source>
        <translation>
            <numerusform>%n row written to</numerusform>
            <numerusform>%n rows written to</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln database(s) have no proven backup</source>
        <translation>
            <numerusform>%Ln database has no proven backup</numerusform>
            <numerusform>%Ln databases have no proven backup</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Since this backup was taken (%1) the database has changed: %Ln difference(s).</source>
        <translation>
            <numerusform>Since this backup was taken (%1) the database has changed: %Ln difference.</numerusform>
            <numerusform>Since this backup was taken (%1) the database has changed: %Ln differences.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln second(s)</source>
        <translation>
            <numerusform>%Ln second</numerusform>
            <numerusform>%Ln seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s)</source>
        <translation>
            <numerusform>%Ln minute</numerusform>
            <numerusform>%Ln minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::ComparePage</name>
    <message numerus="yes">
        <source>%Ln table(s) differ</source>
        <translation>
            <numerusform>%Ln table differs</numerusform>
            <numerusform>%Ln tables differ</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectionActions</name>
    <message numerus="yes">
        <source>Copied the %1 of %2. It is taken off the clipboard in %n seconds.</source>
        <translation>
            <numerusform>Copied the %1 of %2. It is taken off the clipboard in %n second.</numerusform>
            <numerusform>Copied the %1 of %2. It is taken off the clipboard in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DatabaseFacts</name>
    <message numerus="yes">
        <source>%n table(s)</source>
        <translation>
            <numerusform>%n table</numerusform>
            <numerusform>%n tables</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportJobs</name>
    <message numerus="yes">
        <source>%n row(s), %1</source>
        <translation>
            <numerusform>%n row, %1</numerusform>
            <numerusform>%n rows, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::ImportDialog</name>
    <message numerus="yes">
        <source>&amp;Import %Ln row(s)</source>
        <translation>
            <numerusform>&amp;Import %Ln row</numerusform>
            <numerusform>&amp;Import %Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Import about %Ln row(s)</source>
        <translation>
            <numerusform>&amp;Import about %Ln row</numerusform>
            <numerusform>&amp;Import about %Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) read: every value fits its column</source>
        <translation>
            <numerusform>%Ln row read: every value fits its column</numerusform>
            <numerusform>%Ln rows read: every value fits its column</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportJobs</name>
    <message numerus="yes">
        <source>%Ln row(s) imported: %1 new, %2 updated, %3 skipped</source>
        <translation>
            <numerusform>%Ln row imported: %1 new, %2 updated, %3 skipped</numerusform>
            <numerusform>%Ln rows imported: %1 new, %2 updated, %3 skipped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>InstanceBackupJob</name>
    <message numerus="yes">
        <source>%n database(s) backed up and read back: %1.</source>
        <translation>
            <numerusform>%n database backed up and read back: %1.</numerusform>
            <numerusform>%n databases backed up and read back: %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed, see below.</source>
        <translation>
            <numerusform>%n failed, see below.</numerusform>
            <numerusform>%n failed, see below.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Back up %n database(s)</source>
        <translation>
            <numerusform>Back up %n database</numerusform>
            <numerusform>Back up %n databases</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::JsonTreeModel</name>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n element(s)</source>
        <translation>
            <numerusform>%n element</numerusform>
            <numerusform>%n elements</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::LinkChooser</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::ListPage</name>
    <message numerus="yes">
        <source>%n element(s)</source>
        <translation>
            <numerusform>%n element</numerusform>
            <numerusform>%n elements</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ManifestCompare</name>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::ObjectChoice</name>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlainText</name>
    <message numerus="yes">
        <source>%Ln minute(s) ago</source>
        <translation>
            <numerusform>%Ln minute ago</numerusform>
            <numerusform>%Ln minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) ago</source>
        <translation>
            <numerusform>%Ln hour ago</numerusform>
            <numerusform>%Ln hours ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) ago</source>
        <translation>
            <numerusform>%Ln day ago</numerusform>
            <numerusform>%Ln days ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProcessRunner</name>
    <message numerus="yes">
        <source>“%1” did not end within %n second(s) and was stopped.</source>
        <translation>
            <numerusform>“%1” did not end within %n second and was stopped.</numerusform>
            <numerusform>“%1” did not end within %n seconds and was stopped.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Reset</name>
    <message numerus="yes">
        <source>%n session(s) are connected to “%1”: %2. Nothing was changed. Close them, or choose to end them, and start again.</source>
        <translation>
            <numerusform>%n session is connected to “%1”: %2. Nothing was changed. Close it, or choose to end it, and start again.</numerusform>
            <numerusform>%n sessions are connected to “%1”: %2. Nothing was changed. Close them, or choose to end them, and start again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::RestoreDialog</name>
    <message numerus="yes">
        <source>%n table(s) with data: %1</source>
        <translation>
            <numerusform>%n table with data: %1</numerusform>
            <numerusform>%n tables with data: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RestoreTarget</name>
    <message numerus="yes">
        <source>%n session(s) are connected to “%1” (the first: %2), so it cannot be replaced. Nothing was changed. Close them, or choose to end them, and start again.</source>
        <translation>
            <numerusform>%n session is connected to “%1” (%2), so it cannot be replaced. Nothing was changed. Close it, or choose to end it, and start again.</numerusform>
            <numerusform>%n sessions are connected to “%1” (the first: %2), so it cannot be replaced. Nothing was changed. Close them, or choose to end them, and start again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RowSummary</name>
    <message numerus="yes">
        <source>%Ln row(s) more</source>
        <translation>
            <numerusform>%Ln row more</numerusform>
            <numerusform>%Ln rows more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) missing</source>
        <translation>
            <numerusform>%Ln row missing</numerusform>
            <numerusform>%Ln rows missing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) changed</source>
        <translation>
            <numerusform>%Ln row changed</numerusform>
            <numerusform>%Ln rows changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s)</source>
        <translation>
            <numerusform>%1 row</numerusform>
            <numerusform>%1 rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other difference(s)</source>
        <translation>
            <numerusform>%Ln other difference</numerusform>
            <numerusform>%Ln other differences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more table(s)</source>
        <translation>
            <numerusform>%Ln more table</numerusform>
            <numerusform>%Ln more tables</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::SessionList</name>
    <message numerus="yes">
        <source>%n session(s) of others are in the way:</source>
        <translation>
            <numerusform>%n session of others is in the way:</numerusform>
            <numerusform>%n sessions of others are in the way:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;End %n session(s)</source>
        <translation>
            <numerusform>&amp;End %n session</numerusform>
            <numerusform>&amp;End %n sessions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TableImport</name>
    <message numerus="yes">
        <source>%n field(s)</source>
        <translation>
            <numerusform>%n field</numerusform>
            <numerusform>%n fields</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::VerdictDialog</name>
    <message numerus="yes">
        <source>Not proven: %n difference(s).</source>
        <translation>
            <numerusform>Not proven: %n difference.</numerusform>
            <numerusform>Not proven: %n differences.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WatchedTool</name>
    <message numerus="yes">
        <source>Nothing has moved for %n minute(s).</source>
        <translation>
            <numerusform>Nothing has moved for %n minute.</numerusform>
            <numerusform>Nothing has moved for %n minutes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 was ended, because nothing had moved for %n minute(s): the connection is alive, but the server sends and takes nothing.</source>
        <translation>
            <numerusform>%1 was ended, because nothing had moved for %n minute: the connection is alive, but the server sends and takes nothing.</numerusform>
            <numerusform>%1 was ended, because nothing had moved for %n minutes: the connection is alive, but the server sends and takes nothing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeployCheck</name>
    <message numerus="yes">
        <source>%n commit(s) are not pushed</source>
        <translation>
            <numerusform>%n commit is not pushed</numerusform>
            <numerusform>%n commits are not pushed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are not committed</source>
        <translation>
            <numerusform>%n file is not committed</numerusform>
            <numerusform>%n files are not committed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n package(s), gunicorn and a driver for PostgreSQL among them.</source>
        <translation>
            <numerusform>%n package, gunicorn and a driver for PostgreSQL among them.</numerusform>
            <numerusform>%n packages, gunicorn and a driver for PostgreSQL among them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) look secret</source>
        <translation>
            <numerusform>%n place looks secret</numerusform>
            <numerusform>%n places look secret</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The remote is %n commit(s) ahead</source>
        <translation>
            <numerusform>The remote is %n commit ahead</numerusform>
            <numerusform>The remote is %n commits ahead</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::ServicesPage</name>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MigrationRules</name>
    <message numerus="yes">
        <source>%n day(s) left until %1 stops working.</source>
        <translation>
            <numerusform>%n day left until %1 stops working.</numerusform>
            <numerusform>%n days left until %1 stops working.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 has %n read replica(s), which do not move. Make new ones afterwards.</source>
        <translation>
            <numerusform>%1 has a read replica, which does not move. Make a new one afterwards.</numerusform>
            <numerusform>%1 has %n read replicas, which do not move. Make new ones afterwards.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MigrationBackups</name>
    <message numerus="yes">
        <source>%n database(s), %1</source>
        <translation>
            <numerusform>%n database, %1</numerusform>
            <numerusform>%n databases, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MigrationCompareLive</name>
    <message numerus="yes">
        <source>Written since: %n fresh backup(s), proven; now equal</source>
        <translation>
            <numerusform>Written since: %n fresh backup, proven; now equal</numerusform>
            <numerusform>Written since: %n fresh backups, proven; now equal</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MigrationProofs</name>
    <message numerus="yes">
        <source>%n database(s) restored into a scratch copy and found equal</source>
        <translation>
            <numerusform>%n database restored into a scratch copy and found equal</numerusform>
            <numerusform>%n databases restored into a scratch copy and found equal</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MigrationReport</name>
    <message numerus="yes">
        <source>%n database(s)</source>
        <translation>
            <numerusform>%n database</numerusform>
            <numerusform>%n databases</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more table(s)</source>
        <translation>
            <numerusform>%n more table</numerusform>
            <numerusform>%n more tables</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n sequence(s)</source>
        <translation>
            <numerusform>%n sequence</numerusform>
            <numerusform>%n sequences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other object(s)</source>
        <translation>
            <numerusform>%n other object</numerusform>
            <numerusform>%n other objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>/birds as before: %n row(s)</source>
        <translation>
            <numerusform>/birds as before: %n row</numerusform>
            <numerusform>/birds as before: %n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MigrationVariables</name>
    <message numerus="yes">
        <source>%n variable(s) of %1</source>
        <translation>
            <numerusform>%n variable of %1</numerusform>
            <numerusform>%n variables of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::MigrationStepsModel</name>
    <message numerus="yes">
        <source>%n database(s)</source>
        <translation>
            <numerusform>%n database</numerusform>
            <numerusform>%n databases</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::GatePane</name>
</context>
<context>
    <name>Roost::AskPane</name>
    <message numerus="yes">
        <source>Copied %1. It is taken off the clipboard in %n second(s).</source>
        <translation>
            <numerusform>Copied %1. It is taken off the clipboard in %n second.</numerusform>
            <numerusform>Copied %1. It is taken off the clipboard in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Roost::PlanPane</name>
    <message numerus="yes">
        <source>%n thing(s) in the way</source>
        <translation>
            <numerusform>%n thing is in the way</numerusform>
            <numerusform>%n things are in the way</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n database(s) move</source>
        <translation>
            <numerusform>%n database moves</numerusform>
            <numerusform>%n databases move</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It cannot begin yet: %n thing(s) in the way, see above.</source>
        <translation>
            <numerusform>It cannot begin yet: %n thing is in the way, see above.</numerusform>
            <numerusform>It cannot begin yet: %n things are in the way, see above.</numerusform>
        </translation>
    </message>
</context>
</TS>

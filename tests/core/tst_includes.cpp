#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

/// The arrows of the design: a folder may include itself and these.
const QMap<QString, QStringList> allowed{
    {"core", {}},
    {"postgres", {"core"}},
    {"process", {"core"}},
    {"render", {"core"}},
    {"storage", {"core"}},
    {"operations", {"core", "postgres", "process", "render", "storage"}},
    {"jobs", {"core"}},
    {"practice", {"core", "postgres", "process", "render", "storage", "operations", "jobs"}},
    {"models", {"core", "postgres", "process", "render", "storage", "operations", "jobs"}},
    {"gui", {"core", "postgres", "process", "render", "storage", "operations", "jobs", "practice", "models"}},
    {"app", {"core", "postgres", "process", "render", "storage", "operations", "jobs", "practice", "models", "gui"}},
    {"cli", {"core", "postgres", "process", "render", "storage", "operations", "jobs", "practice"}},
};

/// Qt's headers that draw or show: only for the faces.
const QRegularExpression widgetHeader("<Q(Widget|Dialog|Application|MainWindow|Label|PushButton|TreeView|TableView|"
                                      "Layout|.*Layout|MessageBox|Painter|Pixmap|"
                                      "Icon|Color|Palette|Clipboard|GuiApplication)>");
const QSet<QString> faces{"gui", "app"};

struct Include
{
    QString file;
    QString folder;
    QString line;
};

QList<Include> includeLines(const QString &root)
{
    QList<Include> found;
    const QRegularExpression include("^\\s*#\\s*include\\s+([\"<][^\">]+[\">])");
    QDirIterator files(root, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        const QString relative = QDir(root).relativeFilePath(path);
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            continue;
        }
        const QStringList lines = QString::fromUtf8(file.readAll()).split('\n');
        for (const QString &line : lines) {
            const auto match = include.match(line);
            if (match.hasMatch()) {
                found += {relative, relative.section('/', 0, 0), match.captured(1)};
            }
        }
    }
    return found;
}

QString violation(const Include &include)
{
    if (!allowed.contains(include.folder)) {
        return "the folder is not in the design's table";
    }
    if (include.line.startsWith('<')) {
        return !faces.contains(include.folder) && widgetHeader.match(include.line).hasMatch() ? "draws outside the face"
                                                                                              : QString();
    }
    const QString target = include.line.mid(1).section('/', 0, 0);
    if (!allowed.contains(target) || target == include.folder || allowed[include.folder].contains(target)) {
        return {};
    }
    return "an arrow that the design does not have";
}

} // namespace

class TestIncludes : public QObject
{
    Q_OBJECT

private slots:
    void arrowsPointDownwards()
    {
        const auto includes = includeLines(ROOST_SOURCE_DIR);
        QVERIFY2(includes.size() > 100, "the sources were not found");
        QStringList wrong;
        for (const Include &include : includes) {
            const QString why = violation(include);
            if (!why.isEmpty()) {
                wrong += include.file + " includes " + include.line + ": " + why;
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable("\n" + wrong.join('\n')));
    }

    void checkSeesAWrongArrow()
    {
        QVERIFY(!violation({"core/a.h", "core", "\"postgres/b.h\""}).isEmpty());
        QVERIFY(!violation({"operations/a.h", "operations", "<QWidget>"}).isEmpty());
        QVERIFY(!violation({"helpers/a.h", "helpers", "\"core/b.h\""}).isEmpty());
        QVERIFY(violation({"gui/a.h", "gui", "\"core/b.h\""}).isEmpty());
        QVERIFY(violation({"gui/a.h", "gui", "<QWidget>"}).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestIncludes)
#include "tst_includes.moc"

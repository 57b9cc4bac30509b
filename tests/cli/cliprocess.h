#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <csignal>

namespace Roost::Testing {

/// How a call of roost-cli ended.
struct CliOutcome
{
    int exitCode = -1; ///< -1: it did not end by itself in time
    QByteArray output;
    QByteArray errors;

    QJsonArray json() const { return QJsonDocument::fromJson(output).array(); }
    /// For QVERIFY2.
    QByteArray told() const
    {
        return "exit code " + QByteArray::number(exitCode) + "\n--- output\n" + output.left(2000) + "\n--- errors\n" +
               errors;
    }
};

/// The roost-cli that was built, with everything that Roost keeps in a folder of this object.
class CliProcess
{
public:
    QString home() const { return m_folder.path(); }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    void setVariable(const QString &name, const QString &value) { m_environment.insert(name, value); }

    /// Starts it and gives it `input` to the end.
    std::unique_ptr<QProcess> start(const QStringList &arguments, const QByteArray &input = {}) const
    {
        auto process = std::make_unique<QProcess>();
        QProcessEnvironment environment = m_environment;
        environment.insert(QStringLiteral("ROOST_HOME"), home());
        process->setProcessEnvironment(environment);
        process->start(QStringLiteral(ROOST_CLI), arguments);
        process->write(input);
        process->closeWriteChannel();
        return process;
    }
    static CliOutcome finish(QProcess &process, int timeoutMs = 60'000)
    {
        CliOutcome outcome;
        if (process.waitForFinished(timeoutMs) && process.exitStatus() == QProcess::NormalExit) {
            outcome.exitCode = process.exitCode();
        }
        outcome.output = process.readAllStandardOutput();
        outcome.errors = process.readAllStandardError();
        return outcome;
    }
    CliOutcome run(const QStringList &arguments, const QByteArray &input = {}) const
    {
        return finish(*start(arguments, input));
    }
    static void send(const QProcess &process, int signal) { ::kill(pid_t(process.processId()), signal); }

private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};

} // namespace Roost::Testing

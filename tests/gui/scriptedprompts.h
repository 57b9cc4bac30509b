#pragma once

#include "gui/prompts.h"

#include <QList>

namespace Roost::Testing {

/// Answers every question with what the test prepared, and remembers what was asked.
class ScriptedPrompts : public Prompts
{
public:
    using Prompts::Prompts;

    bool answer = true;
    Choice choice = Choice::Cancel;
    QString path;
    QList<Question> asked;
    QList<Error> errors;

    void ask(QWidget *, const Question &question, Answer done) override
    {
        asked += question;
        done(answer);
    }
    void choose(QWidget *, const Question &question, Chose done) override
    {
        asked += question;
        done(choice);
    }
    void openFile(QWidget *, const QString &, const QString &, const QString &, Chosen chosen) override
    {
        chosen(path);
    }
    void saveFile(QWidget *, const QString &, const QString &, const QString &, Chosen chosen) override
    {
        chosen(path);
    }
    void chooseFolder(QWidget *, const QString &, const QString &, Chosen chosen) override { chosen(path); }
    void showError(QWidget *, const QString &, const Error &error) override { errors += error; }
};

} // namespace Roost::Testing

#pragma once

#include "core/error.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace Roost {

/// Every question that needs the user, so that tests can answer them. Nothing here blocks: the answer comes by a call,
/// not when `parent` is gone by then. Lives in the GUI thread.
class Prompts : public QObject
{
    Q_OBJECT

public:
    struct Question
    {
        QString title;
        QString text;
        QString detail; ///< unfolded on request
        QString accept; ///< the verb and object: "Drop bird_app_db"
        bool isDestructive = false;
        QString mustType; ///< not empty: accept is enabled once this is typed
        QString other = {}; ///< a second thing that can be done instead: only for choose()
    };
    using Answer = std::function<void(bool accepted)>;
    enum class Choice { Cancel, Accept, Other };
    using Chose = std::function<void(Choice choice)>;
    using Chosen = std::function<void(const QString &path)>; ///< not called when the user cancels

    explicit Prompts(QObject *parent = nullptr);

    virtual void ask(QWidget *parent, const Question &question, Answer answer);
    /// As ask(), with Question::other as a third answer.
    virtual void choose(QWidget *parent, const Question &question, Chose chose);
    virtual void openFile(QWidget *parent, const QString &title, const QString &folder, const QString &filter,
                          Chosen chosen);
    virtual void saveFile(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter,
                          Chosen chosen);
    virtual void chooseFolder(QWidget *parent, const QString &title, const QString &folder, Chosen chosen);
    /// What happened, why, what to do; the raw detail to unfold and copy. Nothing for Cancelled.
    virtual void showError(QWidget *parent, const QString &title, const Error &error);
};

} // namespace Roost

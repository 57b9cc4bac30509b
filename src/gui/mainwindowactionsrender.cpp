// The part of MainWindowActions about accounts at Render and their instances.
#include "gui/mainwindowactions.h"

#include <QMenu>

namespace Roost {

void MainWindowActions::makeRender()
{
    addAccount = make("actionAddAccount", tr("Add acc&ount…"), tr("Give Roost an API key of Render's"),
                      QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), "list-add");
    practiceAccount = make("actionPracticeAccount", tr("Pract&ice account"),
                           tr("A stand-in for Render on this computer: no key, no card, nothing that can be lost"), {},
                           "media-playback-start");
    openAccount = make("actionOpenAccount", tr("&Account overview"), tr("Instances and services of the account"),
                       QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), "internet-services");
    services =
        make("actionServices", tr("Ser&vices"), tr("The services of the account, and to which database each leads"),
             QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_S), "network-connect");
    deployApp =
        make("actionDeployApp", tr("De&ploy the bird app…"), tr("A check list for your folder, and a new web service"));
    moveInstance = make("actionMoveInstance", tr("Mo&ve to a new instance…"),
                        tr("Off an instance that ends, with everything in it and nothing lost"),
                        QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_M), "go-next");
    unfinishedMoves = new QMenu(tr("Unfinished &moves"), m_window);
    unfinishedMoves->setObjectName(QStringLiteral("menuUnfinishedMoves"));
    unfinishedMoves->setToolTipsVisible(true);
    createInstance = make("actionCreateInstance", tr("&Create an instance…"), tr("A new PostgreSQL instance at Render"),
                          QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I), "list-add");
    allowList = make("actionAllowList", tr("&Who may connect…"),
                     tr("The addresses outside Render from which the instance can be reached"));
    fetchConnection = make("actionFetchConnection", tr("&Take the connection from Render"),
                           tr("Address and password as Render has them now"));
    openDashboard = make("actionOpenDashboard", tr("Open in the &dashboard"),
                         tr("Render's own page of the instance, in your browser"));
    suspendInstance = make("actionSuspendInstance", tr("&Suspend…"), tr("Switch the instance off; its data stays"));
    resumeInstance = make("actionResumeInstance", tr("&Resume"), tr("Switch the instance on again"));
    deleteInstance = make("actionDeleteInstance", tr("De&lete instance…"),
                          tr("Delete the instance at Render with everything in it"), {}, "edit-delete");
    removeAccount = make("actionRemoveAccount", tr("Re&move account…"),
                         tr("Forget the account and its key; at Render nothing changes"), {}, "edit-delete");
}

void MainWindowActions::fillRenderMenu(QMenu *menu)
{
    menu->addActions({addAccount, practiceAccount, openAccount, services, deployApp});
    menu->addSeparator();
    menu->addActions({createInstance, allowList, fetchConnection, openDashboard});
    menu->addSeparator();
    menu->addAction(moveInstance);
    menu->addMenu(unfinishedMoves);
    menu->addSeparator();
    menu->addActions({suspendInstance, resumeInstance});
    menu->addSeparator();
    menu->addActions({deleteInstance, removeAccount});
}

} // namespace Roost

#pragma once

#include "operations/migrationplan.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// One step of a plan in words, as the recipe and the wizard tell it.
struct RecipeStep
{
    MigrationStep step = MigrationStep::Report;
    QString name;
    QString does;       ///< translated
    QString cannotUndo; ///< translated; empty: nothing of it is for good
    int seconds = 0;    ///< about
};

/// What will be done, step by step. Pure.
[[nodiscard]] QList<RecipeStep> recipeOf(const MigrationPlan &plan);
/// What users of the app will see meanwhile, in a sentence or two; translated.
[[nodiscard]] QString downtimeInWords(const MigrationPlan &plan);

} // namespace Roost

#pragma once

class QCoreApplication;

namespace Roost {

/// Loads the texts for the user's language, Qt's own included; for English, the plural forms of the source texts. Once,
/// in main(), before the first text.
void installTranslations(QCoreApplication &application);

} // namespace Roost

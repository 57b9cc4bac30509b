#pragma once

#include <QByteArray>

/// Bodies as Render's API writes them, with invented ids; members in the recorded order, a newline at the end.
namespace Roost::Testing::Example {

extern const QByteArray owners;
extern const QByteArray instance;
extern const QByteArray instanceDraft; ///< what createInstance() sends
extern const QByteArray fullInstance;  ///< paid, with everything optional, words and members that no schema has
extern const QByteArray connectionInfo;
extern const QByteArray service;
extern const QByteArray serviceDraft; ///< likewise
extern const QByteArray staticSite;
extern const QByteArray group;
extern const QByteArray groupList; ///< without values, as lists are
extern const QByteArray deploy;
extern const QByteArray imageDeploy; ///< of no commit
extern const QByteArray sizes;
extern const QByteArray processes;
extern const QByteArray credentials;
extern const QByteArray exports;
extern const QByteArray metric;

} // namespace Roost::Testing::Example

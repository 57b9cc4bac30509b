#include "practice/scramverifier.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QPasswordDigestor>
#include <QRandomGenerator>

namespace Roost {

QByteArray scramVerifier(const Secret &password)
{
    constexpr auto sha256 = QCryptographicHash::Sha256;
    constexpr int iterations = 4096; // PostgreSQL's own
    constexpr int digestLength = 32;
    QByteArray salt(16, Qt::Uninitialized);
    for (char &byte : salt) {
        byte = char(QRandomGenerator::system()->bounded(256));
    }
    const QByteArray salted =
        QPasswordDigestor::deriveKeyPbkdf2(sha256, password.revealUtf8(), salt, iterations, digestLength);
    const QByteArray clientKey = QMessageAuthenticationCode::hash("Client Key", salted, sha256);
    const QByteArray serverKey = QMessageAuthenticationCode::hash("Server Key", salted, sha256);
    return "SCRAM-SHA-256$" + QByteArray::number(iterations) + ':' + salt.toBase64() + '$' +
           QCryptographicHash::hash(clientKey, sha256).toBase64() + ':' + serverKey.toBase64();
}

} // namespace Roost

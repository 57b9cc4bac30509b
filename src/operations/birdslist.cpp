#include "operations/birdslist.h"

#include "operations/sha256.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Roost {

BirdsList birdsListOf(const QByteArray &body)
{
    BirdsList list;
    Sha256 sum;
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isArray()) {
        sum.add(body);
        list.sha256 = QString::fromLatin1(sum.result());
        return list;
    }
    QList<QByteArray> birds;
    const QJsonArray array = document.array();
    for (const QJsonValue bird : array) {
        birds += QJsonDocument(QJsonArray{bird}).toJson(QJsonDocument::Compact); // fields in the order of their names
    }
    std::sort(birds.begin(), birds.end());
    for (const QByteArray &bird : std::as_const(birds)) {
        sum.add(bird);
    }
    list.count = int(birds.size());
    list.sha256 = QString::fromLatin1(sum.result());
    return list;
}

} // namespace Roost

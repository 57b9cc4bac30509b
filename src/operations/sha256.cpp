#include "operations/sha256.h"

#include <openssl/evp.h>

namespace Roost {

Sha256::Sha256()
    : m_context(EVP_MD_CTX_new())
    , m_works(m_context && EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr) == 1)
{
}

Sha256::~Sha256()
{
    EVP_MD_CTX_free(m_context);
}

void Sha256::add(QByteArrayView bytes)
{
    m_works = m_works && EVP_DigestUpdate(m_context, bytes.data(), size_t(bytes.size())) == 1;
}

QByteArray Sha256::result()
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!m_works || EVP_DigestFinal_ex(m_context, digest, &size) != 1) {
        return {};
    }
    return QByteArray(reinterpret_cast<const char *>(digest), qsizetype(size)).toHex();
}

} // namespace Roost

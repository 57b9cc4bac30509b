#pragma once

#include <QByteArray>

struct evp_md_ctx_st;

namespace Roost {

/// SHA-256 of what is added, by libcrypto: it uses the processor's own instructions, and takes a sixth of the time that
/// QCryptographicHash takes, which is seconds for a big dump.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;

    void add(QByteArrayView bytes);
    /// In hexadecimal; once, at the end. Empty when libcrypto refused to work.
    [[nodiscard]] QByteArray result();

private:
    evp_md_ctx_st *m_context;
    bool m_works;
};

} // namespace Roost

// Digests from OpenSSL's libcrypto, which is opened by the first call that needs it.
// SPDX-License-Identifier: MIT
#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <stddef.h>

enum { CCRYPTO_DIGEST_SIZE = 32 };

/// Opens libcrypto. Returns 0, or -1 with a sentence in `error`. Safe from every thread, like all of these.
int ccrypto_open(char *error, size_t error_size);

/// SHA-256 of `data`. Returns 0, or -1 when libcrypto cannot be used.
int ccrypto_sha256(const void *data, size_t size, unsigned char digest[CCRYPTO_DIGEST_SIZE]);

/// HMAC-SHA-256 of `data`. Returns 0, or -1 when libcrypto cannot be used.
int ccrypto_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
                        unsigned char digest[CCRYPTO_DIGEST_SIZE]);

/// Compares in a time that does not depend on the bytes: 0 when they are equal, 1 when not, -1 without libcrypto.
int ccrypto_compare(const void *left, const void *right, size_t size);

/// Bytes from the kernel that nobody can guess. Returns 0, or -1 with errno set.
int ccrypto_random(void *bytes, size_t size);

#endif

// Opens libcrypto and looks up its functions; linking it would load it into every server that lists its tools.
// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "ccrypto.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

// Opaque pointers stand for OpenSSL's types, so its headers are not needed.
static struct {
    const void *(*EVP_sha256)(void);
    int (*EVP_Digest)(const void *data, size_t size, unsigned char *digest, unsigned int *length, const void *kind,
                      void *engine);
    unsigned char *(*HMAC)(const void *kind, const void *key, int key_size, const unsigned char *data, size_t size,
                           unsigned char *digest, unsigned int *length);
    int (*CRYPTO_memcmp)(const void *left, const void *right, size_t size);
} library;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_open;

/// The member is written as bytes: ISO C has no conversion between object and function pointers.
static int find(void *handle, const char *name, void *member) {
    void *symbol = dlsym(handle, name);
    if (!symbol) return -1;
    memcpy(member, &symbol, sizeof symbol);
    return 0;
}

#define FOUND(name) (find(handle, #name, &library.name) == 0)

static int open_library(char *error, size_t error_size) {
    // The one that libcurl brings along, on every system of today.
    void *handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        snprintf(error, error_size, "%s", why ? why : "libcrypto.so.3 could not be opened");
        return -1;
    }
    if (FOUND(EVP_sha256) && FOUND(EVP_Digest) && FOUND(HMAC) && FOUND(CRYPTO_memcmp)) return 0;
    snprintf(error, error_size, "libcrypto.so.3 lacks a function");
    dlclose(handle);
    return -1;
}

int ccrypto_open(char *error, size_t error_size) {
    pthread_mutex_lock(&lock);
    if (!is_open && open_library(error, error_size) == 0) is_open = 1;
    int result = is_open ? 0 : -1;
    pthread_mutex_unlock(&lock);
    return result;
}

static int ready(void) {
    char ignored[1];
    return ccrypto_open(ignored, sizeof ignored);
}

int ccrypto_sha256(const void *data, size_t size, unsigned char digest[CCRYPTO_DIGEST_SIZE]) {
    unsigned int length = 0;
    if (ready() != 0) return -1;
    if (library.EVP_Digest(data, size, digest, &length, library.EVP_sha256(), NULL) != 1) return -1;
    return length == CCRYPTO_DIGEST_SIZE ? 0 : -1;
}

int ccrypto_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
                        unsigned char digest[CCRYPTO_DIGEST_SIZE]) {
    unsigned int length = 0;
    if (ready() != 0) return -1;
    if (!library.HMAC(library.EVP_sha256(), key, (int)key_size, data, size, digest, &length)) return -1;
    return length == CCRYPTO_DIGEST_SIZE ? 0 : -1;
}

int ccrypto_compare(const void *left, const void *right, size_t size) {
    if (ready() != 0) return -1;
    return library.CRYPTO_memcmp(left, right, size) == 0 ? 0 : 1;
}

int ccrypto_random(void *bytes, size_t size) {
    unsigned char *next = bytes;
    while (size > 0) {
        ssize_t count = getrandom(next, size, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return -1;
        next += count;
        size -= (size_t)count;
    }
    return 0;
}

// Opens libcurl and looks up its functions.
// SPDX-License-Identifier: MIT
#include "library.h"
#include "ccurl.h"
#include "csystem.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ccurl_library library;
static int is_open;

/// Looks `name` up in libcurl and in what it depends on. The member is written as bytes: ISO C has no conversion
/// between object and function pointers.
static int find(void *handle, const char *name, void *member) {
    void *symbol = dlsym(handle, name);
    if (!symbol) return -1;
    memcpy(member, &symbol, sizeof symbol);
    return 0;
}

#define CURL_FUNCTION(name) \
    if (find(handle, "curl_" #name, &library.name) != 0) { missing = "curl_" #name; break; }
#define OPENSSL_FUNCTION(name) (find(handle, #name, &library.name) == 0)

static int open_library(char *error, size_t error_size) {
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        snprintf(error, error_size, "%s", why ? why : "libcurl.so.4 could not be opened");
        return -1;
    }
    const char *missing = NULL;
    do {
        CURL_FUNCTION(global_init)
        CURL_FUNCTION(version)
        CURL_FUNCTION(easy_init)
        CURL_FUNCTION(easy_cleanup)
        CURL_FUNCTION(easy_setopt)
        CURL_FUNCTION(easy_getinfo)
        CURL_FUNCTION(easy_strerror)
        CURL_FUNCTION(multi_init)
        CURL_FUNCTION(multi_cleanup)
        CURL_FUNCTION(multi_setopt)
        CURL_FUNCTION(multi_add_handle)
        CURL_FUNCTION(multi_remove_handle)
        CURL_FUNCTION(multi_socket_action)
        CURL_FUNCTION(multi_info_read)
        CURL_FUNCTION(slist_append)
        CURL_FUNCTION(slist_free_all)
    } while (0);
    if (missing) {
        snprintf(error, error_size, "libcurl.so.4 has no function %s", missing);
        dlclose(handle);
        return -1;
    }
    // Through libcurl's handle, so that these are the functions of the OpenSSL that libcurl itself uses.
    library.has_openssl = strstr(library.version(), "OpenSSL/") != NULL &&
                          OPENSSL_FUNCTION(SSL_CTX_set_cert_verify_callback) &&
                          OPENSSL_FUNCTION(X509_STORE_CTX_get0_cert) && OPENSSL_FUNCTION(X509_STORE_CTX_set_error) &&
                          OPENSSL_FUNCTION(X509_verify_cert) && OPENSSL_FUNCTION(X509_digest) &&
                          OPENSSL_FUNCTION(EVP_sha256);
    if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(error, error_size, "libcurl could not be initialised");
        return -1;
    }
    // Some twenty libraries came along, and most of what they touched at the start is never touched again.
    csystem_release_clean_pages();
    return 0;
}

const ccurl_library *ccurl_library_get(char *error, size_t error_size) {
    pthread_mutex_lock(&lock);
    if (!is_open && open_library(error, error_size) == 0) is_open = 1;
    pthread_mutex_unlock(&lock);
    return is_open ? &library : NULL;
}

const char *ccurl_version(void) {
    return is_open ? library.version() : NULL;
}
